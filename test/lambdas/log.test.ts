/** What the functions write into their logs: which run, how it went, and nothing of anybody's data. */
import { describe, expect, it } from "@jest/globals";
import { logged } from "../../lambdas/lib/log.ts";
import { sourcesIn } from "../support/sources.ts";

const run = { id: "20261124T030000-1a2b3c4d", group: "shop" };

async function linesOf(event: unknown, handler: (event: unknown) => Promise<unknown>) {
  const written: string[] = [];
  const call = logged("judge-the-candidate", handler, (text) => void written.push(text));
  const outcome = await call(event, { awsRequestId: "request" }).catch((error: unknown) => error);
  return { outcome, written, lines: written.map((text) => JSON.parse(text) as unknown) };
}

describe("a function's log", () => {
  it("has one line of JSON for a call: state, group, run, how it went", async () => {
    const { written, lines, outcome } = await linesOf({ run, userIds: ["ann"] }, async () => ({ userId: "ann" }));

    expect(outcome).toEqual({ userId: "ann" });
    expect(lines).toEqual([
      {
        ...{ level: "INFO", message: "done", state: "judge-the-candidate", requestId: "request" },
        ...{ group: "shop", runId: run.id, execution: null },
      },
    ]);
    expect(written.map((text) => text.indexOf("\n"))).toEqual(written.map((text) => text.length - 1));
  });

  it("names an error and keeps its message to itself, which may quote data", async () => {
    const { written, lines, outcome } = await linesOf({ run }, async () => {
      throw new RangeError("user ann has 3 rows");
    });

    expect(outcome).toBeInstanceOf(RangeError);
    expect(lines).toMatchObject([{ level: "ERROR", message: "failed", error: "RangeError", runId: run.id }]);
    expect(written.join("")).not.toContain("ann");
  });

  it.each([
    { why: "planning answers the run", event: { input: {} }, answer: run, expected: { group: "shop", runId: run.id } },
    { why: "a campaign is tried for a group", event: { group: "shop" }, expected: { group: "shop", runId: null } },
    {
      why: "planning failed",
      event: { run: null, execution: { arn: "a" } },
      expected: { execution: "a", runId: null },
    },
    { why: "it is called with anything", event: "nonsense", expected: { group: null, runId: null, execution: null } },
  ])("says as much of the run as it knows: $why", async ({ event, answer, expected }) => {
    expect((await linesOf(event, async () => answer)).lines).toMatchObject([expected]);
  });
});

describe("every function", () => {
  const wires = sourcesIn(["lambdas"], [".ts"]).filter(({ path }) => path.endsWith("/wire.ts"));

  it.each(wires)("$path writes that log under its own name", ({ path, text }) => {
    expect(text).toMatch(new RegExp(`export const handler = logged\\(\\s*"${path.split("/")[1]}",`));
  });

  it("writes nothing else to a console", () => {
    const faults = sourcesIn(["lambdas"], [".ts"]).filter(({ text }) => /\bconsole\./.test(text));

    expect(faults.map(({ path }) => path)).toEqual([]);
  });
});
