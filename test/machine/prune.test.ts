/** Old solutions go, the ways back stay: a changed configuration makes another solution (peers.md section 2, row 99). */
import { ListSolutionsCommand } from "@aws-sdk/client-personalize";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { changesSeen, cleanUp, keysBelow } from "../support/cleanup.ts";
import { changeMetrics, createFaultPort, type FaultPort } from "../support/fault-port.ts";
import { type Execution, type Stack, startStack } from "../support/stack.ts";

const stateDir = mkdtempSync(join(tmpdir(), "outrank-prune-"));
afterAll(() => rmSync(stateDir, { recursive: true, force: true, maxRetries: 3 }));

let stack: Stack;
let port: FaultPort;

/** Solutions by the hidden size that they were configured with; `?` for the baseline. */
async function solutionsLeft(): Promise<string[]> {
  const { solutions = [] } = await stack.personalize.send(new ListSolutionsCommand({}));
  return solutions.map(({ name = "" }) => name).sort();
}

/** One run with the candidate configured like this; every later candidate is better, so it goes live. */
async function runWith(hidden: number, seed: number, start?: number): Promise<string> {
  const config = { algorithmHyperParameters: { hidden_dimension: String(hidden) } };
  const retention = { oldSolutions: "delete", afterDays: 10 };
  port = createFaultPort();
  stack = await startStack({
    ...{ config: communitiesConfig({ solution: { config }, group: { retention } }), fault: port.fault },
    ...{ stateDir, seed, ...(start === undefined ? {} : { start }) },
  });
  changeMetrics(port, (solution, metrics) => ({
    ...metrics,
    normalized_discounted_cumulative_gain_at_25: solution === "baseline" ? 0.1 : 0.2 + hidden / 1000,
  }));
  await stack.drop({
    "club/interactions/interactions.csv": interactionsCsv({ users: 100, seed }),
    "club/items/items.csv": itemsCsv(),
  });
  await stack.rest();
  const record = (await stack.records("club")).at(-1);
  expect([record?.outcome, record?.failure]).toEqual(["PROMOTE", null]);
  return record?.contests[0]?.decision?.candidate.solutionVersionArn?.split("/")[1] ?? "";
}

describe("a group whose configuration has changed twice", () => {
  const names: string[] = [];
  let tooYoung: Execution;
  let dryRun: Execution;
  let afterDryRun: readonly string[];
  let pruned: Execution;
  const day = 86_400_000;
  beforeAll(async () => {
    const now = Date.parse("2026-11-24T03:00:00Z");
    for (const [index, hidden] of [32, 40, 48].entries()) {
      names.push(await runWith(hidden, index + 1, now + index * day));
      if (index < 2) await stack.close();
    }
    tooYoung = await cleanUp(stack, "club", { prune: true });
    await stack.close();
    port = createFaultPort();
    const config = { algorithmHyperParameters: { hidden_dimension: "48" } };
    const retention = { oldSolutions: "delete", afterDays: 10 };
    const again = communitiesConfig({ solution: { config }, group: { retention } });
    stack = await startStack({ config: again, fault: port.fault, stateDir, seed: 9, start: now + 20 * day });
    dryRun = await cleanUp(stack, "club", { prune: true, dryRun: true });
    afterDryRun = await solutionsLeft();
    pruned = await cleanUp(stack, "club", { prune: true });
  }, 120_000);
  afterAll(() => stack.close());

  it("keeps all as long as they are young", () => {
    const [first] = names;

    expect(tooYoung).toMatchObject({ status: "SUCCEEDED", output: { outcome: "PRUNED", deleted: [] } });
    expect((tooYoung.output as { kept: unknown[] }).kept).toContainEqual({
      ...{ kind: "solution", name: first },
      reason: expect.stringMatching(/^it was last trained \d days ago; retention.afterDays is 10$/),
    });
  });

  it("says in a dry run what would go, and what stays and why", () => {
    const [first, second, third] = names;

    expect(dryRun).toMatchObject({
      status: "SUCCEEDED",
      output: {
        outcome: "DRY_RUN",
        wouldDelete: [{ kind: "solution", name: first }],
        kept: [{ kind: "solution", name: second, reason: expect.stringContaining("the way back to the former one") }],
      },
    });
    expect(afterDryRun).toEqual(expect.arrayContaining([first, second, third]));
  });

  it("loses the oldest solution with its decisions, and nothing else", async () => {
    const [first = "", second = "", third = ""] = names;

    expect(pruned).toMatchObject({
      status: "SUCCEEDED",
      output: { outcome: "PRUNED", deleted: [{ kind: "solution", name: first }] },
    });
    expect(await solutionsLeft()).toEqual([expect.stringContaining("baseline"), ...[second, third].sort()]);
    expect(changesSeen(port)).toEqual(["DeleteSolution"]);
    expect(await keysBelow(stack, `outrank/club/versions/${first}/`)).toEqual([]);
    expect(await keysBelow(stack, `outrank/club/versions/${second}/`)).toHaveLength(1);
    expect(await keysBelow(stack, "outrank/club/champions/")).toHaveLength(1);
    expect(await keysBelow(stack, "outrank/club/judged.json")).toHaveLength(1);
  });
});
