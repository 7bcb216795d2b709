/** A cleanup takes down what was made in one dataset group, in order, and nothing else (peers.md section 2, rows 100 and 101). */
import { CreateEventTrackerCommand, CreateFilterCommand } from "@aws-sdk/client-personalize";
import { afterEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import {
  beginCleanup,
  changesSeen,
  cleanUp,
  cleanupEnded,
  keysBelow,
  nothingLeft,
  resourcesLeft,
} from "../support/cleanup.ts";
import { createFaultPort, type FaultPort, notices } from "../support/fault-port.ts";
import { afterFirstRun, inventory } from "../support/inventory.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: FaultPort;
afterEach(() => stack.close());

const files = (group = "club") => ({
  [`${group}/interactions/interactions.csv`]: interactionsCsv({ users: 100 }),
  [`${group}/items/items.csv`]: itemsCsv(),
});

const groupArn = "arn:aws:personalize:us-east-1:000000000000:dataset-group/outrank-club";

/** A first run, and beside it what else a group may have. */
async function startWithModel(config = communitiesConfig()): Promise<void> {
  port = createFaultPort();
  stack = await startStack({ config, fault: port.fault });
  await stack.drop(files());
  await stack.rest();
}

async function addTrackerAndFilter(): Promise<void> {
  const { personalize } = stack;
  await personalize.send(new CreateEventTrackerCommand({ name: "outrank-club", datasetGroupArn: groupArn }));
  const filterExpression = 'EXCLUDE ItemID WHERE Items.CATEGORY IN ("c1")';
  await personalize.send(
    new CreateFilterCommand({ name: "outrank-club-c1", datasetGroupArn: groupArn, filterExpression }),
  );
  await stack.rest();
}

describe("a cleanup", () => {
  it("deletes everything in the group, kind after kind, and keeps uploads and records", async () => {
    await startWithModel();
    await addTrackerAndFilter();
    const records = await keysBelow(stack, "outrank/club/runs/");
    const before = changesSeen(port).length;

    const { status, output } = await cleanUp(stack, "club", { actor: "ann" });

    expect(status).toBe("SUCCEEDED");
    expect(await resourcesLeft(stack)).toEqual(nothingLeft);
    expect(changesSeen(port).slice(before)).toEqual([
      ...["DeleteCampaign", "DeleteEventTracker", "DeleteFilter", "DeleteSolution", "DeleteSolution"],
      ...["DeleteDataset", "DeleteDataset", "DeleteSchema", "DeleteSchema", "DeleteDatasetGroup"],
    ]);
    expect(output).toMatchObject({ outcome: "CLEANED", actor: "ann", isDone: true, kept: [], waitingFor: [] });
    expect((output as { deleted: unknown[] }).deleted).toHaveLength(10);
    expect(await keysBelow(stack, "club/")).toEqual(["club/interactions/interactions.csv", "club/items/items.csv"]);
    expect(await keysBelow(stack, "outrank/club/runs/")).toEqual(records);
  });

  it("waits until each kind is really gone before it touches the next", async () => {
    await startWithModel();
    const left: string[][] = [];
    for (const operation of ["DeleteSolution", "DeleteDataset", "DeleteSchema", "DeleteDatasetGroup"]) {
      port.on(operation, async (_, next) => {
        const { campaigns, solutions, datasets, schemas } = await resourcesLeft(stack);
        left.push([operation, `${campaigns.length} ${solutions.length} ${datasets.length} ${schemas.length}`]);
        return next();
      });
    }

    await cleanUp(stack, "club");

    // What is being deleted still counts: DELETE PENDING and DELETE IN_PROGRESS are not gone.
    expect(left).toEqual([
      ["DeleteSolution", "0 2 2 2"],
      ["DeleteSolution", "0 2 2 2"],
      ["DeleteDataset", "0 0 2 2"],
      ["DeleteDataset", "0 0 2 2"],
      ["DeleteSchema", "0 0 0 2"],
      ["DeleteSchema", "0 0 0 1"],
      ["DeleteDatasetGroup", "0 0 0 0"],
    ]);
  });

  it("forgets what would tell of things that are gone, gives the lease back, and says what it did", async () => {
    await startWithModel();

    const { output } = await cleanUp(stack, "club");

    const own = await keysBelow(stack, "outrank/club/");
    expect(own.map((key) => key.split("/")[2])).toEqual(
      expect.not.arrayContaining(["champions", "versions", "judged.json", "lease.json"]),
    );
    const { id } = output as { id: string };
    expect(own).toContain(`outrank/club/cleanups/${id}.json`);
    expect(notices(port).at(-1)).toEqual({
      Subject: "Outrank: club was taken down",
      Message: expect.stringContaining("campaign outrank-club-main"),
    });
  });

  it("that is done again finds nothing, and ends well", async () => {
    await startWithModel();
    await cleanUp(stack, "club");

    const { status, output } = await cleanUp(stack, "club");

    expect({ status, output }).toMatchObject({ status: "SUCCEEDED", output: { outcome: "CLEANED", deleted: [] } });
  });

  it("reads every page of every list (failure row 27)", async () => {
    await startWithModel();
    await addTrackerAndFilter();
    const lists = [
      "ListSolutions",
      "ListCampaigns",
      "ListDatasets",
      "ListSchemas",
      "ListSolutionVersions",
      "ListFilters",
    ];
    const removed = lists.map((operation) =>
      port.on(operation, (input, next) => {
        Object.assign(input, { maxResults: 1 });
        return next();
      }),
    );

    const { status } = await cleanUp(stack, "club");

    for (const remove of removed) remove();
    expect(status).toBe("SUCCEEDED");
    expect(await resourcesLeft(stack)).toEqual(nothingLeft);
    expect(port.inputs("ListSchemas").filter(({ nextToken }) => nextToken !== undefined)).not.toEqual([]);
  });
});

describe("a dry run", () => {
  it("says what would be deleted, in order, and changes nothing", async () => {
    await startWithModel();
    const [before, keys] = [await resourcesLeft(stack), await keysBelow(stack, "")];
    const [changes, told] = [changesSeen(port).length, notices(port).length];

    const { status, output } = await cleanUp(stack, "club", { dryRun: true });

    expect(status).toBe("SUCCEEDED");
    expect(output).toMatchObject({ outcome: "DRY_RUN", deleted: [], foreign: [] });
    const { wouldDelete } = output as { wouldDelete: { kind: string; name: string }[] };
    expect(wouldDelete.map(({ kind }) => kind)).toEqual([
      ...["campaign", "solution", "solution", "dataset", "dataset", "schema", "schema", "dataset group"],
    ]);
    expect(wouldDelete[0]).toEqual({ kind: "campaign", name: "outrank-club-main" });
    expect(await resourcesLeft(stack)).toEqual(before);
    expect(await keysBelow(stack, "")).toEqual(keys);
    expect([changesSeen(port).length, notices(port).length]).toEqual([changes, told]);
  });

  it("may be made while a run works", async () => {
    port = createFaultPort();
    stack = await startStack({ config: communitiesConfig(), fault: port.fault });
    let arn: string | undefined;
    port.once("CreateSolutionVersion", async (_, next) => {
      arn = await beginCleanup(stack, "club", { dryRun: true });
      return next();
    });

    await stack.drop(files());
    await stack.rest();

    expect(await cleanupEnded(stack, arn ?? "")).toMatchObject({ status: "SUCCEEDED" });
    expect((await stack.records("club")).map(({ outcome }) => outcome)).toEqual(["PROMOTE"]);
  });
});

describe("two groups", () => {
  it("do not touch each other, although one's name begins like the other's", async () => {
    const { datasetGroups } = communitiesConfig();
    const [club] = datasetGroups;
    if (!club) throw new Error("the fixture has a group");
    await startWithModel({ datasetGroups: [club, { ...club, name: "club-two" }] });
    await stack.drop(files("club-two"));
    await stack.rest();

    const { status } = await cleanUp(stack, "club");

    expect(status).toBe("SUCCEEDED");
    expect(await inventory(stack)).toMatchObject({ ...afterFirstRun, importJobs: expect.any(Number) });
    const left = Object.values(await resourcesLeft(stack)).flat();
    expect(left.filter((name) => !name.startsWith("outrank-club-two"))).toEqual([]);
    expect(await keysBelow(stack, "outrank/club-two/champions/")).toHaveLength(1);
  });
});

describe("after a cleanup", () => {
  it("a new drop of the same files makes everything anew", async () => {
    await startWithModel();
    await cleanUp(stack, "club");

    await stack.drop(files());
    await stack.rest();

    expect((await stack.records("club")).map(({ outcome, failure }) => [outcome, failure])).toEqual([
      ["PROMOTE", null],
      ["PROMOTE", null],
    ]);
    expect(await inventory(stack)).toEqual({ ...afterFirstRun, importJobs: expect.any(Number) });
    expect(port.inputs("CreateDatasetImportJob")).toHaveLength(4);
  });

  it("an upload that came meanwhile starts one run, as it would have a moment later (R3)", async () => {
    await startWithModel();
    let came = false;
    port.on("DeleteSolution", async (_, next) => {
      if (!came) await stack.drop(files());
      came = true;
      return next();
    });

    const { status } = await cleanUp(stack, "club");

    expect(status).toBe("SUCCEEDED");
    const runs = await stack.records("club");
    expect(runs.map(({ outcome }) => outcome)).toEqual(["PROMOTE", "PROMOTE"]);
    expect(runs[1]?.trigger?.type).toBe("rerun");
    expect(await inventory(stack)).toMatchObject({ campaigns: 1, datasetGroups: 1 });
  });
});
