/** Recommenders: what they learn from, what they serve while they are made, changed, stopped and started. */
import { describe, expect, it } from "@jest/globals";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import { memoryStore } from "../../../../local/cloud/journal/memory-store.ts";
import { fakeJobRunner, historyOf, servingModel } from "../../../support/fake-job-runner.ts";
import {
  arn,
  groupArn,
  personalizeForTest,
  type TestOptions,
  type TestPersonalize,
} from "../../../support/personalize.ts";

const recommenderArn = arn("recommender/home");
const recipe = (name: string) => `arn:aws:personalize:::recipe/${name}`;

/** What a domain's Interactions dataset needs. */
const schema = JSON.stringify({
  type: "record",
  name: "Interactions",
  namespace: "com.amazonaws.personalize.schema",
  fields: [
    { name: "USER_ID", type: "string" },
    { name: "ITEM_ID", type: "string" },
    { name: "TIMESTAMP", type: "long" },
    { name: "EVENT_TYPE", type: "string" },
  ],
  version: "1.0",
});

async function inDomain(domain = "ECOMMERCE", options: Omit<TestOptions, "jobs"> = {}): Promise<TestPersonalize> {
  const jobs = fakeJobRunner();
  jobs.modelOf = async () => servingModel({ histories: { u1: historyOf(3) } });
  const personalize = personalizeForTest({ jobs, ...options });
  await personalize.settle("CreateDatasetGroup", { name: "shop", domain });
  await personalize.call("CreateSchema", { name: "clicks", schema, domain });
  const dataset = { name: "clicks", schemaArn: arn("schema/clicks"), datasetGroupArn: groupArn };
  await personalize.settle("CreateDataset", { ...dataset, datasetType: "Interactions" });
  return personalize;
}

const itemsSchema = JSON.stringify({
  type: "record",
  name: "Items",
  fields: [
    { name: "ITEM_ID", type: "string" },
    { name: "CREATION_TIMESTAMP", type: "long" },
    { name: "PRICE", type: "float" },
    { name: "CATEGORY_L1", type: "string", categorical: true },
    { name: "GENRES", type: "string", categorical: true },
  ],
  version: "1.0",
});

async function withItems(personalize: TestPersonalize, domain: string): Promise<TestPersonalize> {
  await personalize.call("CreateSchema", { name: "items", schema: itemsSchema, domain });
  const dataset = { name: "items", schemaArn: arn("schema/items"), datasetGroupArn: groupArn };
  await personalize.settle("CreateDataset", { ...dataset, datasetType: "Items" });
  return personalize;
}

const requestOf = (useCase: string, more: object = {}) => ({
  name: "home",
  datasetGroupArn: groupArn,
  recipeArn: recipe(useCase),
  ...more,
});

async function recommending(useCase = "aws-ecomm-recommended-for-you", config?: object): Promise<TestPersonalize> {
  const personalize = await inDomain(useCase.startsWith("aws-vod") ? "VIDEO_ON_DEMAND" : "ECOMMERCE");
  await personalize.settle("CreateRecommender", requestOf(useCase, config && { recommenderConfig: config }));
  return personalize;
}

const recommender = async ({ call }: TestPersonalize) =>
  (await call("DescribeRecommender", { recommenderArn })).recommender;

