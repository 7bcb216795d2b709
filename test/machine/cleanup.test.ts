/** A cleanup takes down what was made in one dataset group, in order, and nothing else (peers.md section 2, rows 100 and 101). */
import { ListRecommendersCommand } from "@aws-sdk/client-personalize";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
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
import { afterFirstRun, type Inventory, inventory } from "../support/inventory.ts";
import { type Execution, type Stack, startStack } from "../support/stack.ts";

const files = (group = "club") => ({
  [`${group}/interactions/interactions.csv`]: interactionsCsv({ users: 100 }),
  [`${group}/items/items.csv`]: itemsCsv(),
});

/** What a group may have beside its solutions. */
const beside = {
  eventTracker: true,
  followUp: {
    filters: [{ name: "first", expression: 'INCLUDE ItemID WHERE Items.CATEGORY IN ("c1")' }],
    metricAttribution: { metrics: [{ eventType: "view", metricName: "views", expression: "SAMPLECOUNT()" }] },
  },
};

/** From now on these lists have pages of one. */
function makePagesSmall(port: FaultPort): () => void {
  const lists = ["ListSolutions", "ListCampaigns", "ListDatasets", "ListSchemas", "ListSolutionVersions"];
  const removals = lists.map((operation) =>
    port.on(operation, (input, next) => {
      Object.assign(input, { maxResults: 1 });
      return next();
    }),
  );
  return () => removals.forEach((remove) => remove());
}

/** Looks at everything at a certain point; told apart, because what is looked at goes away. */
async function lookAround(stack: Stack, port: FaultPort) {
  return {
    resources: await resourcesLeft(stack),
    uploads: await keysBelow(stack, "club/"),
    own: await keysBelow(stack, "outrank/club/"),
    changes: changesSeen(port),
    notices: notices(port),
  };
}
type Sight = Awaited<ReturnType<typeof lookAround>>;

/** Of which kinds there is anything when a deletion is asked for; what is being deleted still counts. */
function lookAtDeletions(stack: Stack, port: FaultPort): { readonly left: string[]; stop(): void } {
  const left: string[] = [];
  const removals = ["DeleteSolution", "DeleteDataset", "DeleteSchema", "DeleteDatasetGroup"].map((operation) =>
    port.on(operation, async (_, next) => {
      const some = Object.entries(await resourcesLeft(stack)).filter(([, names]) => names.length > 0);
      left.push(`${operation}: ${some.map(([kind]) => kind).join(" ")}`);
      return next();
    }),
  );
  return { left, stop: () => removals.forEach((remove) => remove()) };
}

describe("a group with a model, a tracker, a filter and a metric attribution", () => {
  let stack: Stack;
  const port = createFaultPort();
  const seen: Partial<Record<"before" | "afterDryRun" | "after" | "anew", Sight>> = {};
  const ended: Partial<Record<"dryRun" | "cleanup" | "again", Execution>> = {};
  let left: readonly string[];
  let made: Inventory;
  beforeAll(async () => {
    stack = await startStack({ config: communitiesConfig({ group: beside }), fault: port.fault });
    await stack.drop(files());
    await stack.rest();
    seen.before = await lookAround(stack, port);
    ended.dryRun = await cleanUp(stack, "club", { dryRun: true });
    seen.afterDryRun = await lookAround(stack, port);
    const looking = lookAtDeletions(stack, port);
    const restorePages = makePagesSmall(port);
    ended.cleanup = await cleanUp(stack, "club", { actor: "ann" });
    restorePages();
    looking.stop();
    left = looking.left;
    seen.after = await lookAround(stack, port);
    ended.again = await cleanUp(stack, "club");
    await stack.drop(files());
    await stack.rest();
    seen.anew = await lookAround(stack, port);
    made = await inventory(stack);
  }, 120_000);
  afterAll(() => stack.close());

  it("is told by a dry run in the order in which it would go, and stays as it is", () => {
    const { status, output } = ended.dryRun ?? {};

    expect({ status, output }).toMatchObject({ status: "SUCCEEDED", output: { outcome: "DRY_RUN", deleted: [] } });
    const { wouldDelete } = output as { wouldDelete: { kind: string; name: string }[] };
    expect(wouldDelete.map(({ kind }) => kind)).toEqual([
      ...["campaign", "event tracker", "filter", "metric attribution", "solution", "solution"],
      ...["dataset", "dataset", "schema", "schema", "dataset group"],
    ]);
    expect(wouldDelete[0]).toEqual({ kind: "campaign", name: "outrank-club-main" });
    expect(seen.afterDryRun).toEqual(seen.before);
  });

  it("goes as a whole, kind after kind, also when no list fits on a page (failure row 27)", () => {
    expect(ended.cleanup).toMatchObject({
      status: "SUCCEEDED",
      output: { outcome: "CLEANED", actor: "ann", isDone: true, kept: [], waitingFor: [] },
    });
    expect(seen.after?.resources).toEqual(nothingLeft);
    expect(seen.after?.changes.slice(seen.before?.changes.length)).toEqual([
      ...["DeleteCampaign", "DeleteEventTracker", "DeleteFilter", "DeleteMetricAttribution"],
      ...[
        "DeleteSolution",
        "DeleteSolution",
        "DeleteDataset",
        "DeleteDataset",
        "DeleteSchema",
        "DeleteSchema",
        "DeleteDatasetGroup",
      ],
    ]);
    expect(port.inputs("ListSchemas").filter(({ nextToken }) => nextToken !== undefined)).not.toEqual([]);
  });

  it("loses nothing before what is above it is really gone, not only being deleted", () => {
    expect(left).toEqual([
      "DeleteSolution: solutions datasets schemas datasetGroups",
      "DeleteSolution: solutions datasets schemas datasetGroups",
      "DeleteDataset: datasets schemas datasetGroups",
      "DeleteDataset: datasets schemas datasetGroups",
      "DeleteSchema: schemas datasetGroups",
      "DeleteSchema: schemas datasetGroups",
      "DeleteDatasetGroup: datasetGroups",
    ]);
  });

  it("leaves its uploads and records, a record of the cleanup, and nothing that tells of things that are gone", () => {
    const kinds = (sight: Sight | undefined) => new Set(sight?.own.map((key) => key.split("/")[2]));
    const gone = [...kinds(seen.before)].filter((kind) => !kinds(seen.after).has(kind));

    expect(seen.after?.uploads).toEqual(seen.before?.uploads);
    expect(seen.after?.own).toEqual(
      expect.arrayContaining(seen.before?.own.filter((key) => key.includes("/runs/")) ?? []),
    );
    expect(gone).toEqual(expect.arrayContaining(["champions", "versions", "judged.json"]));
    expect(seen.after?.own).toContain(`outrank/club/cleanups/${(ended.cleanup?.output as { id: string }).id}.json`);
    expect(seen.after?.own).not.toContain("outrank/club/lease.json");
  });

  it("is told of in a notice", () => {
    expect(seen.after?.notices.at(-1)).toEqual({
      Subject: "Outrank: club was taken down",
      Message: expect.stringContaining("campaign outrank-club-main"),
    });
  });

  it("is nothing to a second cleanup, which ends well", () => {
    expect(ended.again).toMatchObject({ status: "SUCCEEDED", output: { outcome: "CLEANED", deleted: [] } });
  });

  it("is made anew by the next drop, although the service still lists the old import jobs of the same files (failure row 26)", () => {
    expect({ ...made, importJobs: afterFirstRun.importJobs }).toEqual(afterFirstRun);
    expect(port.inputs("CreateDatasetImportJob")).toHaveLength(4);
    expect(seen.anew?.resources.campaigns).toEqual(["outrank-club-main"]);
  });
});

