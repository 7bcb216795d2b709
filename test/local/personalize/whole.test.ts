/**
 * The control plane on the real data plane, in this process: a CSV file becomes rows, rows a popularity-count model, the model a campaign,
 * and a sent event counts at once. Known answers: item i0 has most distinct users, i1 the next, and so on.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createJumpingClock } from "../../../local/cloud/clock/jumping-clock.ts";
import { createJobRunner } from "../../../local/personalize/jobs/create-job-runner.ts";
import type { JobRunner } from "../../../local/personalize/job-runner.ts";
import {
  arn,
  campaignArn,
  groupArn,
  importOf,
  interactionsArn,
  interactionsSchema,
  personalizeForTest,
  roleArn,
  train,
  withSolution,
} from "../../support/personalize.ts";

/** User u has viewed items 0 .. u % 40, so that item 0 has all 200 users and item 39 five. */
function csv(): string {
  const lines = ["USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,DEVICE_TYPE"];
  for (let u = 0; u < 200; u++) {
    for (let i = 0; i <= u % 40; i++) lines.push(`u${u},i${i},${1_760_000_000 + u * 100 + i},view,phone`);
  }
  return lines.join("\n") + "\n";
}

let dataDir: string;
let jobs: JobRunner;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "personalize-"));
});
afterEach(async () => {
  await jobs.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("Personalize as a whole", () => {
  it("imports, trains, deploys, recommends and listens", async () => {
    const clock = createJumpingClock();
    jobs = createJobRunner({ clock, dataDir, threads: 1, run: "here" });
    const personalize = personalizeForTest({ clock, jobs, realRecipes: true });
    await personalize.services[0].resume?.();
    personalize.bucket.files["interactions/1.csv"] = csv();
    const recommend = async (userId: string, more: object = {}) => {
      const answer = await personalize.call("GetRecommendations", { campaignArn, userId, numResults: 3, ...more });
      return answer.itemList.map(({ itemId }: { itemId: string }) => itemId);
    };

    await withSolution(personalize, { recipe: "aws-popularity-count" });
    await personalize.settle("CreateDatasetImportJob", importOf("one"));
    const solutionVersionArn = await train(personalize);
    const described = await personalize.call("DescribeSolutionVersion", { solutionVersionArn });
    expect(described.solutionVersion).toMatchObject({ status: "ACTIVE" });
    const { metrics } = await personalize.call("GetSolutionMetrics", { solutionVersionArn });
    await personalize.settle("CreateCampaign", { name: "live", solutionVersionArn });

    expect(Object.keys(metrics)).toHaveLength(8);
    expect(await recommend("u7")).toEqual(["i0", "i1", "i2"]);

    const filterExpression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")';
    const { filterArn } = await personalize.settle("CreateFilter", {
      name: "new",
      datasetGroupArn: groupArn,
      filterExpression,
    });
    expect(await recommend("u1", { filterArn })).toEqual(["i2", "i3", "i4"]);

    const { trackingId } = await personalize.settle("CreateEventTracker", { name: "t", datasetGroupArn: groupArn });
    const eventList = [{ eventType: "view", itemId: "i3", sentAt: new Date(clock.now()) }];
    await personalize.call("PutEvents", { trackingId, userId: "u1", sessionId: "s", eventList });
    expect(await recommend("u1", { filterArn })).toEqual(["i2", "i4", "i5"]);
  });

  it("trains a recommender on the events of its use case, answers a batch and exports the rows", async () => {
    const clock = createJumpingClock();
    jobs = createJobRunner({ clock, dataDir, threads: 1, run: "here" });
    const personalize = personalizeForTest({ clock, jobs, realRecipes: true });
    const { settle, call, bucket } = personalize;
    bucket.files["interactions/1.csv"] = csv().replaceAll(",view,", ",View,");
    bucket.files["batch/users.json"] = '{"userId":"u7"}\n';
    const domain = "ECOMMERCE";
    await settle("CreateDatasetGroup", { name: "shop", domain });
    await call("CreateSchema", { name: "i", schema: interactionsSchema, domain });
    const dataset = { name: "i", schemaArn: arn("schema/i"), datasetGroupArn: groupArn, datasetType: "Interactions" };
    await settle("CreateDataset", dataset);
    await settle("CreateDatasetImportJob", importOf("one"));

    const popular = "arn:aws:personalize:::recipe/aws-ecomm-popular-items-by-views";
    const request = { name: "home", datasetGroupArn: groupArn, recipeArn: popular };
    const { recommenderArn } = await settle("CreateRecommender", request);
    const { itemList } = await call("GetRecommendations", { recommenderArn, userId: "u7", numResults: 2 });
    expect(itemList).toEqual([{ itemId: "i0" }, { itemId: "i1" }]);

    const recipeArn = "arn:aws:personalize:::recipe/aws-popularity-count";
    await settle("CreateSolution", { name: "next", datasetGroupArn: groupArn, recipeArn, performAutoTraining: false });
    await settle("CreateBatchInferenceJob", {
      ...{ jobName: "night", solutionVersionArn: await train(personalize), roleArn, numResults: 2 },
      jobInput: { s3DataSource: { path: "s3://shop/batch/" } },
      jobOutput: { s3DataDestination: { path: "s3://shop/out/" } },
    });
    expect(JSON.parse(bucket.files["out/users.json.out"] ?? "")).toEqual({
      input: { userId: "u7" },
      output: { recommendedItems: ["i0", "i1"] },
      error: null,
    });

    const jobOutput = { s3DataDestination: { path: "s3://shop/out/" } };
    const copy = { jobName: "copy", datasetArn: interactionsArn, roleArn, jobOutput, ingestionMode: "ALL" };
    await settle("CreateDatasetExportJob", copy);
    const sorted = (text: string | undefined) => (text ?? "").trimEnd().split("\n").sort();
    expect(sorted(bucket.files["out/copy.csv"])).toEqual(sorted(bucket.files["interactions/1.csv"]));
  });
});
