/** Batch segment jobs: users for items and attributes, line by line, as whom and within which limits. */
import { describe, expect, it } from "@jest/globals";
import type { SegmentQuery } from "../../../../local/recipes/recipe.ts";
import { servingModel, type FakeModel } from "../../../support/fake-job-runner.ts";
import {
  arn,
  groupArn,
  itemsSchema,
  personalizeForTest,
  roleArn,
  solutionArn,
  train,
  withSolution,
  type TestPersonalize,
} from "../../../support/personalize.ts";

const batchSegmentJobArn = arn("batch-segment-job/fans");
const fans: FakeModel = { userIds: ["anna", "bert", "carl"] };

async function trained(recipe = "aws-item-affinity", model = fans, quotas = {}) {
  const personalize = personalizeForTest({ settings: { quotas } });
  personalize.jobs.modelOf = async () => servingModel(model);
  await withSolution(personalize, { recipe });
  await personalize.call("CreateSchema", { name: "items", schema: itemsSchema });
  const dataset = { name: "things", schemaArn: arn("schema/items"), datasetGroupArn: groupArn, datasetType: "Items" };
  await personalize.settle("CreateDataset", dataset);
  return { personalize, solutionVersionArn: await train(personalize) };
}

const jobOf = (solutionVersionArn: string, more: object = {}) => ({
  jobName: "fans",
  solutionVersionArn,
  roleArn,
  jobInput: { s3DataSource: { path: "s3://shop/batch/items.json" } },
  jobOutput: { s3DataDestination: { path: "s3://shop/results/" } },
  ...more,
});

