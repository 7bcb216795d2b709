/**
 * A crash at any step of any change: another process on the same tables finishes what was under way and makes nothing twice.
 * The crash is a process that is simply not listened to any more; what it had put is what the next one finds.
 */
import { describe, expect, it } from "@jest/globals";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import { memoryStore } from "../../../../local/cloud/journal/memory-store.ts";
import type { Store } from "../../../../local/cloud/ports/store.ts";
import { fakeJobRunner } from "../../../support/fake-job-runner.ts";
import {
  campaignArn,
  importOf,
  interactionsArn,
  arn,
  groupArn,
  interactionsSchema,
  personalizeForTest,
  roleArn,
  solutionArn,
  train,
  withCampaign,
  withDataset,
  withSolution,
  type TestPersonalize,
} from "../../../support/personalize.ts";

/** A store as a crash leaves it: the rows of `store`, which goes on living elsewhere. */
function copyOf(store: Store): Store {
  const tables = [
    ...["datasetGroup", "schema", "dataset", "datasetImportJob", "eventTracker", "solution", "solutionVersion"],
    ...["campaign", "filter", "batchInferenceJob", "datasetExportJob", "recommender", "recommenderModels"],
    ...["metricAttribution", "attributedMetrics", "trainings", "autoTraining", "tags", "newInteractions"],
    ...["attributedAmounts", "attributedSources"],
    "transitions",
  ];
  const copy = memoryStore();
  for (const name of tables.map((table) => `personalize/${table}`)) {
    for (const [key, value] of store.table<unknown>(name).entries()) {
      copy.table<unknown>(name).put(key, JSON.parse(JSON.stringify(value)));
    }
  }
  return copy;
}

