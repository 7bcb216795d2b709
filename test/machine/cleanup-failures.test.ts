/**
 * A cleanup that cannot go on says so and fails: it waits for what is being made or changed, never past its deadline, tells
 * what is left with the service's reasons, and leaves other people's things alone (peers.md section 5, row 28; R6, R8).
 */
import {
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateFilterCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
} from "@aws-sdk/client-personalize";
import { afterEach, describe, expect, it } from "@jest/globals";
import { AwsError } from "../../local/cloud/ports/aws-error.ts";
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
import { inventory } from "../support/inventory.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: FaultPort;
afterEach(() => stack.close());

const files = {
  "club/interactions/interactions.csv": interactionsCsv({ users: 100 }),
  "club/items/items.csv": itemsCsv(),
};
const arn = (tail: string) => `arn:aws:personalize:us-east-1:000000000000:${tail}`;

async function start(group: object = {}): Promise<void> {
  port = createFaultPort();
  stack = await startStack({ config: communitiesConfig({ group }), fault: port.fault });
}

async function startWithModel(group: object = {}): Promise<void> {
  await start(group);
  await stack.drop(files);
  await stack.rest();
}

/** A group without a model, made by hand under the names that a run would give: quick, and as good for what follows. */
async function startWithoutModel(group: object = {}): Promise<void> {
  await start(group);
  const { personalize, rest } = stack;
  const schema = JSON.stringify(communitiesConfig().datasetGroups[0]?.datasets.interactions.schema);
  await personalize.send(new CreateDatasetGroupCommand({ name: "outrank-club" }));
  await personalize.send(new CreateSchemaCommand({ name: "outrank-club-interactions-00000000", schema }));
  await rest();
  const [datasetGroupArn, schemaArn] = [
    arn("dataset-group/outrank-club"),
    arn("schema/outrank-club-interactions-00000000"),
  ];
  const dataset = { name: "outrank-club-interactions", datasetType: "Interactions", schemaArn, datasetGroupArn };
  await personalize.send(new CreateDatasetCommand(dataset));
  await makeSolution("outrank-club-main-000000");
  await rest();
}

async function makeSolution(name: string): Promise<void> {
  const recipeArn = "arn:aws:personalize:::recipe/aws-popularity-count";
  const request = { name, datasetGroupArn: arn("dataset-group/outrank-club"), recipeArn, performAutoTraining: false };
  await stack.personalize.send(new CreateSolutionCommand(request));
  await stack.rest();
}

async function makeFilter(name: string): Promise<void> {
  const filterExpression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("view")';
  const request = { name, datasetGroupArn: arn("dataset-group/outrank-club"), filterExpression };
  await stack.personalize.send(new CreateFilterCommand(request));
  await stack.rest();
}

/** The list's answer with other statuses. */
const listedAs =
  (member: string, changes: object) =>
  async (_: object, next: () => Promise<unknown>): Promise<unknown> => {
    const answer = (await next()) as Record<string, object[]>;
    return { ...answer, [member]: answer[member]?.map((summary) => ({ ...summary, ...changes })) };
  };

/** Execution and notice say the same, and the lease is free. */
async function expectFailure(
  ended: { error?: string | undefined; cause?: string | undefined },
  error: string,
  reason: string,
) {
  expect(ended).toMatchObject({ status: "FAILED", error, cause: expect.stringContaining(reason) });
  expect(notices(port).at(-1)).toEqual({
    Subject: "Outrank: a cleanup of club failed",
    Message: expect.stringContaining(reason),
  });
  expect(await keysBelow(stack, "outrank/club/lease.json")).toEqual([]);
}

const deletions = () => changesSeen(port).filter((operation) => operation.startsWith("Delete"));

describe("a deletion that the service gives up", () => {
  it("fails the cleanup with the service's reason, and what depends on it is not touched", async () => {
    await startWithoutModel();
    await makeFilter("outrank-club-c1");
    port.on("ListFilters", listedAs("Filters", { status: "DELETE FAILED", failureReason: "the host caught fire" }));

    const ended = await cleanUp(stack, "club");

    await expectFailure(ended, "DeletionFailed", "filter outrank-club-c1 is DELETE FAILED: the host caught fire");
    expect(deletions()).toEqual([]);
    expect(await inventory(stack)).toMatchObject({ solutions: 1, datasets: 1, datasetGroups: 1 });
  });
});

