/** `outrank cleanup` and `outrank prune` against a whole stack: what they show, ask, tell and end with. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { dispatch } from "../../local/cli/main.ts";
import { nothingLeft, resourcesLeft } from "../support/cleanup.ts";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
const port = createFaultPort();
beforeAll(async () => {
  stack = await startStack({ config: communitiesConfig(), fault: port.fault });
  await stack.drop({
    "club/interactions/interactions.csv": interactionsCsv({ users: 100 }),
    "club/items/items.csv": itemsCsv(),
  });
  await stack.rest();
}, 60_000);
afterAll(() => stack.close());

/** @param answer what the person types; nobody is there when it is absent */
async function outrank(args: readonly string[], answer?: string) {
  let [stdout, stderr, asked] = ["", "", ""];
  const code = await dispatch([...args, "--endpoint", stack.cloud.url], {
    out: (line) => void (stdout += `${line}\n`),
    err: (line) => void (stderr += `${line}\n`),
    ...{ tty: false, columns: 100, env: {}, cwd: "/", stop: new AbortController().signal },
    ...(answer === undefined ? {} : { ask: async (question: string) => ((asked = question), answer) }),
  });
  return { code, stdout, stderr, asked };
}

describe("outrank cleanup (failure row 32: costs go on after a test)", () => {
  type Ended = Awaited<ReturnType<typeof outrank>>;
  let ended: Readonly<Record<"dryRun" | "mistyped" | "confirmed" | "again" | "asJson" | "prune", Ended>>;
  let left: Readonly<Record<"afterMistyped" | "atEnd", Awaited<ReturnType<typeof resourcesLeft>>>>;
  beforeAll(async () => {
    const dryRun = await outrank(["cleanup", "club", "--dry-run"]);
    const prune = await outrank(["prune", "club", "--dry-run"]);
    const mistyped = await outrank(["cleanup", "club"], "clubs");
    const afterMistyped = await resourcesLeft(stack);
    const confirmed = await outrank(["cleanup", "club"], "club");
    left = { afterMistyped, atEnd: await resourcesLeft(stack) };
    const again = await outrank(["cleanup", "club"], "club");
    const asJson = await outrank(["cleanup", "club", "--json", "--yes"]);
    ended = { dryRun, prune, mistyped, confirmed, again, asJson };
  }, 60_000);

  it("shows in a dry run what would go, as a table", () => {
    expect(ended.dryRun).toMatchObject({ code: 0, stderr: "", asked: "" });
    expect(ended.dryRun.stdout).toMatch(
      /^Would be deleted, the dataset group of club:\n\n {2}kind +name *\n.*\n {2}campaign +outrank-club-main\n/,
    );
  });

  it("asks for the group's name, and deletes nothing when another is typed", () => {
    expect(ended.mistyped).toMatchObject({
      ...{ code: 1, asked: "Type the group's name (club) to delete all of this: " },
      stderr: "Nothing was deleted: that is not the group's name\n",
    });
    expect(left.afterMistyped.campaigns).toEqual(["outrank-club-main"]);
  });

  it("deletes everything when the name is typed, tells each thing on the side, and how it ended", () => {
    expect(ended.confirmed.code).toBe(0);
    expect(ended.confirmed.stderr).toContain("deleting campaign outrank-club-main");
    expect(ended.confirmed.stdout).toMatch(
      /Took club down: 8 resources deleted, \d+ notes of them removed from the bucket\.\n$/,
    );
    expect(left.atEnd).toEqual(nothingLeft);
  });

  it("says that there is nothing to delete, also as JSON, and does not ask", () => {
    expect(ended.again).toMatchObject({ code: 0, asked: "" });
    expect(ended.again.stdout).toContain("There is nothing to delete");
    expect(JSON.parse(ended.asJson.stdout)).toMatchObject({ outcome: "DRY_RUN", wouldDelete: [], group: "club" });
  });

  it("has a sibling that prunes: it shows which old solutions would go", () => {
    expect(ended.prune).toMatchObject({
      code: 0,
      stdout: "There is nothing to delete: old solutions of club\n",
    });
  });

  it.each([
    { args: ["cleanup", "clob", "--yes"], code: 2, says: 'There is no dataset group "clob". There are: club' },
    { args: ["cleanup", "club"], code: 2, says: "Nobody can be asked here: add --yes to delete, or --dry-run" },
    {
      args: ["cleanup", "club", "--dry-run", "--include-foreign"],
      code: 1,
      says: "InputRefused: includeForeign needs",
    },
    { args: ["cleanup"], code: 2, says: "outrank cleanup wants GROUP besides its options" },
  ])("$args ends with $code and the reason", async ({ args, code, says }) => {
    expect(await outrank(args)).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(says) });
  });
});