describe("CreateRecommender", () => {
  it("trains its use case's recipe on its events and shows the metrics once it is ACTIVE", async () => {
    const personalize = await inDomain();
    const release = personalize.clock.hold();
    await personalize.call("CreateRecommender", requestOf("aws-ecomm-popular-items-by-views"));
    const before = await recommender(personalize);
    release();
    await personalize.clock.idle();

    expect(before.status).toBe("CREATE PENDING");
    expect(before).not.toHaveProperty("modelMetrics");
    expect(personalize.jobs.trainings).toEqual([
      expect.objectContaining({ recipe: "aws-popularity-count", eventType: "View", datasetGroupArn: groupArn }),
    ]);
    expect(await recommender(personalize)).toMatchObject({
      status: "ACTIVE",
      modelMetrics: { coverage: 0.5, precision_at_25: 0.0123 },
      recommenderConfig: { minRecommendationRequestsPerSecond: 1 },
    });
  });

  it("fails with the training's reason", async () => {
    const personalize = await inDomain();
    personalize.jobs.trainingOutcome = { kind: "failed", failureReason: "Dataset has fewer than 1000 interactions." };

    await personalize.settle("CreateRecommender", requestOf("aws-ecomm-popular-items-by-views"));

    expect(await recommender(personalize)).toMatchObject({
      status: "CREATE FAILED",
      failureReason: "Dataset has fewer than 1000 interactions.",
    });
  });

  it.each([
    {
      why: "a use case of the other domain",
      input: { recipeArn: recipe("aws-vod-top-picks") },
      says: "VIDEO_ON_DEMAND",
    },
    { why: "a recipe that is no use case", input: { recipeArn: recipe("aws-hrnn") }, says: "create a solution" },
    {
      why: "exploration out of range",
      input: { recommenderConfig: { itemExplorationConfig: { explorationWeight: "2" } } },
      says: "from 0 to 1",
    },
  ])("refuses $why", async ({ input, says }) => {
    const { call } = await inDomain();

    await expect(call("CreateRecommender", requestOf("aws-ecomm-recommended-for-you", input))).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringContaining(says),
    });
  });

  it.each([
    { why: "a use case whose recipe cannot be trained", useCase: "aws-vod-trending-now", says: "docs/support.md" },
    { why: "likeness without an Items dataset", useCase: "aws-vod-more-like-x", says: "ITEMS" },
  ])("refuses $why", async ({ useCase, says }) => {
    const { call } = await inDomain("VIDEO_ON_DEMAND");

    await expect(call("CreateRecommender", requestOf(useCase))).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringContaining(says),
    });
  });

  it("answers for an unknown recipe or group, a name in use, and one too many", async () => {
    const { call, settle } = await recommending();
    const ask = (more: object) => call("CreateRecommender", requestOf("aws-ecomm-recommended-for-you", more));

    await expect(ask({ recipeArn: recipe("no") })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(ask({ datasetGroupArn: arn("dataset-group/no") })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await expect(ask({})).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
    for (const name of ["2", "3", "4", "5"]) {
      await settle("CreateRecommender", requestOf("aws-ecomm-recommended-for-you", { name }));
    }
    await expect(ask({ name: "6" })).rejects.toMatchObject({ name: "LimitExceededException" });
  });
});