/** Another process on what the first one had written at this moment. */
async function crash(before: TestPersonalize, files: Record<string, string> = {}): Promise<TestPersonalize> {
  const store = copyOf(before.store);
  const after = personalizeForTest({ store, jobs: fakeJobRunner(), clock: createJumpingClock() });
  Object.assign(after.bucket.files, files);
  const release = after.clock.hold();
  await after.services[0].resume?.();
  release();
  await after.clock.idle();
  return after;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("after a crash", () => {
  it("a pending import starts and becomes ACTIVE", async () => {
    const before = await withDataset(personalizeForTest());
    before.clock.hold();
    await before.call("CreateDatasetImportJob", importOf("one"));

    const after = await crash(before);
    const { datasetImportJobs } = await after.call("ListDatasetImportJobs", { datasetArn: interactionsArn });

    expect(datasetImportJobs).toEqual([expect.objectContaining({ jobName: "one", status: "ACTIVE" })]);
    expect(after.jobs.imports).toHaveLength(1);
  });

  it("a running training starts again under the same ARN with the same seed", async () => {
    const before = await withSolution(personalizeForTest());
    before.jobs.trainingOutcome = "never";
    const { solutionVersionArn } = await before.call("CreateSolutionVersion", { solutionArn });
    while (before.jobs.trainings.length === 0) await turn();

    const after = await crash(before);
    const { solutionVersions } = await after.call("ListSolutionVersions", { solutionArn });

    expect(solutionVersions).toEqual([expect.objectContaining({ solutionVersionArn, status: "ACTIVE" })]);
    expect(after.jobs.trainings[0]?.seed).toBe(before.jobs.trainings[0]?.seed);
  });

  it("a training that was being stopped is stopped and not trained again", async () => {
    const before = await withSolution(personalizeForTest());
    before.jobs.trainingOutcome = "never";
    const { solutionVersionArn } = await before.call("CreateSolutionVersion", { solutionArn });
    while (before.jobs.trainings.length === 0) await turn();
    before.clock.hold();
    await before.call("StopSolutionVersionCreation", { solutionVersionArn });

    const after = await crash(before);
    const { solutionVersion } = await after.call("DescribeSolutionVersion", { solutionVersionArn });

    expect(solutionVersion.status).toBe("CREATE STOPPED");
    expect(after.jobs.trainings).toEqual([]);
  });

  it("a campaign update goes on, and serves its version only then", async () => {
    const { personalize: before } = await withCampaign(personalizeForTest());
    const second = await train(before);
    before.clock.hold();
    await before.call("UpdateCampaign", { campaignArn, solutionVersionArn: second });

    const after = await crash(before);
    const { campaign } = await after.call("DescribeCampaign", { campaignArn });

    expect(campaign).toMatchObject({ solutionVersionArn: second, latestCampaignUpdate: { status: "ACTIVE" } });
  });

  it("an ACTIVE campaign has its model in memory before it is asked", async () => {
    const { personalize: before, solutionVersionArn } = await withCampaign(personalizeForTest());

    const after = await crash(before);

    expect(after.jobs.opened).toEqual([solutionVersionArn]);
  });

  it("a deletion goes on to its end", async () => {
    const before = await withDataset(personalizeForTest());
    before.clock.hold();
    await before.call("DeleteDataset", { datasetArn: interactionsArn });

    const after = await crash(before);

    await expect(after.call("DescribeDataset", { datasetArn: interactionsArn })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    expect(after.jobs.forgotten).toEqual([interactionsArn]);
  });

  it("a pending batch inference job writes its answers", async () => {
    const before = await withSolution(personalizeForTest());
    const solutionVersionArn = await train(before);
    before.clock.hold();
    await before.call("CreateBatchInferenceJob", {
      ...{ jobName: "night", solutionVersionArn, roleArn },
      jobInput: { s3DataSource: { path: "s3://shop/batch/users.json" } },
      jobOutput: { s3DataDestination: { path: "s3://shop/results/" } },
    });

    const files = { "batch/users.json": '{"userId":"u"}\n' };
    const after = await crash(before, files);

    expect(after.bucket.files["results/users.json.out"]).toContain('"recommendedItems":["d","c","b","a"]');
    const { batchInferenceJobs } = await after.call("ListBatchInferenceJobs", { solutionVersionArn });
    expect(batchInferenceJobs).toEqual([expect.objectContaining({ jobName: "night", status: "ACTIVE" })]);
  });

  it("a recommender in training trains again under the same ARN with the same seed", async () => {
    const before = personalizeForTest();
    const domain = "ECOMMERCE";
    await before.settle("CreateDatasetGroup", { name: "shop", domain });
    await before.call("CreateSchema", { name: "i", schema: interactionsSchema, domain });
    const dataset = { name: "i", schemaArn: arn("schema/i"), datasetGroupArn: groupArn, datasetType: "Interactions" };
    await before.settle("CreateDataset", dataset);
    before.jobs.trainingOutcome = "never";
    const recipeArn = "arn:aws:personalize:::recipe/aws-ecomm-recommended-for-you";
    const request = { name: "home", datasetGroupArn: groupArn, recipeArn };
    const { recommenderArn } = await before.call("CreateRecommender", request);
    while (before.jobs.trainings.length === 0) await turn();

    const after = await crash(before);
    const { recommender } = await after.call("DescribeRecommender", { recommenderArn });

    expect(recommender.status).toBe("ACTIVE");
    const identity = ({ solutionVersionArn, seed }: { solutionVersionArn: string; seed: number }) => ({
      solutionVersionArn,
      seed,
    });
    expect(after.jobs.trainings.map(identity)).toEqual(before.jobs.trainings.map(identity));
    await expect(after.call("GetRecommendations", { recommenderArn, userId: "u" })).resolves.toBeDefined();
  });
});

describe("closing", () => {
  it("does not turn aborted jobs into failed ones", async () => {
    const before = await withSolution(personalizeForTest());
    before.jobs.trainingOutcome = "never";
    const { solutionVersionArn } = await before.call("CreateSolutionVersion", { solutionArn });
    while (before.jobs.trainings.length === 0) await turn();

    await before.services[0].close?.();
    for (let n = 0; n < 20; n++) await turn();
    const { solutionVersion } = await before.call("DescribeSolutionVersion", { solutionVersionArn });

    expect(solutionVersion.status).toBe("CREATE IN_PROGRESS");
  });
});
