/** Batch inference jobs: what is asked in a file is answered in a file, line by line, as whom and within which limits. */
import { describe, expect, it } from "@jest/globals";
import type { Query } from "../../../../local/recipes/recipe.ts";
import { historyOf, servingModel, type FakeModel } from "../../../support/fake-job-runner.ts";
import {
  arn,
  groupArn,
  personalizeForTest,
  roleArn,
  solutionArn,
  train,
  withItems,
  withSolution,
  type TestPersonalize,
} from "../../../support/personalize.ts";

const batchInferenceJobArn = arn("batch-inference-job/night");

async function trained(recipe = "aws-hrnn", model: FakeModel = {}) {
  const personalize = personalizeForTest();
  personalize.jobs.modelOf = async () => servingModel({ histories: { u1: historyOf(3) }, ...model });
  await withSolution(personalize, { recipe });
  return { personalize, solutionVersionArn: await train(personalize) };
}

const jobOf = (solutionVersionArn: string, more: object = {}) => ({
  jobName: "night",
  solutionVersionArn,
  roleArn,
  jobInput: { s3DataSource: { path: "s3://shop/batch/users.json" } },
  jobOutput: { s3DataDestination: { path: "s3://shop/results/" } },
  ...more,
});

/** Runs a job on these lines and gives the parsed lines of its output. */
async function outputOf(
  { bucket, settle }: TestPersonalize,
  input: object,
  lines: readonly string[],
): Promise<Record<string, unknown>[]> {
  bucket.files["batch/users.json"] = lines.join("\n") + "\n";
  await settle("CreateBatchInferenceJob", input);
  const text = bucket.files["results/users.json.out"] ?? "";
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const job = async ({ call }: TestPersonalize) =>
  (await call("DescribeBatchInferenceJob", { batchInferenceJobArn })).batchInferenceJob;

describe("CreateBatchInferenceJob", () => {
  it("answers each line beside its question, with scores where the recipe gives them", async () => {
    const { personalize, solutionVersionArn } = await trained();

    const lines = ['{"userId":"u1"}', "", '{"userId":"stranger"}'];
    const output = await outputOf(personalize, jobOf(solutionVersionArn, { numResults: 2 }), lines);

    expect(output).toEqual([
      { input: { userId: "u1" }, output: { recommendedItems: ["a", "b"], scores: [0.4, 0.3] }, error: null },
      { input: { userId: "stranger" }, output: { recommendedItems: ["d", "c"] }, error: null },
    ]);
    expect(await job(personalize)).toMatchObject({
      status: "ACTIVE",
      numResults: 2,
      batchInferenceJobMode: "BATCH_INFERENCE",
    });
  });

  it("asks related-items recipes with the item, and puts lists in a user's order", async () => {
    const sims = await trained("aws-sims");
    const ranking = await trained("aws-personalized-ranking");

    const related = await outputOf(sims.personalize, jobOf(sims.solutionVersionArn), ['{"itemId":"b"}']);
    const ranked = await outputOf(ranking.personalize, jobOf(ranking.solutionVersionArn), [
      '{"userId":"u1","itemList":["c","unheard","b"]}',
    ]);

    expect(related[0]).toMatchObject({ input: { itemId: "b" }, output: { recommendedItems: ["a", "b", "c", "d"] } });
    expect(ranked[0]).toEqual({
      input: { userId: "u1", itemList: ["c", "unheard", "b"] },
      output: { recommendedItems: ["b", "c", "unheard"], scores: [0.3, 0.2] },
      error: null,
    });
  });

  it("says what is wrong with a line in that line and answers the others", async () => {
    const { personalize, solutionVersionArn } = await trained();

    const output = await outputOf(personalize, jobOf(solutionVersionArn), ["{", '{"itemId":"a"}', '{"userId":"u1"}']);

    expect(output[0]).toEqual({ input: "{", output: null, error: expect.stringContaining("not valid JSON") });
    expect(output[1]).toEqual({ input: { itemId: "a" }, output: null, error: expect.stringContaining("userId") });
    expect(output[2]).toMatchObject({ error: null });
    expect(await job(personalize)).toMatchObject({ status: "ACTIVE" });
  });

  it("fills the filter's placeholders line by line", async () => {
    const { personalize, solutionVersionArn } = await trained();
    await withItems(personalize);
    Object.assign(personalize.jobs.items, { a: { GENRE: "drama" }, b: { GENRE: "comedy" } });
    const filterExpression = "INCLUDE ItemID WHERE Items.GENRE IN ($G)";
    const filter = { name: "f", datasetGroupArn: groupArn, filterExpression };
    const { filterArn } = await personalize.settle("CreateFilter", filter);

    const output = await outputOf(personalize, jobOf(solutionVersionArn, { filterArn }), [
      '{"userId":"u1","filterValues":{"G":"\\"comedy\\""}}',
      '{"userId":"u1"}',
    ]);

    expect(output[0]).toMatchObject({ output: { recommendedItems: ["b"] }, error: null });
    expect(output[1]).toMatchObject({ output: null, error: expect.stringContaining("$G") });
  });

  it("asks the model for sixteen users together where it can be, and says the same", async () => {
    const asked: Query[] = [];
    const { personalize, solutionVersionArn } = await trained("aws-hrnn", { asked });
    const groups: number[] = [];
    const made = servingModel({ histories: { u1: historyOf(3) }, asked });
    const recommendMany = (queries: readonly Query[]) => {
      groups.push(queries.length);
      return queries.map((query) => made.model.recommend(query));
    };
    const lines = [...Array<string>(17).fill('{"userId":"u1"}'), "{", '{"userId":"stranger"}'];

    const one = await outputOf(personalize, jobOf(solutionVersionArn, { jobName: "one-by-one" }), lines);
    personalize.jobs.modelOf = async () => ({ ...made, model: { ...made.model, recommendMany } });
    const many = await outputOf(personalize, jobOf(solutionVersionArn), lines);

    expect(groups).toEqual([16, 1]);
    expect(many).toEqual(one);
    expect(many[0]).toMatchObject({ output: { recommendedItems: ["a", "b", "c", "d"] } });
    expect(many.at(-1)).toMatchObject({ output: { recommendedItems: ["d", "c", "b", "a"] } });
  });

  it("explores as the job says, where the recipe lets one say", async () => {
    const asked: Query[] = [];
    const { personalize, solutionVersionArn } = await trained("aws-user-personalization", { asked });
    const itemExplorationConfig = { explorationWeight: "0.7", explorationItemAgeCutOff: "12" };
    const batchInferenceJobConfig = { itemExplorationConfig };

    await outputOf(personalize, jobOf(solutionVersionArn, { batchInferenceJobConfig }), ['{"userId":"u1"}']);
    await outputOf(personalize, jobOf(solutionVersionArn, { jobName: "plain" }), ['{"userId":"u1"}']);

    expect(asked.map(({ exploration }) => [exploration?.weight, exploration?.itemAgeCutOffDays])).toEqual([
      [0.7, 12],
      [0.3, 30],
    ]);
  });

  it("reads every file of a folder and leaves a marker beside the answers", async () => {
    const { personalize, solutionVersionArn } = await trained();
    const { files } = personalize.bucket;
    Object.assign(files, { "batch/1.json": '{"userId":"u1"}', "batch/2.json": '{"userId":"u1"}' });
    const folders = {
      jobInput: { s3DataSource: { path: "s3://shop/batch/" } },
      jobOutput: { s3DataDestination: { path: "s3://shop/results" } },
    };

    await personalize.settle("CreateBatchInferenceJob", jobOf(solutionVersionArn, folders));

    expect(Object.keys(files).filter((key) => key.startsWith("results"))).toEqual([
      "results/_CHECK",
      "results/1.json.out",
      "results/2.json.out",
    ]);
  });

  it.each([
    { why: "the role may not be assumed", refusal: "sts:AssumeRole", files: { "batch/users.json": "{}" } },
    { why: "the bucket does not admit the service", refusal: "s3:PutObject", files: { "batch/users.json": "{}" } },
    { why: "there is no such file", refusal: "nothing", files: {} },
  ])("fails when $why", async ({ refusal, files }) => {
    const { personalize, solutionVersionArn } = await trained();
    personalize.refused.add(refusal);
    Object.assign(personalize.bucket.files, files);

    await personalize.settle("CreateBatchInferenceJob", jobOf(solutionVersionArn));

    expect(await job(personalize)).toMatchObject({
      status: "CREATE FAILED",
      failureReason: expect.stringMatching(
        refusal === "nothing" ? /^Invalid Data location/ : /^Insufficient privileges/,
      ),
    });
  });

  it.each([
    {
      why: "an input that is not in S3",
      change: { jobInput: { s3DataSource: { path: "http://x/y" } } },
      says: "input path",
    },
    {
      why: "an output that is not in S3",
      change: { jobOutput: { s3DataDestination: { path: "s3://x" } } },
      says: "output path",
    },
    { why: "too many results", change: { numResults: 501 }, says: "from 1 to 500" },
  ])("refuses $why", async ({ change, says }) => {
    const { personalize, solutionVersionArn } = await trained();

    await expect(personalize.call("CreateBatchInferenceJob", jobOf(solutionVersionArn, change))).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringContaining(says),
    });
  });

  it.each([
    {
      why: "another account's role",
      change: { roleArn: "arn:aws:iam::111111111111:role/r" },
      error: "AccessDeniedException",
    },
    {
      why: "an unknown version",
      change: { solutionVersionArn: `${solutionArn}/0` },
      error: "ResourceNotFoundException",
    },
    { why: "an unknown filter", change: { filterArn: arn("filter/no") }, error: "ResourceNotFoundException" },
  ])("refuses $why", async ({ change, error }) => {
    const { personalize, solutionVersionArn } = await trained();

    await expect(personalize.call("CreateBatchInferenceJob", jobOf(solutionVersionArn, change))).rejects.toMatchObject({
      name: error,
    });
  });

  it("fails with the reason when the model's files are damaged", async () => {
    const { personalize, solutionVersionArn } = await trained();
    personalize.jobs.modelOf = () => Promise.reject(new Error("blob-table is damaged"));

    await outputOf(personalize, jobOf(solutionVersionArn), ['{"userId":"u1"}']);

    const { status, failureReason } = await job(personalize);
    expect(status).toBe("CREATE FAILED");
    expect(failureReason).toMatch(/^The model of \S+ cannot be opened: blob-table is damaged\./);
  });

  it("refuses a version that still trains", async () => {
    const { personalize } = await trained();
    const release = personalize.clock.hold();
    const { solutionVersionArn } = await personalize.call("CreateSolutionVersion", { solutionArn });

    await expect(personalize.call("CreateBatchInferenceJob", jobOf(solutionVersionArn))).rejects.toMatchObject({
      name: "ResourceInUseException",
    });
    release();
  });

  it("never frees a name, and takes five jobs at once and not six", async () => {
    const { personalize, solutionVersionArn } = await trained();
    const release = personalize.clock.hold();
    for (const n of [1, 2, 3, 4, 5]) {
      await personalize.call("CreateBatchInferenceJob", jobOf(solutionVersionArn, { jobName: `job-${n}` }));
    }

    const create = (jobName: string) =>
      personalize.call("CreateBatchInferenceJob", jobOf(solutionVersionArn, { jobName }));
    await expect(create("job-6")).rejects.toMatchObject({ name: "LimitExceededException" });
    await expect(create("job-1")).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
    release();
  });

  it("keeps its solution from being deleted while it runs", async () => {
    const { personalize, solutionVersionArn } = await trained();
    const release = personalize.clock.hold();
    await personalize.call("CreateBatchInferenceJob", jobOf(solutionVersionArn));

    await expect(personalize.call("DeleteSolution", { solutionArn })).rejects.toMatchObject({
      name: "ResourceInUseException",
      message: expect.stringContaining("batch-inference-job/night"),
    });
    release();
  });
});

describe("ListBatchInferenceJobs", () => {
  it("lists the jobs of a version in summaries", async () => {
    const { personalize, solutionVersionArn } = await trained();
    await personalize.settle("CreateBatchInferenceJob", jobOf(solutionVersionArn));

    const mine = await personalize.call("ListBatchInferenceJobs", { solutionVersionArn });
    const others = await personalize.call("ListBatchInferenceJobs", { solutionVersionArn: `${solutionArn}/0` });

    expect(mine.batchInferenceJobs).toEqual([expect.objectContaining({ jobName: "night", solutionVersionArn })]);
    expect(mine.batchInferenceJobs[0]).not.toHaveProperty("jobInput");
    expect(others.batchInferenceJobs).toEqual([]);
  });
});