describe("a wait (failure row 28: delete while PENDING)", () => {
  it.each([
    { what: "a deletion that hangs", status: "DELETE IN_PROGRESS", hours: 0.5, seconds: 1800 },
    { what: "a creation that hangs", status: "CREATE IN_PROGRESS", hours: 0.505, seconds: 1818 },
  ])("for $what ends at the deadline to the second, with names and statuses", async ({ status, hours, seconds }) => {
    await startWithoutModel({ deadlines: { cleanupHours: hours } });
    const looked: number[] = [];
    port.on("ListSolutions", (input, next) => {
      looked.push(stack.clock.now());
      return listedAs("solutions", { status })(input, next);
    });
    const began = stack.clock.now();

    const ended = await cleanUp(stack, "club");

    const what = `Not gone at the deadline (deadlines.cleanupHours): solution outrank-club-main-000000 is ${status}`;
    await expectFailure(ended, "CleanupTookTooLong", what);
    expect(((looked.at(-1) ?? NaN) - began) / 1000).toBe(seconds);
    expect(deletions()).toEqual([]);
  });

  it("for a campaign that is still being made ends when it is ACTIVE; then it goes like any other", async () => {
    await startWithModel();
    const being = port.on("ListCampaigns", listedAs("campaigns", { status: "CREATE PENDING" }));
    let looks = 0;
    const counting = port.on("ListSolutions", (_, next) => {
      looks += 1;
      if (looks === 4) being();
      return next();
    });

    const { status } = await cleanUp(stack, "club");

    counting();
    expect(status).toBe("SUCCEEDED");
    expect(looks).toBeGreaterThan(4);
    expect(await resourcesLeft(stack)).toEqual(nothingLeft);
  });

  it("for something in use goes on until the service takes the deletion", async () => {
    await startWithoutModel();
    let refusals = 0;
    port.on("DeleteSolution", (_, next) =>
      ++refusals > 3 ? next() : Promise.reject(new AwsError("ResourceInUseException", "somebody updates it")),
    );

    const { status } = await cleanUp(stack, "club");

    expect(status).toBe("SUCCEEDED");
    expect(await resourcesLeft(stack)).toEqual(nothingLeft);
  });
});

describe("what cannot be stopped", () => {
  it("is waited for where it stands in the way: batch, import and data deletion jobs, a recommender that starts", async () => {
    await startWithoutModel();
    const jobs = { status: "IN PROGRESS" };
    const until = (minutes: number) => stack.clock.now() + minutes * 60_000;
    const [recommenderAt, batchAt, importAt] = [until(10), until(20), until(40)];
    const solutionVersionArn = arn("solution/outrank-club-main-000000/0a1b2c3d");
    let recommenders = [
      { name: "outrank-club-r", recommenderArn: arn("recommender/outrank-club-r"), status: "START PENDING" },
    ];
    const deletedAt = new Map<string, number>();
    const noting = (operation: string, answer?: () => void) =>
      port.on(operation, async (_, next) => {
        deletedAt.set(operation, stack.clock.now());
        return answer ? (answer(), {}) : next();
      });
    port.on("ListRecommenders", async () => {
      const status = stack.clock.now() < recommenderAt ? "START PENDING" : "ACTIVE";
      return { recommenders: recommenders.map((one) => ({ ...one, status })) };
    });
    noting("DeleteRecommender", () => void (recommenders = []));
    port.on("ListBatchSegmentJobs", async () => ({
      batchSegmentJobs: stack.clock.now() < batchAt ? [{ jobName: "b", solutionVersionArn, ...jobs }] : [],
    }));
    noting("DeleteSolution");
    port.on("ListDatasetImportJobs", async () => ({
      datasetImportJobs: [{ jobName: "i", status: stack.clock.now() < importAt ? "CREATE IN_PROGRESS" : "ACTIVE" }],
    }));
    noting("DeleteDataset");

    const { status, output } = await cleanUp(stack, "club");

    expect(status).toBe("SUCCEEDED");
    const lateness = (operation: string, at: number) => ((deletedAt.get(operation) ?? NaN) - at) / 1000;
    for (const [operation, at] of [
      ["DeleteRecommender", recommenderAt],
      ["DeleteSolution", batchAt],
      ["DeleteDataset", importAt],
    ] as const) {
      expect([operation, lateness(operation, at) >= 0 && lateness(operation, at) <= 30]).toEqual([operation, true]);
    }
    expect((output as { deleted: { kind: string }[] }).deleted[0]?.kind).toBe("recommender");
    expect(await resourcesLeft(stack)).toEqual(nothingLeft);
  });
});

describe("a run in progress", () => {
  it("ends a cleanup as GroupBusy with the run's name, unless it is asked to wait", async () => {
    await start();
    let [busy, waiting] = ["", ""];
    port.once("CreateSolutionVersion", async (_, next) => {
      busy = await beginCleanup(stack, "club");
      waiting = await beginCleanup(stack, "club", { wait: true });
      return next();
    });
    await stack.drop(files);
    await stack.rest();

    const [run] = await stack.records("club");
    expect(run?.outcome).toBe("PROMOTE");
    expect(await cleanupEnded(stack, busy)).toMatchObject({
      ...{ status: "FAILED", error: "GroupBusy" },
      cause: expect.stringContaining(`Nothing was deleted: club is worked on by ${run?.executionArn}`),
    });
    expect(await cleanupEnded(stack, waiting)).toMatchObject({ status: "SUCCEEDED", output: { outcome: "CLEANED" } });
    expect(await resourcesLeft(stack)).toEqual(nothingLeft);
  });
});

