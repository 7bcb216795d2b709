/** Metric attributions: which metrics they may have, how these change, and what they hinder. */
import { describe, expect, it } from "@jest/globals";
import { arn, groupArn, personalizeForTest, roleArn, withDataset, withItems } from "../../../support/personalize.ts";

const metricAttributionArn = arn("metric-attribution/worth");
const clicks = { eventType: "click", metricName: "clicks", expression: "SAMPLECOUNT()" };
const revenue = { eventType: "purchase", metricName: "revenue", expression: "SUM(Items.PRICE)" };
const request = (more: object = {}) => ({
  name: "worth",
  datasetGroupArn: groupArn,
  metrics: [revenue, clicks],
  metricsOutputConfig: { roleArn, s3DataDestination: { path: "s3://shop/metrics/" } },
  ...more,
});

const measured = async () => {
  const personalize = await withItems(await withDataset(personalizeForTest()));
  await personalize.settle("CreateMetricAttribution", request());
  return personalize;
};

describe("CreateMetricAttribution", () => {
  it("keeps the metrics, which a list of their own shows", async () => {
    const { call } = await measured();

    const { metricAttribution } = await call("DescribeMetricAttribution", { metricAttributionArn });
    const first = await call("ListMetricAttributionMetrics", { metricAttributionArn, maxResults: 1 });
    const { nextToken } = first;
    const second = await call("ListMetricAttributionMetrics", { metricAttributionArn, maxResults: 1, nextToken });

    expect(metricAttribution).toMatchObject({ status: "ACTIVE", metricsOutputConfig: { roleArn } });
    expect(metricAttribution).not.toHaveProperty("metrics");
    expect([...first.metrics, ...second.metrics]).toEqual([clicks, revenue]);
    expect(second.nextToken).toBeUndefined();
  });

  it.each([
    {
      why: "an unknown function",
      more: { metrics: [{ ...clicks, expression: "MAX(Items.PRICE)" }] },
      says: "SAMPLECOUNT()",
    },
    {
      why: "eleven metrics",
      more: { metrics: Array.from({ length: 11 }, (_, n) => ({ ...clicks, metricName: `m${n}` })) },
      says: "at most 10",
      name: "LimitExceededException",
    },
    {
      why: "an output that is not in S3",
      more: { metricsOutputConfig: { roleArn, s3DataDestination: { path: "http://x/y" } } },
      says: "Invalid S3 output path",
    },
  ])("refuses $why", async ({ more, says, name = "InvalidInputException" }) => {
    const { call } = await withItems(await withDataset(personalizeForTest()));

    await expect(call("CreateMetricAttribution", request(more))).rejects.toMatchObject({
      name,
      message: expect.stringContaining(says),
    });
  });

  it.each([
    { why: "the same name twice", more: { metrics: [clicks, clicks] }, error: "ResourceAlreadyExistsException" },
    { why: "an unknown group", more: { datasetGroupArn: arn("dataset-group/no") }, error: "ResourceNotFoundException" },
    {
      why: "another account's role",
      more: { metricsOutputConfig: { roleArn: "arn:aws:iam::111111111111:role/r" } },
      error: "AccessDeniedException",
    },
  ])("refuses $why", async ({ more, error }) => {
    const { call } = await withItems(await withDataset(personalizeForTest()));

    await expect(call("CreateMetricAttribution", request(more))).rejects.toMatchObject({ name: error });
  });

  it("is one per dataset group", async () => {
    const { call } = await measured();

    await expect(call("CreateMetricAttribution", request({ name: "second" }))).rejects.toMatchObject({
      name: "ResourceAlreadyExistsException",
      message: expect.stringContaining("metric-attribution/worth"),
    });
  });
});

describe("UpdateMetricAttribution", () => {
  it("removes, adds, and changes the output", async () => {
    const { call } = await measured();
    const views = { eventType: "view", metricName: "views", expression: "SAMPLECOUNT()" };
    const metricsOutputConfig = { roleArn };

    const change = { metricAttributionArn, addMetrics: [views], removeMetrics: ["clicks"], metricsOutputConfig };
    await call("UpdateMetricAttribution", change);

    const { metrics } = await call("ListMetricAttributionMetrics", {});
    const { metricAttribution } = await call("DescribeMetricAttribution", { metricAttributionArn });
    expect(metrics).toEqual([revenue, views]);
    expect(metricAttribution.metricsOutputConfig).toEqual(metricsOutputConfig);
  });

  it.each([
    { why: "a metric it has", change: { addMetrics: [clicks] }, error: "ResourceAlreadyExistsException" },
    { why: "the removal of one it has not", change: { removeMetrics: ["no"] }, error: "InvalidInputException" },
    { why: "no ARN", change: { metricAttributionArn: undefined }, error: "InvalidInputException" },
    {
      why: "an unknown ARN",
      change: { metricAttributionArn: `${metricAttributionArn}x` },
      error: "ResourceNotFoundException",
    },
  ])("refuses $why", async ({ change, error }) => {
    const { call } = await measured();

    await expect(call("UpdateMetricAttribution", { metricAttributionArn, ...change })).rejects.toMatchObject({
      name: error,
    });
  });

  it("waits until the attribution is there", async () => {
    const { call, clock } = await withItems(await withDataset(personalizeForTest()));
    const release = clock.hold();
    await call("CreateMetricAttribution", request());

    for (const operation of ["UpdateMetricAttribution", "DeleteMetricAttribution"]) {
      await expect(call(operation, { metricAttributionArn })).rejects.toMatchObject({ name: "ResourceInUseException" });
    }
    release();
  });
});

describe("DeleteMetricAttribution", () => {
  it("takes the metrics with it; until then the group stays", async () => {
    const { call, settle } = await measured();
    await expect(call("DeleteDatasetGroup", { datasetGroupArn: groupArn })).rejects.toMatchObject({
      message: expect.stringContaining("metric-attribution"),
    });

    await settle("DeleteMetricAttribution", { metricAttributionArn });

    expect((await call("ListMetricAttributionMetrics", {})).metrics).toEqual([]);
    expect((await call("ListMetricAttributions", { datasetGroupArn: groupArn })).metricAttributions).toEqual([]);
    await expect(call("DescribeMetricAttribution", { metricAttributionArn })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
