/** What the README and the guides tell a person to type exists, and the packages are the ones that were decided on. */
import { describe, expect, it } from "@jest/globals";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "../../local/cli/command.ts";
import { commandIn, commands } from "../../local/cli/main.ts";
import { root, sourcesIn } from "../support/sources.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const packageFile = JSON.parse(read("package.json")) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

const pages = ["README.md", ...sourcesIn(["docs/guides"], [".md"]).map(({ path }) => path)];

/** Every command line of a page: lines of sh blocks and commands in running text, without comments and prompts. */
function commandsOf(page: string): string[] {
  const text = read(page);
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((match) => (match[1] ?? "").split("\n"));
  const inline = [...text.replace(/```[\s\S]*?```/g, "").matchAll(/`((?:npm|npx|aws) [^`]+)`/g)].map((m) => m[1] ?? "");
  return [...blocks, ...inline]
    .flatMap((line) => line.replace(/ {2,}#.*$/, "").split(/ && |; /))
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "npx outrank" && !line.startsWith("export "));
}

const typed = pages.flatMap((page) => commandsOf(page).map((line) => ({ page, line })));
const starting = (start: string) => typed.filter(({ line }) => line.startsWith(start));
const words = (line: string) => (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ""));

describe("a command that the documentation tells to type", () => {
  it("is of a kind that is run somewhere: npm, npx outrank, npx cdk, aws", () => {
    const others = typed.filter(({ line }) => !/^(npm|npx outrank|npx cdk|aws) /.test(line));

    expect({ others, some: typed.length > 20 }).toEqual({ others: [], some: true });
  });

  it.each(starting("npx outrank"))("$line ($page) is understood by the command line", ({ line }) => {
    const found = commandIn(words(line).slice(2));

    expect(found).toBeDefined();
    if (found && !found.rest.includes("--help")) {
      expect(() => parse(found.name, found.command, found.rest)).not.toThrow();
    }
  });

  it.each(starting("npm "))("$line ($page) is a script of package.json, with options that it has", ({ line }) => {
    const [, verb = "", ...rest] = words(line);
    const script = verb === "run" ? (rest[0] ?? "") : verb;
    const options = rest.includes("--") ? rest.slice(rest.indexOf("--") + 1) : [];

    expect(packageFile.scripts).toHaveProperty(script);
    const start = commands["start"];
    if (script === "start" && start) expect(() => parse("start", start, options)).not.toThrow();
  });

  it.each([
    { start: "npx cdk synth", test: "test/e2e/synth.test.ts", said: '"synth"' },
    { start: "npm start", test: "test/e2e/start.test.ts", said: '"start"' },
    { start: "npm test", test: ".ci/run", said: "npm test" },
    { start: "aws s3 cp", test: "test/e2e/clients.test.ts", said: '"s3", "cp"' },
    { start: "aws personalize list-campaigns", test: "test/e2e/clients.test.ts", said: '"list-campaigns"' },
  ])("$start is run by $test", ({ start, test, said }) => {
    expect({ isTold: starting(start).length > 0, isRun: read(test).includes(said) }).toEqual({
      isTold: true,
      isRun: true,
    });
  });

  it("needs an account for bootstrap and deploy only, of all that npx cdk can do, and the README says so", () => {
    const asked = new Set(starting("npx cdk").map(({ line }) => words(line)[2]));

    expect([...asked].sort()).toEqual(["bootstrap", "deploy", "destroy", "synth"]);
    expect(read("README.md")).toContain("Steps 2 and 3 need an account.");
  });
});

describe("the README", () => {
  it("names every fixed folder, and each is there", () => {
    const folders = ["pipeline", "lambdas", "state-machines", "infra", "local", "bench", "test", "docs"];

    for (const folder of folders) {
      expect(read("README.md")).toContain(`](${folder})`);
      expect(existsSync(join(root, folder))).toBe(true);
    }
  });
});

describe("the packages", () => {
  const decided = [...read("docs/decisions/0005-dependencies.md").matchAll(/^\| (`[^|]+`) +\|/gm)].flatMap((match) =>
    (match[1] ?? "").split(",").map((name) => name.trim().replaceAll("`", "")),
  );

  it("are those whose reason stands in decision 0005, no more and no fewer", () => {
    const { dependencies, devDependencies } = packageFile;

    expect(decided.sort()).toEqual([...Object.keys(dependencies), ...Object.keys(devDependencies)].sort());
  });

  it("are pinned to exact versions", () => {
    const { dependencies, devDependencies } = packageFile;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, at]) => !/^\d+\.\d+\.\d+$/.test(at),
    );

    expect(loose).toEqual([]);
  });
});