describe("a training in progress", () => {
  it("of a solution that goes is stopped, not waited for: nobody could use its result", async () => {
    await startWithoutModel();
    const training = arn("solution/outrank-club-main-000000/0a1b2c3d");
    let trainingStatus = "CREATE IN_PROGRESS";
    port.on("ListSolutionVersions", async (_, next) =>
      trainingStatus === "CREATE STOPPED"
        ? next()
        : { solutionVersions: [{ solutionVersionArn: training, status: trainingStatus }] },
    );
    port.on("StopSolutionVersionCreation", async () => {
      trainingStatus = "CREATE STOPPING";
      stack.clock.at(stack.clock.now() + 120_000, () => void (trainingStatus = "CREATE STOPPED"));
      return {};
    });

    const { status, output } = await cleanUp(stack, "club");

    expect(status).toBe("SUCCEEDED");
    expect(output).toMatchObject({ stopped: [training] });
    expect(port.inputs("StopSolutionVersionCreation")).toEqual([{ solutionVersionArn: training }]);
    expect(await resourcesLeft(stack)).toEqual(nothingLeft);
  });
});

describe("what others made in the group", () => {
  it("is named and left alone, and so is everything else", async () => {
    await startWithoutModel();
    await makeSolution("anns-experiment");
    const before = await resourcesLeft(stack);

    const dryRun = await cleanUp(stack, "club", { dryRun: true });
    const ended = await cleanUp(stack, "club");

    expect(dryRun.output).toMatchObject({ foreign: [{ kind: "solution", name: "anns-experiment" }] });
    await expectFailure(ended, "ForeignResources", "in the dataset group of club: solution anns-experiment");
    expect(await resourcesLeft(stack)).toEqual(before);
    expect(await cleanUp(stack, "club", { includeForeign: true })).toMatchObject({
      ...{ status: "FAILED", error: "InputRefused" },
      cause: expect.stringContaining("cleanup.mayDeleteForeign"),
    });
  });

  it("goes as well when the configuration and the input both say so", async () => {
    await startWithoutModel({ cleanup: { mayDeleteForeign: true } });
    await makeSolution("anns-experiment");

    const { status } = await cleanUp(stack, "club", { includeForeign: true });

    expect(status).toBe("SUCCEEDED");
    expect(await resourcesLeft(stack)).toEqual(nothingLeft);
  });
});

describe("a schema that somebody else's dataset uses", () => {
  it("stays, and the cleanup says why and ends well", async () => {
    await startWithoutModel();
    const { personalize, rest } = stack;
    await personalize.send(new CreateDatasetGroupCommand({ name: "guest" }));
    await rest();
    const schemaArn = arn("schema/outrank-club-interactions-00000000");
    const borrowing = { name: "borrowed", datasetType: "Interactions", schemaArn };
    await personalize.send(new CreateDatasetCommand({ ...borrowing, datasetGroupArn: arn("dataset-group/guest") }));
    await rest();

    const { status, output } = await cleanUp(stack, "club");

    expect(status).toBe("SUCCEEDED");
    expect((output as { kept: unknown[] }).kept).toEqual([
      {
        ...{ kind: "schema", name: "outrank-club-interactions-00000000" },
        reason: expect.stringContaining("dataset/guest/INTERACTIONS"),
      },
    ]);
    expect((await resourcesLeft(stack)).datasetGroups).toEqual(["guest"]);
  });
});

describe("the service's hiccups", () => {
  it("do not stop a cleanup: throttled calls and lost answers", async () => {
    await startWithoutModel();
    port.once("ListFilters", () => Promise.reject(new AwsError("ThrottlingException", "slow down")));
    port.once("DeleteDataset", async (_, next) => {
      await next();
      throw new AwsError("InternalServerException", "the answer was lost", { status: 500 });
    });

    const { status, output } = await cleanUp(stack, "club");

    expect(status).toBe("SUCCEEDED");
    expect((output as { deleted: unknown[] }).deleted).toHaveLength(4);
    expect(await resourcesLeft(stack)).toEqual(nothingLeft);
  });
});

describe("an input that no cleanup has", () => {
  it.each([
    { input: { group: "club" }, says: "A cleanup's input is {}" },
    { input: { prune: true }, says: '"retention": { "oldSolutions": "delete" }' },
  ])("$input is refused with what would have been right", async ({ input, says }) => {
    await start();

    const ended = await cleanUp(stack, "club", input);

    expect(ended).toMatchObject({ status: "FAILED", error: "InputRefused", cause: expect.stringContaining(says) });
  });
});
