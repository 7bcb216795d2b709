import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListDashboardsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
  ResourceNotFound,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type CloudWatchParts, createCloudWatch } from "../../../local/cloudwatch/create-cloudwatch.ts";
import { startCloud } from "../../support/running-cloud.ts";

let cloud: Awaited<ReturnType<typeof startCloud>>;
let parts: CloudWatchParts;
let client: CloudWatchClient;

beforeEach(async () => {
  cloud = await startCloud((deps) => {
    parts = createCloudWatch(deps);
    return [parts.service];
  });
  client = new CloudWatchClient(cloud.client());
});
afterEach(() => cloud.close());

const noon = new Date("2026-01-05T12:00:00Z");
const after = (seconds: number) => new Date(noon.getTime() + seconds * 1000);
const Dimensions = [{ Name: "Group", Value: "shop" }];
const put = (data: object[]) =>
  client.send(
    new PutMetricDataCommand({
      Namespace: "Outrank",
      MetricData: data.map((datum) => ({ MetricName: "Lift", Dimensions, ...datum })),
    }),
  );
const span = { StartTime: noon, EndTime: after(600) };

describe("metrics", () => {
  it("are averaged over periods, whatever form they came in", async () => {
    await put([
      { Timestamp: after(5), Value: 1 },
      { Timestamp: after(65), Values: [2, 8], Counts: [3, 1] },
      { Timestamp: after(301), StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 4, Maximum: 6 } },
      { Timestamp: after(600), Value: 99 },
    ]);

    const statistics = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: "Outrank",
        MetricName: "Lift",
        Dimensions,
        ...span,
        Period: 300,
        Statistics: ["Average", "Sum", "Minimum", "Maximum", "SampleCount"],
      }),
    );

    expect(statistics.Datapoints).toEqual([
      { Timestamp: noon, Unit: "None", SampleCount: 5, Sum: 15, Average: 3, Minimum: 1, Maximum: 8 },
      { Timestamp: after(300), Unit: "None", SampleCount: 2, Sum: 10, Average: 5, Minimum: 4, Maximum: 6 },
    ]);
  });

  it("are read newest first by GetMetricData, unless asked otherwise", async () => {
    await put([
      { Timestamp: noon, Value: 1 },
      { Timestamp: after(60), Value: 2 },
    ]);
    const Metric = { Namespace: "Outrank", MetricName: "Lift", Dimensions };
    const query = { ...span, MetricDataQueries: [{ Id: "m", MetricStat: { Metric, Period: 60, Stat: "Maximum" } }] };

    const newest = await client.send(new GetMetricDataCommand(query));
    const oldest = await client.send(new GetMetricDataCommand({ ...query, ScanBy: "TimestampAscending" }));

    expect(newest.MetricDataResults).toEqual([
      { Id: "m", Label: "Lift", Timestamps: [after(60), noon], Values: [2, 1], StatusCode: "Complete" },
    ]);
    expect(oldest.MetricDataResults?.[0]).toMatchObject({ Timestamps: [noon, after(60)], Values: [1, 2] });
  });

  it("may come compressed, as the SDK sends large requests", async () => {
    const names = Array.from({ length: 300 }, (_, n) => `metric-${n}-${"x".repeat(60)}`);
    await put(names.map((MetricName) => ({ MetricName, Timestamp: noon, Value: 1 })));
    expect((await client.send(new ListMetricsCommand({}))).Metrics).toHaveLength(300);
  });

  it("are listed by namespace, name and dimension, once each", async () => {
    await put([{ Value: 1 }, { Value: 2 }, { MetricName: "Coverage", Value: 1 }]);
    const of = async (input: object) => (await client.send(new ListMetricsCommand(input))).Metrics;
    expect(await of({ MetricName: "Lift" })).toEqual([{ Namespace: "Outrank", MetricName: "Lift", Dimensions }]);
    expect(await of({ Dimensions: [{ Name: "Group" }] })).toHaveLength(2);
    expect(await of({ Dimensions: [{ Name: "Group", Value: "other" }] })).toEqual([]);
  });

  it.each([
    { why: "no data", input: { Namespace: "Outrank", MetricData: [] }, name: "MissingRequiredParameterException" },
    {
      why: "a namespace that is too long",
      input: { Namespace: "n".repeat(256), MetricData: [{ MetricName: "m", Value: 1 }] },
      name: "ValidationException",
    },
    {
      why: "values without their counts",
      input: { Namespace: "O", MetricData: [{ MetricName: "m", Values: [1, 2], Counts: [1] }] },
      name: "InvalidParameterValueException",
    },
  ])("are refused for $why", async ({ input, name }) => {
    await expect(client.send(new PutMetricDataCommand(input))).rejects.toMatchObject({ name });
  });

  it("say which statistics can be told", async () => {
    await put([{ Timestamp: noon, Value: 1 }]);
    const MetricStat = { Metric: { Namespace: "Outrank", MetricName: "Lift", Dimensions }, Period: 60, Stat: "p99" };
    const asked = client.send(new GetMetricDataCommand({ ...span, MetricDataQueries: [{ Id: "m", MetricStat }] }));
    await expect(asked).rejects.toThrow("The statistic p99 is not supported by this cloud: use one of SampleCount");
  });
});

