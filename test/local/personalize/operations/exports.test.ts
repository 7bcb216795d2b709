/** Export jobs: what is written where, as whom, and what is refused. */
import { describe, expect, it } from "@jest/globals";
import { arn, interactionsArn, personalizeForTest, roleArn, withDataset } from "../../../support/personalize.ts";

const datasetExportJobArn = arn("dataset-export-job/copy");
const request = (more: object = {}) => ({
  jobName: "copy",
  datasetArn: interactionsArn,
  roleArn,
  jobOutput: { s3DataDestination: { path: "s3://shop/exports/" } },
  ...more,
});

describe("CreateDatasetExportJob", () => {
  it("writes what was sent to a file named after the job, unless told otherwise", async () => {
    const { settle, call, bucket } = await withDataset(personalizeForTest());

    await settle("CreateDatasetExportJob", request());
    await settle("CreateDatasetExportJob", request({ jobName: "all", ingestionMode: "ALL" }));
    const { datasetExportJob } = await call("DescribeDatasetExportJob", { datasetExportJobArn });

    expect(datasetExportJob).toMatchObject({ status: "ACTIVE", ingestionMode: "PUT", datasetArn: interactionsArn });
    expect(bucket.files).toMatchObject({
      "exports/copy.csv": "INTERACTIONS\nPUT\n",
      "exports/all.csv": "INTERACTIONS\nALL\n",
    });
  });

  it("locks the file with the key that was asked for", async () => {
    const { settle, bucket } = await withDataset(personalizeForTest());
    const kmsKeyArn = "arn:aws:kms:us-east-1:000000000000:key/k";

    await settle(
      "CreateDatasetExportJob",
      request({ jobOutput: { s3DataDestination: { path: "s3://shop/x/", kmsKeyArn } } }),
    );

    expect(bucket.locks).toEqual({ "x/copy.csv": kmsKeyArn });
  });

  it("fails when the role may not write", async () => {
    const { settle, call, refused } = await withDataset(personalizeForTest());
    refused.add("s3:PutObject");

    await settle("CreateDatasetExportJob", request());

    const { datasetExportJob } = await call("DescribeDatasetExportJob", { datasetExportJobArn });
    expect(datasetExportJob).toMatchObject({
      status: "CREATE FAILED",
      failureReason: expect.stringMatching(/^Insufficient privileges for accessing data in Amazon S3/),
    });
  });

  it.each([
    {
      why: "an unknown dataset",
      change: { datasetArn: arn("dataset/shop/USERS") },
      error: "ResourceNotFoundException",
    },
    {
      why: "an output outside S3",
      change: { jobOutput: { s3DataDestination: { path: "x" } } },
      error: "InvalidInputException",
    },
    {
      why: "another account's role",
      change: { roleArn: "arn:aws:iam::111111111111:role/r" },
      error: "AccessDeniedException",
    },
    { why: "a name in use", change: { jobName: "taken" }, error: "ResourceAlreadyExistsException" },
  ])("refuses $why", async ({ change, error }) => {
    const { call, settle } = await withDataset(personalizeForTest());
    await settle("CreateDatasetExportJob", request({ jobName: "taken" }));

    await expect(call("CreateDatasetExportJob", request(change))).rejects.toMatchObject({ name: error });
  });

  it("keeps its dataset from being deleted while it runs, and is listed with it", async () => {
    const { call, clock } = await withDataset(personalizeForTest());
    const release = clock.hold();
    await call("CreateDatasetExportJob", request());

    await expect(call("DeleteDataset", { datasetArn: interactionsArn })).rejects.toMatchObject({
      name: "ResourceInUseException",
      message: expect.stringContaining("dataset-export-job/copy"),
    });
    const { datasetExportJobs } = await call("ListDatasetExportJobs", { datasetArn: interactionsArn });
    expect(datasetExportJobs).toEqual([expect.objectContaining({ jobName: "copy", status: "CREATE PENDING" })]);
    release();
  });
});
