/** Import jobs: what is read as whom, what fails when, and what a crash leaves. */
import { describe, expect, it } from "@jest/globals";
import { arn, importOf, interactionsArn, personalizeForTest, withDataset } from "../../../support/personalize.ts";

const jobArn = (name: string) => arn(`dataset-import-job/${name}`);

async function failureReason(refusal: string, input = importOf("one")): Promise<string> {
  const personalize = await withDataset(personalizeForTest());
  personalize.refused.add(refusal);
  await personalize.settle("CreateDatasetImportJob", input);
  const answer = await personalize.call("DescribeDatasetImportJob", { datasetImportJobArn: jobArn("one") });
  expect(answer.datasetImportJob.status).toBe("CREATE FAILED");
  return answer.datasetImportJob.failureReason;
}

describe("CreateDatasetImportJob", () => {
  it("hands the files of the folder's first level to the data plane and becomes ACTIVE", async () => {
    const personalize = await withDataset(personalizeForTest());
    const { files } = personalize.bucket;
    files["interactions/2.csv"] = "USER_ID\n";
    files["interactions/old/0.csv"] = "USER_ID\n";

    await personalize.settle("CreateDatasetImportJob", importOf("one"));
    const { datasetImportJob } = await personalize.call("DescribeDatasetImportJob", {
      datasetImportJobArn: jobArn("one"),
    });

    expect(datasetImportJob).toMatchObject({ status: "ACTIVE", importMode: "FULL" });
    expect(personalize.jobs.imports[0]).toMatchObject({ datasetType: "INTERACTIONS", mode: "FULL" });
    expect([...personalize.jobs.bytesRead]).toEqual([
      ["interactions/1.csv", 11],
      ["interactions/2.csv", 8],
    ]);
  });

  it("leaves as many event types as optional columns leave of the quota", async () => {
    const personalize = await withDataset(personalizeForTest());

    await personalize.settle("CreateDatasetImportJob", importOf("one"));

    expect(personalize.jobs.imports[0]?.mostEventTypes).toBe(9); // ten, and the schema has DEVICE_TYPE
  });

  it("reads one file when the location is a key", async () => {
    const personalize = await withDataset(personalizeForTest());
    personalize.bucket.files["interactions/1.csv.bak"] = "USER_ID\n";

    const dataSource = { dataLocation: "s3://shop/interactions/1.csv" };
    await personalize.settle("CreateDatasetImportJob", importOf("one", { dataSource }));

    expect(personalize.jobs.imports[0]?.files.map(({ key }) => key)).toEqual(["interactions/1.csv"]);
  });

  it.each([
    { why: "the role may not be assumed by the service", refusal: "sts:AssumeRole" },
    { why: "the bucket does not admit the service", refusal: "personalize.amazonaws.com" },
    { why: "the bucket admits listing and not reading", refusal: "s3:GetObject" },
  ])("fails the job when $why", async ({ refusal }) => {
    await expect(failureReason(refusal)).resolves.toMatch(
      /^Failed to create a data import job for INTERACTIONS dataset. Insufficient privileges for accessing data in Amazon S3./,
    );
  });

  it.each([
    { why: "the folder is empty", dataLocation: "s3://shop/nothing/" },
    { why: "the bucket does not exist", dataLocation: "s3://elsewhere/interactions/" },
  ])("fails the job for an invalid location when $why", async ({ dataLocation }) => {
    const input = importOf("one", { dataSource: { dataLocation } });

    await expect(failureReason("nothing", input)).resolves.toContain("Invalid Data location.");
  });

  it("fails an INCREMENTAL job before the first FULL one", async () => {
    await expect(failureReason("nothing", importOf("one", { importMode: "INCREMENTAL" }))).resolves.toContain("FULL");
  });

  it("shows the data plane's failureReason", async () => {
    const personalize = await withDataset(personalizeForTest());
    personalize.jobs.importOutcome = {
      kind: "failed",
      failureReason: "Input CSV is missing the following columns:[A].",
    };

    await personalize.settle("CreateDatasetImportJob", importOf("one"));
    const { datasetImportJob } = await personalize.call("DescribeDatasetImportJob", {
      datasetImportJobArn: jobArn("one"),
    });

    expect(datasetImportJob).toMatchObject({
      status: "CREATE FAILED",
      failureReason: "Input CSV is missing the following columns:[A].",
    });
  });

  it.each([
    { why: "without a role", change: { roleArn: undefined }, error: "InvalidInputException" },
    {
      why: "with another account's role",
      change: { roleArn: "arn:aws:iam::111111111111:role/r" },
      error: "AccessDeniedException",
    },
    {
      why: "from a location that is not s3",
      change: { dataSource: { dataLocation: "http://x/y" } },
      error: "InvalidInputException",
    },
    {
      why: "into an unknown dataset",
      change: { datasetArn: arn("dataset/shop/USERS") },
      error: "ResourceNotFoundException",
    },
  ])("refuses to start $why", async ({ change, error }) => {
    const { call } = await withDataset(personalizeForTest());

    await expect(call("CreateDatasetImportJob", importOf("one", change))).rejects.toMatchObject({ name: error });
  });

  it.each([
    { importMode: "FULL", quotas: { fullImportBytes: 10 } },
    { importMode: "INCREMENTAL", quotas: { incrementalImportBytes: 10 } },
  ])("reads no more than its quota allows with importMode $importMode", async ({ importMode, quotas }) => {
    const { call, settle } = await withDataset(personalizeForTest({ settings: { quotas } }));
    if (importMode === "INCREMENTAL") await settle("CreateDatasetImportJob", importOf("base"));

    await settle("CreateDatasetImportJob", importOf("one", { importMode }));

    const { datasetImportJob } = await call("DescribeDatasetImportJob", { datasetImportJobArn: jobArn("one") });
    expect(datasetImportJob).toMatchObject({
      status: "CREATE FAILED",
      failureReason: `s3://shop/interactions/ has 11 bytes; an import with importMode ${importMode} may have 10 at most.`,
    });
  });

  it("never frees the name of a job", async () => {
    const { call, settle } = await withDataset(personalizeForTest());
    await settle("CreateDatasetImportJob", importOf("one"));

    await expect(call("CreateDatasetImportJob", importOf("one"))).rejects.toMatchObject({
      name: "ResourceAlreadyExistsException",
    });
  });

  it("takes five jobs at once and not six", async () => {
    const { call, clock } = await withDataset(personalizeForTest());
    const release = clock.hold();
    for (const n of [1, 2, 3, 4, 5]) await call("CreateDatasetImportJob", importOf(`job-${n}`));

    await expect(call("CreateDatasetImportJob", importOf("job-6"))).rejects.toMatchObject({
      name: "LimitExceededException",
      message: "More than 5 resources with PENDING or IN_PROGRESS status.",
    });
    release();
    await clock.idle();
    await expect(call("CreateDatasetImportJob", importOf("job-6"))).resolves.toBeDefined();
  });

  it("keeps its dataset from being deleted while it runs", async () => {
    const { call, clock } = await withDataset(personalizeForTest());
    const release = clock.hold();
    await call("CreateDatasetImportJob", importOf("one"));

    await expect(call("DeleteDataset", { datasetArn: interactionsArn })).rejects.toMatchObject({
      name: "ResourceInUseException",
      message: expect.stringContaining("dataset-import-job/one"),
    });
    release();
  });
});
