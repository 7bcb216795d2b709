/** Batch inference with themes: which jobs may ask for them, and what their lines say. */
import { describe, expect, it } from "@jest/globals";
import { servingModel } from "../../../support/fake-job-runner.ts";
import { avro } from "../../../support/personalize-data.ts";
import { arn, groupArn, personalizeForTest, roleArn, train, withSolution } from "../../../support/personalize.ts";

const schema = avro(
  "Items",
  ["ITEM_ID", "string"],
  ["TITLE", "string", { itemName: true }],
  ["GENRE", ["null", "string"], { categorical: true }],
  ["PLOT", ["null", "string"], { textual: true }],
);
const themes = {
  batchInferenceJobMode: "THEME_GENERATION",
  themeGenerationConfig: { fieldsForThemeGeneration: { itemName: "TITLE" } },
};

async function trained({ recipe = "aws-similar-items", items = schema } = {}) {
  const personalize = personalizeForTest();
  personalize.jobs.modelOf = async () => servingModel({ items: ["a", "b", "c", "d", "e", "f", "g", "h"] });
  await withSolution(personalize, { recipe });
  await personalize.call("CreateSchema", { name: "items", schema: items });
  const dataset = { name: "i", datasetGroupArn: groupArn, datasetType: "Items", schemaArn: arn("schema/items") };
  await personalize.settle("CreateDataset", dataset);
  const solutionVersionArn = await train(personalize);
  const create = (more: object = {}) =>
    personalize.settle("CreateBatchInferenceJob", {
      ...{ jobName: "night", solutionVersionArn, roleArn, numResults: 3, ...themes, ...more },
      jobInput: { s3DataSource: { path: "s3://shop/batch/items.json" } },
      jobOutput: { s3DataDestination: { path: "s3://shop/results/" } },
    });
  return { personalize, create };
}

describe("a batch inference job with themes", () => {
  it("names each list and puts its items in the order of their relevance", async () => {
    const { personalize, create } = await trained();
    for (const id of "bcdefgh") personalize.jobs.items[id] = { TITLE: `T${id}`, GENRE: `g${id}`, PLOT: null };
    personalize.jobs.items["a"] = { TITLE: "Moonrise", GENRE: "x", PLOT: null };
    for (const id of "bc") personalize.jobs.items[id] = { TITLE: id, GENRE: "Western", PLOT: null };
    personalize.bucket.files["batch/items.json"] = '{"itemId":"d"}\n{"itemId":7}\n';

    await create();

    const lines = (personalize.bucket.files["results/items.json.out"] ?? "").trim().split("\n");
    const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toEqual({
      input: { itemId: "d" },
      output: { recommendedItems: ["b", "c", "a"], theme: "Western", itemsThemeRelevanceScores: [1, 1, 0] },
      error: null,
    });
    expect(second).toMatchObject({ output: null, error: expect.stringContaining("itemId") });
    const { batchInferenceJob } = await personalize.call("DescribeBatchInferenceJob", {
      batchInferenceJobArn: arn("batch-inference-job/night"),
    });
    expect(batchInferenceJob).toMatchObject({ status: "ACTIVE", ...themes });
  });

  it("fails for more than a hundred items in a file", async () => {
    const { personalize, create } = await trained();
    personalize.bucket.files["batch/items.json"] = '{"itemId":"a"}\n'.repeat(101);

    await create();

    const { batchInferenceJobs } = await personalize.call("ListBatchInferenceJobs", {});
    expect(batchInferenceJobs[0]).toMatchObject({
      status: "CREATE FAILED",
      failureReason: expect.stringContaining("more than 100 records"),
    });
  });

  it.each([
    { why: "without the column of names", change: { themeGenerationConfig: undefined }, says: "go together" },
    { why: "in another mode", change: { batchInferenceJobMode: "BATCH_INFERENCE" }, says: "go together" },
    {
      why: "of a column that is not there",
      change: { themeGenerationConfig: { fieldsForThemeGeneration: { itemName: "NAME" } } },
      says: "NAME, which is no string column",
    },
    { why: "of another recipe", made: { recipe: "aws-sims" }, says: "aws-sims has no themes" },
    {
      why: "of items without a text",
      made: { items: avro("Items", ["ITEM_ID", "string"], ["TITLE", "string"]) },
      says: "textual column",
    },
  ])("is refused $why", async ({ change = {}, made = {}, says }) => {
    const { create } = await trained(made);

    await expect(create(change)).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringContaining(says),
    });
  });
});
