/** What the stack watches is what its runs publish: alarms, dashboard and metrics, asked for through CloudWatch's API. */
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  ListMetricsCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let cloudWatch: CloudWatchClient;
afterEach(async () => {
  cloudWatch.destroy();
  await stack.close();
});

/** `RunFailed Group=club`: a metric of ours as one reads it. */
const ours = (name = "", dimensions: readonly (readonly [string, string])[] = []): string =>
  [name, ...dimensions.map(([key, value]) => `${key}=${value}`).sort()].join(" ");

const pairs = (flat: readonly string[]): [string, string][] =>
  flat.flatMap((key, index) => (index % 2 === 0 ? [[key, flat[index + 1] ?? ""] as [string, string]] : []));

async function alarmed(): Promise<string[]> {
  const { MetricAlarms: alarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
  return alarms
    .filter(({ Namespace }) => Namespace === "Outrank")
    .map(({ MetricName, Dimensions = [] }) =>
      ours(
        MetricName,
        Dimensions.map(({ Name = "", Value = "" }) => [Name, Value]),
      ),
    );
}

async function shown(): Promise<string[]> {
  const { DashboardEntries: entries = [] } = await cloudWatch.send(new ListDashboardsCommand({}));
  expect(entries).toHaveLength(1);
  const name = entries[0]?.DashboardName;
  const { DashboardBody: body = "{}" } = await cloudWatch.send(new GetDashboardCommand({ DashboardName: name }));
  const widgets: { properties: { metrics?: [string, string, ...string[]][] } }[] = JSON.parse(body).widgets;
  return widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .filter(([namespace]) => namespace === "Outrank")
    .map(([, metric, ...rest]) => ours(metric, pairs(rest.slice(0, -1))));
}

async function published(): Promise<string[]> {
  const { Metrics: metrics = [] } = await cloudWatch.send(new ListMetricsCommand({ Namespace: "Outrank" }));
  return metrics.map(({ MetricName, Dimensions = [] }) =>
    ours(
      MetricName,
      Dimensions.map(({ Name = "", Value = "" }) => [Name, Value]),
    ),
  );
}

describe("the stack's alarms and dashboard", () => {
  it("watch exactly what a promoting run publishes", async () => {
    stack = await startStack({ config: communitiesConfig() });
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    cloudWatch = new CloudWatchClient({ endpoint: stack.cloud.url, region: stack.cloud.region, credentials });
    await stack.drop({ "club/interactions/interactions.csv": interactionsCsv(), "club/items/items.csv": itemsCsv() });
    await stack.rest();

    const [onDashboard, inAlarms, told] = [await shown(), await alarmed(), await published()];

    expect((await stack.records("club")).map(({ outcome }) => outcome)).toEqual(["PROMOTE"]);
    expect(new Set(onDashboard)).toEqual(new Set(told));
    expect(told).toEqual(expect.arrayContaining(inAlarms));
    expect(inAlarms.length).toBeGreaterThan(0);
  });
});
