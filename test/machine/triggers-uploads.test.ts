/** What an upload starts: one run, when the drop is complete, and no upload forgotten (R3, R4). */
import { afterEach, describe, expect, it } from "@jest/globals";
import { ListDatasetImportJobsCommand } from "@aws-sdk/client-personalize";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

const start = Date.UTC(2026, 0, 5);
const second = 1000;

let stack: Stack;
afterEach(() => stack.close());

const outcomes = async () =>
  (await stack.executions("club")).map(({ status, output }) => [status, (output as { outcome: string }).outcome]);

const keysRead = async (run = 0) => (await stack.records("club"))[run]?.inputs.map(({ key }) => key);

async function firstImportAt(): Promise<number> {
  const { datasetImportJobs = [] } = await stack.personalize.send(new ListDatasetImportJobsCommand({}));
  return Math.min(...datasetImportJobs.map(({ creationDateTime }) => creationDateTime?.getTime() ?? Number.NaN));
}

/** The rows of one interactions.csv in so many files, each with its header. */
function inFiles(csv: string, count: number): Record<string, string> {
  const [header = "", ...rows] = csv.trim().split("\n");
  const files = Array.from({ length: count }, (_, file) => rows.filter((_, row) => row % count === file));
  return Object.fromEntries(
    files.map((own, file) => [
      `club/interactions/part-${String(file).padStart(2, "0")}.csv`,
      [header, ...own].join("\n"),
    ]),
  );
}

describe("uploads", () => {
  it("start one run, items before interactions and the interactions in pieces, once the quiet period is over (failure row 3)", async () => {
    stack = await startStack({ config: communitiesConfig(), start });

    await stack.drop({ "club/items/items.csv": itemsCsv(), ...inFiles(interactionsCsv({ users: 100 }), 3) });
    await stack.rest();

    const records = await stack.records("club");
    expect(records).toMatchObject([{ outcome: "PROMOTE", trigger: { type: "upload" }, failure: null }]);
    expect(await keysRead()).toEqual([
      "club/interactions/part-00.csv",
      "club/interactions/part-01.csv",
      "club/interactions/part-02.csv",
      "club/items/items.csv",
    ]);
    expect(await firstImportAt()).toBeGreaterThanOrEqual(start + 120 * second);
  });

  it("that arrive in the quiet period are read by the run that is waiting, which waits the period again", async () => {
    stack = await startStack({ config: communitiesConfig(), start });
    stack.clock.at(start + 90 * second, () => void stack.drop({ "club/items/items.csv": itemsCsv() }));

    await stack.drop({ "club/interactions/interactions.csv": interactionsCsv({ users: 100 }) });
    await stack.rest();

    expect(await keysRead()).toEqual(["club/interactions/interactions.csv", "club/items/items.csv"]);
    expect(await firstImportAt()).toBeGreaterThanOrEqual(start + (90 + 120) * second);
    expect(await outcomes()).toEqual([
      ["SUCCEEDED", "PROMOTE"],
      ["SUCCEEDED", "COALESCED"],
    ]);
  });

  it("are waited for no longer than deadlines.settleMinutes, however long the quiet period is (R8)", async () => {
    const config = communitiesConfig({ group: { quietPeriodSeconds: 3600, deadlines: { settleMinutes: 5 } } });
    stack = await startStack({ config, start });

    await stack.drop({ "club/interactions/interactions.csv": interactionsCsv({ users: 100 }) });
    await stack.rest();

    expect(await outcomes()).toEqual([["SUCCEEDED", "PROMOTE"]]);
    expect(await firstImportAt()).toBeGreaterThanOrEqual(start + 300 * second);
    expect(await firstImportAt()).toBeLessThan(start + (300 + 60 + 15 + 60) * second);
  });

  it("of twenty files together make exactly one run; the other nineteen executions end as coalesced (failure row 1)", async () => {
    const port = createFaultPort();
    stack = await startStack({ config: communitiesConfig(), fault: port.fault });

    await stack.drop(inFiles(interactionsCsv({ users: 100 }), 20));
    await stack.rest();

    const ended = await outcomes();
    expect(ended.filter(([, outcome]) => outcome === "PROMOTE")).toHaveLength(1);
    expect(ended.filter(([, outcome]) => outcome === "COALESCED")).toHaveLength(19);
    expect(ended).toHaveLength(20);
    expect(await keysRead()).toHaveLength(20);
    expect(port.inputs("CreateSolutionVersion")).toHaveLength(2);
  });

  it("in the middle of a run are not forgotten: exactly one rerun reads them after the release (R3)", async () => {
    const port = createFaultPort();
    stack = await startStack({ config: communitiesConfig(), fault: port.fault });
    port.once("DescribeSolutionVersion", async (_, next) => {
      await stack.drop({
        "club/interactions/more-1.csv": interactionsCsv({ users: 100, seed: 2 }),
        "club/interactions/more-2.csv": interactionsCsv({ users: 100, seed: 3 }),
      });
      return next();
    });

    await stack.drop({ "club/interactions/first.csv": interactionsCsv({ users: 100 }) });
    await stack.rest();

    const [first, rerun, ...others] = await stack.records("club");
    expect(others).toEqual([]);
    expect(first?.inputs.map(({ key }) => key)).toEqual(["club/interactions/first.csv"]);
    expect(rerun).toMatchObject({ trigger: { type: "rerun", actor: first?.runId }, failure: null });
    expect(rerun?.inputs.map(({ key }) => key)).toEqual([
      "club/interactions/first.csv",
      "club/interactions/more-1.csv",
      "club/interactions/more-2.csv",
    ]);
    expect((await outcomes()).filter(([, outcome]) => outcome === "COALESCED")).toHaveLength(2);
  });

  it("of one event delivered twice start one run (R4) (failure row 4)", async () => {
    const port = createFaultPort();
    stack = await startStack({ config: communitiesConfig(), fault: port.fault });
    let delivered = "";
    port.once("StartExecution", (input, next) => {
      delivered = String(input["input"]);
      return next();
    });

    await stack.drop({ "club/interactions/interactions.csv": interactionsCsv({ users: 100 }) });
    await stack.rest();
    await stack.begin("club", JSON.parse(delivered));
    await stack.rest();

    expect(await outcomes()).toEqual([
      ["SUCCEEDED", "PROMOTE"],
      ["SUCCEEDED", "DUPLICATE"],
    ]);
  });

  it("below a folder's first level, and outside of the three folders, start nothing that works", async () => {
    stack = await startStack({ config: communitiesConfig() });

    await stack.drop({
      "club/interactions/archive/old.csv": "x",
      "club/notes/a.txt": "x",
      "club/interactions.csv": "x",
    });
    await stack.rest();

    expect(await outcomes()).toEqual([["SUCCEEDED", "IGNORED"]]);
    expect(await stack.records("club")).toEqual([]);
  });
});