/** Runs a job on these lines and gives the parsed lines of its output. */
async function outputOf({ bucket, settle }: TestPersonalize, input: object, lines: readonly string[]) {
  bucket.files["batch/items.json"] = `${lines.join("\n")}\n`;
  await settle("CreateBatchSegmentJob", input);
  const text = bucket.files["results/items.json.out"] ?? "";
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const job = async ({ call }: TestPersonalize) =>
  (await call("DescribeBatchSegmentJob", { batchSegmentJobArn })).batchSegmentJob;

describe("CreateBatchSegmentJob", () => {
  it("lists the users most interested in each item, as the service's own files do", async () => {
    const { personalize, solutionVersionArn } = await trained();

    const output = await outputOf(personalize, jobOf(solutionVersionArn, { numResults: 2 }), [
      '{"itemId":"b"}',
      '{"itemId":"unheard"}',
      '{"userId":"u"}',
      "{",
    ]);

    expect(output).toEqual([
      { input: { itemId: "b" }, output: { usersList: ["anna", "bert"] }, error: null },
      { input: { itemId: "unheard" }, output: null, error: "The solution version knows no item unheard." },
      { input: { userId: "u" }, output: null, error: expect.stringContaining("itemId") },
      { input: "{", output: null, error: expect.stringContaining("not valid JSON") },
    ]);
    expect(await job(personalize)).toMatchObject({ status: "ACTIVE", numResults: 2, solutionVersionArn, roleArn });
    expect(Object.keys(personalize.bucket.files)).toContain("results/_CHECK");
  });

  it("asks attribute recipes with the expression's meaning, and says where an expression is wrong", async () => {
    const segmented: SegmentQuery[] = [];
    const { personalize, solutionVersionArn } = await trained("aws-item-attribute-affinity", { ...fans, segmented });

    const output = await outputOf(personalize, jobOf(solutionVersionArn), [
      JSON.stringify({ itemAttributes: 'ITEMS.genre = "Comedy" AND ITEMS.price = 5' }),
      JSON.stringify({ itemAttributes: 'ITEMS.genre == "Comedy"' }),
    ]);

    expect(output[0]).toMatchObject({ output: { usersList: ["anna", "bert", "carl"] }, error: null });
    expect(output[1]).toMatchObject({ output: null, error: expect.stringContaining("at character 14") });
    expect(segmented).toEqual([
      expect.objectContaining({
        attributes: [
          [
            { column: "GENRE", value: "Comedy" },
            { column: "PRICE", value: "5" },
          ],
        ],
        count: 25,
      }),
    ]);
  });

  it("leaves out users whom nobody else knows any more", async () => {
    const { personalize, solutionVersionArn } = await trained("aws-item-affinity", { ...fans, gone: ["bert"] });

    const output = await outputOf(personalize, jobOf(solutionVersionArn), ['{"itemId":"b"}']);

    expect(output[0]).toMatchObject({ output: { usersList: ["anna", "carl"] } });
  });

  const filtered = async (personalize: TestPersonalize, filterExpression: string) =>
    (await personalize.settle("CreateFilter", { name: "f", datasetGroupArn: groupArn, filterExpression })).filterArn;

  it("lets a filter on users in, its placeholders filled line by line", async () => {
    const { personalize, solutionVersionArn } = await trained();
    const { histories } = personalize.jobs;
    histories.anna = [{ itemId: "a", timestamp: 1, eventType: "view" }];
    histories.carl = [{ itemId: "a", timestamp: 1, eventType: "buy" }];
    const filterArn = await filtered(personalize, "INCLUDE UserID WHERE Interactions.EVENT_TYPE IN ($TYPE)");

    const output = await outputOf(personalize, jobOf(solutionVersionArn, { filterArn }), [
      JSON.stringify({ itemId: "b", filterValues: { TYPE: '"buy"' } }),
      JSON.stringify({ itemId: "b", filterValues: { TYPE: '"buy","view"' } }),
      JSON.stringify({ itemId: "b" }),
    ]);

    expect(output.map(({ output: found }) => found)).toEqual([
      { usersList: ["carl"] },
      { usersList: ["anna", "carl"] },
      null,
    ]);
    expect(output[2]).toMatchObject({ error: expect.stringContaining("TYPE") });
  });

  it.each([
    { recipe: "aws-item-affinity", expression: 'INCLUDE ItemID WHERE Items.GENRE IN ("a")', says: "not about UserID" },
    {
      recipe: "aws-item-attribute-affinity",
      expression: 'INCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("*")',
      says: "aws-item-attribute-affinity does not allow",
    },
  ])("refuses the filter $expression with $recipe", async ({ recipe, expression, says }) => {
    const { personalize, solutionVersionArn } = await trained(recipe);
    const filterArn = await filtered(personalize, expression);

    await expect(
      personalize.call("CreateBatchSegmentJob", jobOf(solutionVersionArn, { filterArn })),
    ).rejects.toMatchObject({ name: "InvalidInputException", message: expect.stringContaining(says) });
  });

  it.each([
    { recipe: "aws-item-affinity", quota: "itemSegmentsPerFile", line: '{"itemId":"b"}' },
    {
      recipe: "aws-item-attribute-affinity",
      quota: "attributeSegmentsPerFile",
      line: JSON.stringify({ itemAttributes: 'ITEMS.GENRE = "a"' }),
    },
  ])("fails on a file with more lines than $quota", async ({ recipe, quota, line }) => {
    const { personalize, solutionVersionArn } = await trained(recipe, fans, { [quota]: 2 });

    const output = await outputOf(personalize, jobOf(solutionVersionArn), [line, line, line]);

    expect(output).toEqual([]);
    expect(await job(personalize)).toMatchObject({
      status: "CREATE FAILED",
      failureReason: "items.json has more than 2 records, which is what this job may read of a file.",
    });
  });

  it("locks what it writes with the key that was asked for", async () => {
    const { personalize, solutionVersionArn } = await trained();
    const kmsKeyArn = "arn:aws:kms:us-east-1:000000000000:key/k";
    const jobOutput = { s3DataDestination: { path: "s3://shop/results/", kmsKeyArn } };

    await outputOf(personalize, jobOf(solutionVersionArn, { jobOutput }), ['{"itemId":"b"}']);

    expect(personalize.bucket.locks).toEqual({ "results/_CHECK": kmsKeyArn, "results/items.json.out": kmsKeyArn });
  });

  it("refuses a version of another recipe, by its name", async () => {
    const { personalize, solutionVersionArn } = await trained("aws-hrnn");

    await expect(personalize.call("CreateBatchSegmentJob", jobOf(solutionVersionArn))).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringMatching(/^aws-hrnn does not make user segments: .*CreateBatchInferenceJob/),
    });
    expect((await personalize.call("ListBatchSegmentJobs", {})).batchSegmentJobs).toEqual([]);
  });

  it.each([
    { why: "an unknown version", change: { solutionVersionArn: `${solutionArn}/0` }, error: "ResourceNotFound" },
    {
      why: "an output outside S3",
      change: { jobOutput: { s3DataDestination: { path: "x" } } },
      error: "InvalidInput",
    },
    { why: "another account's role", change: { roleArn: "arn:aws:iam::111111111111:role/r" }, error: "AccessDenied" },
    { why: "more users than a segment may have", change: { numResults: 5_000_001 }, error: "InvalidInput" },
    { why: "an unknown filter", change: { filterArn: arn("filter/no") }, error: "ResourceNotFound" },
  ])("refuses $why", async ({ change, error }) => {
    const { personalize, solutionVersionArn } = await trained();

    await expect(personalize.call("CreateBatchSegmentJob", jobOf(solutionVersionArn, change))).rejects.toMatchObject({
      name: `${error}Exception`,
    });
  });

  it("never frees a name, takes five jobs at once and not six, and keeps its solution meanwhile", async () => {
    const { personalize, solutionVersionArn } = await trained();
    const create = (jobName: string) =>
      personalize.call("CreateBatchSegmentJob", jobOf(solutionVersionArn, { jobName }));
    const release = personalize.clock.hold();
    for (const n of [1, 2, 3, 4, 5]) await create(`job-${n}`);

    await expect(create("job-6")).rejects.toMatchObject({ name: "LimitExceededException" });
    await expect(create("job-1")).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
    await expect(personalize.call("DeleteSolution", { solutionArn })).rejects.toMatchObject({
      message: expect.stringContaining("batch-segment-job/job-1"),
    });
    release();
  });

  it("is listed by version, in summaries", async () => {
    const { personalize, solutionVersionArn } = await trained();
    await outputOf(personalize, jobOf(solutionVersionArn), ['{"itemId":"b"}']);

    const mine = await personalize.call("ListBatchSegmentJobs", { solutionVersionArn });
    const others = await personalize.call("ListBatchSegmentJobs", { solutionVersionArn: `${solutionArn}/0` });

    expect(mine.batchSegmentJobs).toEqual([
      expect.objectContaining({ jobName: "fans", status: "ACTIVE", solutionVersionArn }),
    ]);
    expect(mine.batchSegmentJobs[0]).not.toHaveProperty("jobInput");
    expect(others.batchSegmentJobs).toEqual([]);
    await expect(personalize.call("ListBatchSegmentJobs", { nextToken: "x" })).rejects.toMatchObject({
      name: "InvalidNextTokenException",
    });
    await expect(
      personalize.call("DescribeBatchSegmentJob", { batchSegmentJobArn: arn("batch-segment-job/no") }),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
