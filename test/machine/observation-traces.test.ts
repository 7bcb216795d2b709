/** What a run leaves behind for people and other systems: pages in the bucket, events on the bus, logs without anybody's data. */
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { historyKey, runPageKey } from "../../pipeline/naming/bucket-layout.ts";
import { ModelPromoted } from "../../pipeline/events/model-promoted.ts";
import type { RunRecord } from "../../pipeline/records/run-record.ts";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort, type FaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

/** Ids that occur nowhere else. */
const named = (csv: string): string =>
  csv.replace(/^u(\d+),i(\d+)/gm, "customer-$1,article-$2").replace(/^i(\d+)/gm, "article-$1");

let stack: Stack;
let port: FaultPort;
let record: RunRecord;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  port = createFaultPort();
  stack = await startStack({ config: communitiesConfig(), fault: port.fault });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  logs = new CloudWatchLogsClient({ endpoint: stack.cloud.url, region: stack.cloud.region, credentials });
  await stack.drop({
    "club/interactions/interactions.csv": named(interactionsCsv()),
    "club/items/items.csv": named(itemsCsv()),
  });
  await stack.rest();
  [record] = (await stack.records("club")) as [RunRecord];
});
afterAll(async () => {
  logs.destroy();
  await stack.close();
});

const object = async (Key: string) => stack.s3.send(new GetObjectCommand({ Bucket: stack.bucket, Key }));

async function lines(): Promise<{ group: string; message: string }[]> {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  const found: { group: string; message: string }[] = [];
  for (const { logGroupName: group = "" } of logGroups) {
    for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, { logGroupName: group })) {
      found.push(...events.map(({ message = "" }) => ({ group, message })));
    }
  }
  return found;
}

describe("a promoting run", () => {
  it("leaves a page for people beside its record, and a line in the group's page", async () => {
    const page = await object(runPageKey("club", record.runId));
    const group = await object("outrank/club/report.html");
    const history = JSON.parse((await (await object(historyKey("club"))).Body?.transformToString()) ?? "");
    const execution = (await stack.executions("club")).find(({ arn }) => arn === record.executionArn);

    expect(record.outcome).toBe("PROMOTE");
    expect(page.ContentType).toBe("text/html; charset=utf-8");
    expect(await page.Body?.transformToString()).toContain("a new model is live");
    expect(await group.Body?.transformToString()).toContain(`runs/${record.runId}.html`);
    expect(history.runs).toMatchObject([{ runId: record.runId, outcome: "PROMOTE", contests: [{ solution: "main" }] }]);
    expect(execution?.output).toMatchObject({ reportKey: runPageKey("club", record.runId) });
    expect(port.inputs("Publish").at(-1)?.["Message"]).toContain(`Report: s3://${stack.bucket}/`);
  });

  it("tells the bus what other systems act on, and the bus takes all of it", async () => {
    const entries = port.inputs("PutEvents").flatMap(({ Entries }) => Entries as Record<string, string>[]);
    const promoted = entries.find(({ DetailType }) => DetailType === "ModelPromoted");

    expect(entries.map(({ DetailType }) => DetailType)).toEqual([
      ...["RunFinished", "ModelPromoted"],
      ...["StageFinished", "StageFinished", "StageFinished", "StageFinished"],
    ]);
    expect(new Set(entries.map(({ EventBusName }) => EventBusName))).toEqual(new Set(["outrank"]));
    expect(ModelPromoted.parse(JSON.parse(promoted?.["Detail"] ?? ""))).toMatchObject({
      ...{ group: "club", runId: record.runId, oldSolutionVersionArn: null },
      newSolutionVersionArn: record.contests[0]?.decision?.candidate.solutionVersionArn,
      campaignArn: record.contests[0]?.decision?.campaignArn,
    });
  });

  it("is in the log of every function that it called, with its id and its group", async () => {
    const told = (await lines())
      .filter(({ message }) => message.startsWith("{") && message.includes('"state"'))
      .map(({ message }) => JSON.parse(message) as { state: string; runId: string | null; group: string | null });
    const ofRun = told.filter(({ runId }) => runId === record.runId).map(({ state }) => state);

    expect([...new Set(ofRun)]).toEqual(
      expect.arrayContaining([
        ...["plan-the-run", "take-the-lease", "look-at-the-uploads", "check-the-data", "ensure-the-resources"],
        ...["start-the-training", "judge-the-candidate", "write-the-record", "release-the-lease"],
      ]),
    );
    expect(new Set(told.map(({ group }) => group))).toEqual(new Set(["club"]));
  });

  it("leaves no id of a user or an item in any log, though it asked the campaign for users", async () => {
    const said = await lines();

    expect(port.inputs("GetRecommendations").map(({ userId }) => String(userId))).toContainEqual(
      expect.stringMatching(/^customer-\d+$/),
    );
    expect(said.length).toBeGreaterThan(50);
    expect(said.filter(({ message }) => /customer-|article-/.test(message))).toEqual([]);
  });
});
