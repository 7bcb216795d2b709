import { afterAll, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { outrank, scratch } from "../support/command-line.ts";

const place = scratch();
afterAll(() => place.remove());

describe("the command line, asked for what cannot be", () => {
  it.each([
    { args: ["fly"], says: 'There is no command "fly". There are: start, up, drop' },
    { args: ["up", "--prot", "1"], says: "Unknown option '--prot'. See: outrank up --help" },
    { args: ["start", "--data", "/no/such"], says: "There is no folder /no/such" },
  ])("$args ends with 2 and the remedy", async ({ args, says }) => {
    const state = args[0] === "start" ? ["--state", place.path] : [];

    const { code, stdout, stderr } = await outrank(...args, ...state);

    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining(says) });
  });
});

describe("the command line, unable to do it", () => {
  it("ends with 1 when the port is taken, and says what to do", async () => {
    const squatter = createServer().listen(0, "127.0.0.1");
    await once(squatter, "listening");
    const { port } = squatter.address() as AddressInfo;

    const { code, stdout, stderr } = await outrank("up", "--port", `${port}`, "--state", place.path);
    squatter.close();

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(`Port ${port} is in use: stop what listens there, or choose another with --port\n`);
  });

  it("ends with 1 when no cloud answers, and says how to start one", async () => {
    const { code, stderr } = await outrank("runs", "--endpoint", "http://127.0.0.1:9");

    expect(code).toBe(1);
    expect(stderr).toBe(
      "Nothing answers at http://127.0.0.1:9. Start the embedded cloud: npx outrank up (or npm start)\n",
    );
  });
});
