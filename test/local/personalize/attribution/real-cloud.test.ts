/** Metric attributions in the whole embedded cloud: real roles, the real CloudWatch, the SDK's own clients. */
import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateEventTrackerCommand,
  CreateMetricAttributionCommand,
  CreateSchemaCommand,
  DescribeMetricAttributionCommand,
  PersonalizeClient,
} from "@aws-sdk/client-personalize";
import { PersonalizeEventsClient, PutEventsCommand } from "@aws-sdk/client-personalize-events";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { seededIds, seededRandom } from "../../../../local/cloud/boot/chance.ts";
import { type Cloud, startCloud } from "../../../../local/cloud/boot/start-cloud.ts";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import { interactionsWith, temporaryFolder } from "../../../support/personalize-data.ts";

const clock = createJumpingClock();
const folder = temporaryFolder();
let cloud: Cloud;
let personalize: PersonalizeClient;
let events: PersonalizeEventsClient;
let cloudWatch: CloudWatchClient;

beforeAll(async () => {
  const chance = { ids: seededIds(5), random: seededRandom(5) };
  cloud = await startCloud({
    stateDir: folder.path,
    port: 0,
    clock,
    ...chance,
    log: () => {},
    training: { run: "here" },
  });
  await cloud.resume();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const settings = { endpoint: cloud.url, region: cloud.region, maxAttempts: 1, credentials };
  personalize = new PersonalizeClient(settings);
  events = new PersonalizeEventsClient(settings);
  cloudWatch = new CloudWatchClient(settings);
});
afterAll(async () => {
  for (const client of [personalize, events, cloudWatch]) client.destroy();
  await cloud.close();
  folder.remove();
});

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "personalize.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/** A role that Personalize may take, with these actions allowed on everything. */
async function roleThatMay(name: string, actions: readonly string[]): Promise<string> {
  const ask = (operation: string, input: object) => cloud.calls.call("iam", operation, input, { kind: "account" });
  await ask("CreateRole", { RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) });
  const Statement = [{ Effect: "Allow", Action: actions, Resource: "*" }];
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await ask("PutRolePolicy", { RoleName: name, PolicyName: "may", PolicyDocument });
  return `arn:aws:iam::${cloud.account}:role/${name}`;
}

/** A dataset group with interactions and an attribution that counts clicks with this role. */
async function measured(name: string, roleArn: string) {
  const { datasetGroupArn } = await personalize.send(new CreateDatasetGroupCommand({ name }));
  const schema = interactionsWith();
  const { schemaArn } = await personalize.send(new CreateSchemaCommand({ name, schema }));
  await clock.idle();
  await personalize.send(new CreateDatasetCommand({ name, schemaArn, datasetGroupArn, datasetType: "Interactions" }));
  await clock.idle();
  const metrics = [{ eventType: "click", metricName: "clicks", expression: "SAMPLECOUNT()" }];
  const { metricAttributionArn } = await personalize.send(
    new CreateMetricAttributionCommand({ name, datasetGroupArn, metrics, metricsOutputConfig: { roleArn } }),
  );
  await clock.idle();
  const { metricAttribution } = await personalize.send(new DescribeMetricAttributionCommand({ metricAttributionArn }));
  return { datasetGroupArn, metricAttribution };
}

describe("a metric attribution", () => {
  it("is read in CloudWatch by the metric's name, as the service's guide does", async () => {
    const { datasetGroupArn } = await measured("counted", await roleThatMay("counter", ["cloudwatch:PutMetricData"]));
    const { trackingId } = await personalize.send(new CreateEventTrackerCommand({ name: "t", datasetGroupArn }));
    await clock.idle();
    const quarter = Math.floor(clock.now() / 900_000) * 900_000;
    const click = { eventType: "click", itemId: "a", sentAt: new Date(quarter + 1000) };
    const metricAttribution = { eventAttributionSource: "a rival's shop" };
    const eventList = [click, click, { ...click, sentAt: new Date(quarter - 1000) }].map((event) => ({
      ...event,
      metricAttribution,
    }));
    await events.send(new PutEventsCommand({ trackingId, sessionId: "s", userId: "u", eventList }));
    clock.at(clock.now() + 120_000, () => {});
    await clock.idle();

    const { Metrics = [] } = await cloudWatch.send(new ListMetricsCommand({ MetricName: "clicks" }));
    const [metric] = Metrics;
    const { Datapoints = [] } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        ...{ Namespace: metric?.Namespace, MetricName: metric?.MetricName, Dimensions: metric?.Dimensions },
        ...{ StartTime: new Date(quarter - 900_000), EndTime: new Date(quarter + 900_000) },
        ...{ Period: 900, Statistics: ["Sum"] },
      }),
    );

    expect(Metrics).toHaveLength(1);
    expect(metric?.Dimensions).toEqual(
      expect.arrayContaining([{ Name: "EventAttributionSource", Value: "a rival's shop" }]),
    );
    expect(Datapoints.map(({ Timestamp, Sum }) => [Timestamp?.getTime(), Sum])).toEqual([
      [quarter - 900_000, 1],
      [quarter, 2],
    ]);
  });

  it("fails with IAM's reason for a role that may not put metrics", async () => {
    const { metricAttribution } = await measured("refused", await roleThatMay("reader", ["s3:GetObject"]));

    expect(metricAttribution).toMatchObject({
      status: "CREATE FAILED",
      failureReason: expect.stringMatching(/Insufficient privileges .*role\/reader.*cloudwatch:PutMetricData/),
    });
  });
});