describe("GetRecommendations from a recommender", () => {
  const ids = (answer: { itemList: { itemId: string }[] }) => answer.itemList.map(({ itemId }) => itemId);

  it("leaves out what the user has purchased, whatever its case, and gives no scores", async () => {
    const { call, jobs } = await recommending();
    jobs.histories.u1 = [{ itemId: "a", timestamp: 1, eventType: "purchase" }];

    const answer = await call("GetRecommendations", { recommenderArn, userId: "u1" });

    expect(answer.itemList).toEqual([{ itemId: "b" }, { itemId: "c" }, { itemId: "d" }]);
  });

  it("leaves out what the user has watched on top of the request's filter", async () => {
    const { call, settle, jobs } = await withItems(await recommending("aws-vod-top-picks"), "VIDEO_ON_DEMAND");
    jobs.histories.u1 = [{ itemId: "a", timestamp: 1, eventType: "Watch" }];
    Object.assign(jobs.items, { a: { GENRES: "x" }, b: { GENRES: "x" }, c: { GENRES: "y" } });
    const filterExpression = 'INCLUDE ItemID WHERE Items.GENRES IN ("x")';
    const filter = { name: "f", datasetGroupArn: groupArn, filterExpression };
    const { filterArn } = await settle("CreateFilter", filter);

    expect(ids(await call("GetRecommendations", { recommenderArn, userId: "u1", filterArn }))).toEqual(["b"]);
  });

  it("needs the user and the item where the use case is about both", async () => {
    const { call } = await recommending("aws-ecomm-customers-who-viewed-x-also-viewed");

    await expect(call("GetRecommendations", { recommenderArn, itemId: "a" })).rejects.toMatchObject({
      message: expect.stringContaining("userId is required"),
    });
    await expect(call("GetRecommendations", { recommenderArn, userId: "u1" })).rejects.toMatchObject({
      message: expect.stringContaining("itemId is required"),
    });
    await expect(call("GetRecommendations", { recommenderArn, userId: "u1", itemId: "a" })).resolves.toBeDefined();
  });

  it("gives more like a video without what the user has watched", async () => {
    const personalize = await withItems(await inDomain("VIDEO_ON_DEMAND"), "VIDEO_ON_DEMAND");
    const { call, settle, jobs } = personalize;
    await settle("CreateRecommender", requestOf("aws-vod-more-like-x"));
    jobs.histories.u1 = [{ itemId: "b", timestamp: 1, eventType: "watch" }];

    expect(ids(await call("GetRecommendations", { recommenderArn, userId: "u1", itemId: "a" }))).not.toContain("b");
    await expect(call("GetRecommendations", { recommenderArn, itemId: "a" })).rejects.toMatchObject({
      message: expect.stringContaining("userId is required"),
    });
  });

  it("gives metadata when the recommender was made to", async () => {
    const made = await recommending(undefined, { enableMetadataWithRecommendations: true });
    const { call, jobs } = await withItems(made, "ECOMMERCE");
    jobs.items.a = { GENRES: "x" };

    const request = { recommenderArn, userId: "u1", numResults: 1, metadataColumns: { ITEMS: ["GENRES"] } };

    expect((await call("GetRecommendations", request)).itemList).toEqual([{ itemId: "a", metadata: { GENRES: "x" } }]);
  });

  it("does not answer for both a campaign and a recommender, nor for one that is not there", async () => {
    const { call } = await recommending();

    await expect(
      call("GetRecommendations", { recommenderArn, campaignArn: arn("campaign/c"), userId: "u" }),
    ).rejects.toMatchObject({ name: "InvalidInputException" });
    await expect(
      call("GetRecommendations", { recommenderArn: arn("recommender/no"), userId: "u" }),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException", status: 404 });
  });
});

describe("StopRecommender and StartRecommender", () => {
  it("take it out of service and back, with the model it had", async () => {
    const personalize = await recommending();
    const ask = () => personalize.call("GetRecommendations", { recommenderArn, userId: "u1" });

    await personalize.settle("StopRecommender", { recommenderArn });
    expect((await recommender(personalize)).status).toBe("INACTIVE");
    await expect(ask()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(personalize.call("StopRecommender", { recommenderArn })).rejects.toMatchObject({
      name: "ResourceInUseException",
    });

    await personalize.settle("StartRecommender", { recommenderArn });
    expect((await recommender(personalize)).status).toBe("ACTIVE");
    await expect(ask()).resolves.toBeDefined();
    expect(personalize.jobs.trainings).toHaveLength(1);
    expect(new Set(personalize.jobs.opened).size).toBe(1);
    expect(personalize.jobs.opened).toHaveLength(2);
    await expect(personalize.call("StartRecommender", { recommenderArn })).rejects.toMatchObject({
      name: "ResourceInUseException",
    });
  });
});

describe("UpdateRecommender", () => {
  it("changes the configuration by an update of its own, without a training", async () => {
    const personalize = await recommending();
    const release = personalize.clock.hold();
    const recommenderConfig = { minRecommendationRequestsPerSecond: 3 };
    await personalize.call("UpdateRecommender", { recommenderArn, recommenderConfig });
    const during = await recommender(personalize);
    await expect(personalize.call("UpdateRecommender", { recommenderArn, recommenderConfig })).rejects.toMatchObject({
      name: "ResourceInUseException",
    });
    release();
    await personalize.clock.idle();

    expect(during).toMatchObject({
      status: "ACTIVE",
      recommenderConfig: { minRecommendationRequestsPerSecond: 1 },
      latestRecommenderUpdate: { status: "CREATE PENDING", recommenderConfig },
    });
    expect(await recommender(personalize)).toMatchObject({
      recommenderConfig,
      latestRecommenderUpdate: { status: "ACTIVE" },
    });
    expect(personalize.jobs.trainings).toHaveLength(1);
  });

  it("trains anew for other columns and serves the old model when that fails", async () => {
    const personalize = await recommending();
    const excluding = (column: string) => ({
      trainingDataConfig: { excludedDatasetColumns: { ITEMS: [column] } },
    });
    await personalize.settle("UpdateRecommender", { recommenderArn, recommenderConfig: excluding("A") });
    const [first, second] = personalize.jobs.trainings.map((job) => job.solutionVersionArn);
    expect(personalize.jobs.forgotten).toEqual([first]);

    personalize.jobs.trainingOutcome = { kind: "failed", failureReason: "too little" };
    await personalize.settle("UpdateRecommender", { recommenderArn, recommenderConfig: excluding("B") });

    expect(await recommender(personalize)).toMatchObject({
      status: "ACTIVE",
      recommenderConfig: excluding("A"),
      latestRecommenderUpdate: { status: "CREATE FAILED", failureReason: "too little" },
    });
    expect(personalize.jobs.opened).toEqual([first, second]);
    await expect(personalize.call("GetRecommendations", { recommenderArn, userId: "u1" })).resolves.toBeDefined();
  });
});

describe("the weekly training", () => {
  const weekMs = 7 * 24 * 3_600_000;
  /** Lets this much time pass, timers of the background included. */
  const pass = async ({ clock }: Pick<TestPersonalize, "clock">, milliseconds: number) => {
    clock.at(clock.now() + milliseconds, () => {});
    await clock.idle();
  };

  async function weekly(options: Omit<TestOptions, "jobs"> = {}) {
    const personalize = await inDomain("ECOMMERCE", { settings: { automaticTraining: true }, ...options });
    await personalize.settle("CreateRecommender", requestOf("aws-ecomm-recommended-for-you"));
    const models = () => personalize.jobs.trainings.map(({ solutionVersionArn }) => solutionVersionArn);
    return { personalize, models };
  }

  it("makes a new model of all data every seven days, serves it, and forgets the old one", async () => {
    const { personalize, models } = await weekly();
    await pass(personalize, weekMs - 60_000);
    expect(models()).toHaveLength(1);
    const { jobs } = personalize;
    jobs.trainingOutcome = {
      kind: "succeeded",
      result: { metrics: { coverage: 0.9 }, trainingHours: 1, users: 3, items: 4, interactions: 10 },
    };

    await pass(personalize, 2 * 60_000);
    const [first, second] = models();

    expect(jobs.trainings[1]).toMatchObject({ trainingMode: "FULL", recipe: "aws-user-personalization" });
    expect([jobs.opened, jobs.forgotten]).toEqual([[first, second], [first]]);
    expect(await recommender(personalize)).toMatchObject({ status: "ACTIVE", modelMetrics: { coverage: 0.9 } });
    expect(await recommender(personalize)).not.toHaveProperty("latestRecommenderUpdate");
    await pass(personalize, weekMs);
    expect(models()).toHaveLength(3);
  });

  it("leaves the old model serving when it fails, and tries again a week later", async () => {
    const { personalize, models } = await weekly();
    personalize.jobs.trainingOutcome = { kind: "failed", failureReason: "too little" };
    await pass(personalize, weekMs + 60_000);

    const [first, second] = models();
    expect(personalize.jobs.forgotten).toEqual([second]);
    expect(personalize.jobs.opened).toEqual([first]);
    expect(await recommender(personalize)).toMatchObject({ status: "ACTIVE", modelMetrics: { coverage: 0.5 } });
    await expect(personalize.call("GetRecommendations", { recommenderArn, userId: "u1" })).resolves.toBeDefined();
    await pass(personalize, weekMs);
    expect(models()).toHaveLength(3);
  });

  it("passes over a recommender that is stopped, and ends with it", async () => {
    const { personalize, models } = await weekly();
    await personalize.settle("StopRecommender", { recommenderArn });
    await pass(personalize, weekMs + 60_000);
    expect(models()).toHaveLength(1);

    await personalize.settle("StartRecommender", { recommenderArn });
    await pass(personalize, weekMs);
    expect(models()).toHaveLength(2);

    await personalize.settle("DeleteRecommender", { recommenderArn });
    await pass(personalize, 2 * weekMs);
    expect(models()).toHaveLength(2);
    expect(personalize.store.table("personalize/retrainings").size).toBe(0);
  });

  it("is due when it was due, also for another process", async () => {
    const store = memoryStore();
    const { personalize } = await weekly({ store });
    await pass(personalize, weekMs - 60_000);
    const clock = createJumpingClock({ start: personalize.clock.now() });
    const after = personalizeForTest({ store, clock, settings: { automaticTraining: true } });
    await after.services[0].resume?.();

    await pass(after, 2 * 60_000);

    expect(after.jobs.trainings).toHaveLength(1);
  });

  it("is off with automatic training", async () => {
    const { personalize, models } = await weekly({ settings: { automaticTraining: false } });
    await pass(personalize, 2 * weekMs);

    expect(models()).toHaveLength(1);
  });
});

describe("DeleteRecommender", () => {
  it("forgets the model, and hinders the deletion of the group until then", async () => {
    const personalize = await recommending();
    await expect(personalize.call("DeleteDatasetGroup", { datasetGroupArn: groupArn })).rejects.toMatchObject({
      name: "ResourceInUseException",
    });

    await personalize.settle("DeleteRecommender", { recommenderArn });

    expect(personalize.jobs.forgotten).toEqual([personalize.jobs.trainings[0]?.solutionVersionArn]);
    await expect(recommender(personalize)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    expect((await personalize.call("ListRecommenders", { datasetGroupArn: groupArn })).recommenders).toEqual([]);
  });
});

describe("ListRecommenders", () => {
  it("lists those of a group with their configuration", async () => {
    const { call } = await recommending();

    const { recommenders } = await call("ListRecommenders", { datasetGroupArn: groupArn });

    expect(recommenders).toEqual([
      expect.objectContaining({ name: "home", recommenderConfig: { minRecommendationRequestsPerSecond: 1 } }),
    ]);
    expect(recommenders[0]).not.toHaveProperty("modelMetrics");
  });
});
