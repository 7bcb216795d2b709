import { describe, expect, it } from "@jest/globals";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../support/sources.ts";
import { commands, dispatch } from "../../../local/cli/main.ts";

const folder = mkdtempSync(join(tmpdir(), "outrank-main-"));

async function ask(args: readonly string[]) {
  let [stdout, stderr] = ["", ""];
  const code = await dispatch(args, {
    out: (line) => (stdout += `${line}\n`),
    err: (line) => (stderr += `${line}\n`),
    ...{ tty: false, columns: 100, env: {}, cwd: folder, stop: new AbortController().signal },
  });
  return { code, stdout, stderr };
}

describe("the command line, asked for what cannot be", () => {
  it.each([
    { args: ["fly"], says: 'There is no command "fly". There are: start, up, drop' },
    { args: ["up", "--prot", "1"], says: "Unknown option '--prot'. See: outrank up --help" },
    { args: ["start", "--port", "99999"], says: '--port wants a whole number from 0 to 65535, got "99999"' },
    { args: ["up", "--time-scale", "0"], says: '--time-scale wants a number of at least 0.001, got "0"' },
    { args: ["up", "--config", "/no/such.json"], says: "/no/such.json: ENOENT" },
    { args: ["start", "--data", "/no/such"], says: "There is no folder /no/such" },
    { args: ["start", "--recipe", "magic"], says: '--recipe knows no "magic". Pick one of: ' },
    { args: ["start", "--recipe", "sims"], says: "no yardstick for it. Pick one of: " },
    { args: ["drop"], says: "outrank drop wants DIR besides its options, got none. See: outrank drop --help" },
    { args: ["drop", "/no/such"], says: "There is no folder /no/such" },
    { args: ["drop", "/dev/null"], says: "/dev/null is a file" },
    { args: ["drop", "."], says: `${folder} has no data: it needs interactions.csv` },
    { args: ["run", "--input", "{x"], says: "--input wants JSON, such as '{\"dryRun\": true}', got {x" },
    { args: ["recommend"], says: "Which user? Add --user ID" },
    { args: ["runs", "--endpoint", "here"], says: '--endpoint wants a URL such as http://127.0.0.1:4566, got "here"' },
    { args: ["config", "chek"], says: 'There is no command "config chek". There are: config check, config from-sol' },
    { args: ["config"], says: 'There is no command "config". There are: config check' },
    { args: ["config", "check", "a", "b"], says: "outrank config check wants [FILE] besides its options, got a b" },
    { args: ["config", "adopt", "x", "--region", "eu-west-1", "--endpoint", "http://y"], says: "give one of them" },
    { args: ["runs", "--outputs", "/no/such.json"], says: "/no/such.json cannot be used: ENOENT" },
    {
      args: ["runs", "--outputs", "x", "--endpoint", "http://y"],
      says: "--outputs means AWS and --endpoint the embedded",
    },
    { args: ["shop", "x", "--corrupt", "moths"], says: '--corrupt knows no "moths". It knows:' },
  ])("$args ends with 2 and the remedy", async ({ args, says }) => {
    const where = args[0] === "start" || args[0] === "up" ? ["--state", folder] : [];

    const { code, stdout, stderr } = await ask([...args, ...where]);

    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining(says) });
  });

  it.each(["start", "up", "drop", "run", "runs", "explain", "cost", "recommend", "shop", "prune", "cleanup"])(
    "tells the options of %s",
    async (name) => {
      const { code, stdout, stderr } = await ask([name, "--help"]);

      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(new RegExp(`^outrank ${name}.* \\[options\\]: .+\n\n(  .+\n)*  --help +show this\n$`));
    },
  );
});

describe("outrank without a command", () => {
  it("lists the commands and ends with 2", async () => {
    const { code, stdout } = await ask([]);

    expect(code).toBe(2);
    for (const [name, { summary }] of Object.entries(commands))
      expect(stdout).toMatch(new RegExp(`${name} +${summary}`));
  });
});

describe("a recipe that cannot be picked", () => {
  it("is refused before anything is made", async () => {
    const state = join(folder, "untouched");

    const { code } = await ask(["start", "--recipe", "similar-items", "--state", state]);

    expect({ code, made: existsSync(state) }).toEqual({ code: 2, made: false });
  });
});

describe("a schedule that only the deployment can refuse", () => {
  it("is told by its place in the stack, without a stack trace", async () => {
    const shipped = readFileSync(join(root, "outrank.json"), "utf8");
    const config = join(folder, "outrank.json");
    writeFileSync(config, shipped.replace("cron(0 3 ", "cron(0 99 ").replaceAll("examples/", `${root}/examples/`));

    const { code, stderr } = await ask(["up", "--port", "0", "--state", join(folder, "deployed"), "--config", config]);

    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^Outrank\/Group.*Schedule.*hours "99" is not between 0 and 23\n$/),
    });
  });
});

describe("a fault that the system explains", () => {
  it("is told without a stack", async () => {
    const { code, stderr } = await ask(["up", "--bare", "--port", "0", "--state", "/dev/null/state"]);

    expect({ code, stderr }).toEqual({ code: 1, stderr: "ENOTDIR: not a directory, mkdir '/dev/null/state'\n" });
  });
});