describe("the protocols of CloudWatch", () => {
  const body = { Namespace: "Outrank", MetricData: [{ MetricName: "Lift", Value: 1 }] };

  it("JSON", async () => {
    const headers = {
      "x-amz-target": "GraniteServiceVersion20100801.PutMetricData",
      "content-type": "application/x-amz-json-1.0",
    };
    const response = await fetch(cloud.url, { method: "POST", headers, body: JSON.stringify(body) });
    expect([response.status, await response.text()]).toEqual([200, "{}"]);
  });

  it("query, unsigned", async () => {
    const form = new URLSearchParams({ Action: "ListMetrics", Version: "2010-08-01", Namespace: "Outrank" });
    const response = await fetch(cloud.url, { method: "POST", body: form });
    expect(await response.text()).toMatch(
      /^<ListMetricsResponse xmlns="http:\/\/monitoring\.amazonaws\.com\/doc\/2010-08-01\/"><ListMetricsResult>/,
    );
  });
});

describe("CloudWatch in a template", () => {
  it("keeps alarms and dashboards", async () => {
    const apply = (type: string, logicalId: string, properties: Record<string, unknown>) =>
      parts.provisioners
        .find((it) => it.type === type)
        ?.apply({ stackName: "Shop", logicalId, physicalId: undefined, properties });
    const settings = {
      AlarmName: "failures",
      ComparisonOperator: "GreaterThanThreshold",
      EvaluationPeriods: 1,
      Threshold: 0,
      MetricName: "ExecutionsFailed",
      Namespace: "AWS/States",
      Period: 300,
      Statistic: "Sum",
    };

    expect(await apply("AWS::CloudWatch::Alarm", "Failures", settings)).toEqual({
      ref: "failures",
      attributes: { Arn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:failures" },
    });
    await apply("AWS::CloudWatch::Dashboard", "Board", { DashboardName: "board", DashboardBody: '{"widgets":[]}' });
    await client.send(new SetAlarmStateCommand({ AlarmName: "failures", StateValue: "ALARM", StateReason: "test" }));
    await apply("AWS::CloudWatch::Alarm", "Failures", settings);

    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms).toMatchObject([{ ...settings, StateValue: "ALARM", StateReason: "test" }]);
    expect((await client.send(new GetDashboardCommand({ DashboardName: "board" }))).DashboardBody).toBe(
      '{"widgets":[]}',
    );
    expect((await client.send(new ListDashboardsCommand({}))).DashboardEntries).toMatchObject([
      { DashboardName: "board", Size: 14 },
    ]);
  });

  it("tells alarms that are not there", async () => {
    const missing = client.send(new SetAlarmStateCommand({ AlarmName: "x", StateValue: "OK", StateReason: "r" }));
    await expect(missing).rejects.toBeInstanceOf(ResourceNotFound);
  });
});
