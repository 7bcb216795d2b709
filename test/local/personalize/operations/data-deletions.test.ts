/** Data deletion jobs: what is handed to the data plane, how they end, what is refused. */
import { describe, expect, it } from "@jest/globals";
import {
  arn,
  groupArn,
  interactionsArn,
  personalizeForTest,
  roleArn,
  withDataset,
} from "../../../support/personalize.ts";

const dataDeletionJobArn = arn("data-deletion-job/gone");
const request = (more: object = {}) => ({
  jobName: "gone",
  datasetGroupArn: groupArn,
  dataSource: { dataLocation: "s3://shop/gone/" },
  roleArn,
  ...more,
});

async function withLists(quotas = {}) {
  const personalize = await withDataset(personalizeForTest({ settings: { quotas } }));
  Object.assign(personalize.bucket.files, { "gone/1.csv": "USER_ID\nu1\n", "gone/2026/more/2.csv": "USER_ID\nu2\n" });
  const describeJob = async () =>
    (await personalize.call("DescribeDataDeletionJob", { dataDeletionJobArn })).dataDeletionJob;
  return { ...personalize, describeJob };
}

describe("CreateDataDeletionJob", () => {
  it("hands over the lists of a folder, those of its folders as well, and tells how many rows went", async () => {
    const { settle, jobs, describeJob } = await withLists();

    await settle("CreateDataDeletionJob", request());

    expect(jobs.deletions).toEqual([
      expect.objectContaining({
        jobArn: dataDeletionJobArn,
        datasetGroupArn: groupArn,
        datasets: [expect.objectContaining({ datasetArn: interactionsArn })],
      }),
    ]);
    expect([...jobs.bytesRead.keys()]).toEqual(["gone/1.csv", "gone/2026/more/2.csv"]);
    expect(await describeJob()).toMatchObject({ status: "COMPLETED", numDeleted: 7, datasetGroupArn: groupArn });
  });

  it("is PENDING, then IN_PROGRESS, and keeps its datasets meanwhile", async () => {
    const { call, jobs, describeJob } = await withLists();
    jobs.deletionOutcome = "never";
    await call("CreateDataDeletionJob", request());
    const first = await describeJob();
    while (jobs.deletions.length === 0) await new Promise(setImmediate);

    expect([first.status, (await describeJob()).status]).toEqual(["PENDING", "IN_PROGRESS"]);
    await expect(call("DeleteDataset", { datasetArn: interactionsArn })).rejects.toMatchObject({
      message: expect.stringContaining("data-deletion-job/gone"),
    });
  });

  it.each([
    {
      why: "the data plane's reason",
      outcome: { kind: "failed" as const, failureReason: "Row 3 of x: no." },
      quotas: {},
    },
    { why: "too much to read", outcome: undefined, quotas: { deletionBytes: 21 }, says: "22 bytes; at most 21" },
    { why: "no such files", outcome: undefined, quotas: {}, at: "s3://shop/none/", says: "Invalid Data location." },
  ])("fails with $why", async ({ outcome, quotas, at = "s3://shop/gone/", says = "Row 3 of x: no." }) => {
    const { settle, jobs, describeJob } = await withLists(quotas);
    if (outcome) jobs.deletionOutcome = outcome;

    await settle("CreateDataDeletionJob", request({ dataSource: { dataLocation: at } }));

    expect(await describeJob()).toMatchObject({ status: "FAILED", failureReason: expect.stringContaining(says) });
  });

  it.each([
    { why: "an unknown group", change: { datasetGroupArn: arn("dataset-group/no") }, error: "ResourceNotFound" },
    { why: "a location outside S3", change: { dataSource: { dataLocation: "x" } }, error: "InvalidInput" },
    { why: "another account's role", change: { roleArn: "arn:aws:iam::111111111111:role/r" }, error: "AccessDenied" },
  ])("refuses $why", async ({ change, error }) => {
    const { call } = await withLists();

    await expect(call("CreateDataDeletionJob", request(change))).rejects.toMatchObject({ name: `${error}Exception` });
  });

  it("takes five pending at a time, never frees a name, and lists the newest first", async () => {
    const { call, clock } = await withLists();
    const release = clock.hold();
    const create = (jobName: string) => call("CreateDataDeletionJob", request({ jobName }));
    for (const n of [1, 2, 3, 4, 5]) await create(`job-${n}`);

    await expect(create("job-6")).rejects.toMatchObject({ name: "LimitExceededException" });
    await expect(create("job-1")).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
    release();
    await clock.idle();
    await clock.sleep(1000);
    await create("job-7");
    const { dataDeletionJobs } = await call("ListDataDeletionJobs", { datasetGroupArn: groupArn, maxResults: 1 });
    expect(dataDeletionJobs).toEqual([expect.objectContaining({ jobName: "job-7", datasetGroupArn: groupArn })]);
    await expect(
      call("DescribeDataDeletionJob", { dataDeletionJobArn: arn("data-deletion-job/no") }),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