describe("while something else goes on", () => {
  let stack: Stack;
  let port: FaultPort;
  afterEach(() => stack.close());

  it("a run's group can be looked at by a dry run; an upload during the cleanup starts a run after it (R3)", async () => {
    port = createFaultPort();
    stack = await startStack({ config: communitiesConfig(), fault: port.fault });
    let dryRun = "";
    port.once("CreateSolutionVersion", async (_, next) => {
      dryRun = await beginCleanup(stack, "club", { dryRun: true });
      return next();
    });
    await stack.drop(files());
    await stack.rest();
    port.once("DeleteSolution", async (_, next) => {
      await stack.drop(files());
      return next();
    });

    const { status } = await cleanUp(stack, "club");

    expect((await cleanupEnded(stack, dryRun)).status).toBe("SUCCEEDED");
    expect(status).toBe("SUCCEEDED");
    const runs = await stack.records("club");
    expect(runs.map(({ outcome, trigger }) => [outcome, trigger?.type])).toEqual([
      ["PROMOTE", "upload"],
      ["PROMOTE", "rerun"],
    ]);
    expect(await inventory(stack)).toMatchObject({ campaigns: 1, datasetGroups: 1 });
  });

  it("a domain group goes with its recommender; another group stays, although its name begins like this one's", async () => {
    const [club] = communitiesConfig().datasetGroups;
    if (!club) throw new Error("the fixture has a group");
    const popular = { name: "popular", recipe: "aws-ecomm-popular-items-by-views" };
    const { interactions } = club.datasets;
    const shop = {
      ...club,
      datasets: { interactions },
      domain: "ECOMMERCE" as const,
      followUp: { recommenders: [popular] },
    };
    port = createFaultPort();
    stack = await startStack({ config: { datasetGroups: [shop, { ...club, name: "club-two" }] }, fault: port.fault });
    const viewed = interactionsCsv({ users: 100 }).replaceAll(",view", ",View");
    await stack.drop({ "club/interactions/interactions.csv": viewed, ...files("club-two") });
    await stack.rest();
    expect((await stack.records("club")).map(({ failure }) => failure)).toEqual([null]);

    const { status } = await cleanUp(stack, "club");

    expect(status).toBe("SUCCEEDED");
    expect({ ...(await inventory(stack)), importJobs: afterFirstRun.importJobs }).toEqual(afterFirstRun);
    const left = Object.values(await resourcesLeft(stack)).flat();
    expect(left.filter((name) => !name.startsWith("outrank-club-two"))).toEqual([]);
    expect(await keysBelow(stack, "outrank/club-two/champions/")).toHaveLength(1);
    const recommenderArn = "arn:aws:personalize:us-east-1:000000000000:recommender/outrank-club-popular";
    expect(port.inputs("DeleteRecommender")).toEqual([{ recommenderArn }]);
    expect((await stack.personalize.send(new ListRecommendersCommand({}))).recommenders).toEqual([]);
  });
});
