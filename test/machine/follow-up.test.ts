/** After the campaigns: filters, recommenders, metric attribution, batch jobs, the event tracker. Each only where it is named. */
import {
  DescribeFilterCommand,
  ListBatchInferenceJobsCommand,
  ListBatchSegmentJobsCommand,
  ListEventTrackersCommand,
  ListFiltersCommand,
  ListMetricAttributionsCommand,
  ListRecommendersCommand,
} from "@aws-sdk/client-personalize";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort, type FaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: FaultPort;
afterEach(() => stack.close());

const drop = {
  "club/interactions/a.csv": interactionsCsv({ users: 100 }),
  "club/items/a.csv": itemsCsv(),
};
const start = async (group: object) => {
  port = createFaultPort();
  stack = await startStack({ config: communitiesConfig({ group }), fault: port.fault });
};
const lastRecord = async () => (await stack.records("club")).at(-1);

const filterArn = "arn:aws:personalize:us-east-1:000000000000:filter/outrank-club-first";
const only = (category: string) => ({
  name: "first",
  expression: `INCLUDE ItemID WHERE Items.CATEGORY IN ("${category}")`,
});

describe("what surrounds the campaigns", () => {
  it("is made and waited for: filter, tracker, metric attribution", async () => {
    const metrics = [{ eventType: "view", metricName: "views", expression: "SAMPLECOUNT()" }];
    await start({ eventTracker: true, followUp: { filters: [only("c1")], metricAttribution: { metrics } } });

    await stack.drop(drop);
    await stack.rest();

    expect(await lastRecord()).toMatchObject({ outcome: "PROMOTE", failure: null });
    const { Filters = [] } = await stack.personalize.send(new ListFiltersCommand({}));
    expect(Filters.map(({ name, status }) => [name, status])).toEqual([["outrank-club-first", "ACTIVE"]]);
    const { eventTrackers = [] } = await stack.personalize.send(new ListEventTrackersCommand({}));
    expect(eventTrackers.map(({ name, status }) => [name, status])).toEqual([["outrank-club", "ACTIVE"]]);
    const { metricAttributions = [] } = await stack.personalize.send(new ListMetricAttributionsCommand({}));
    expect(metricAttributions.map(({ name, status }) => [name, status])).toEqual([["outrank-club", "ACTIVE"]]);
  });

  it("replaces a filter whose expression has changed, and says so", async () => {
    await start({ followUp: { filters: [only("c1")] } });
    await stack.drop(drop);
    await stack.rest();

    await stack.redeploy({ config: communitiesConfig({ group: { followUp: { filters: [only("c2")] } } }) });
    await stack.begin("club");
    await stack.rest();

    expect((await lastRecord())?.warnings).toContain(
      "filter outrank-club-first was replaced: its expression had changed",
    );
    const { filter } = await stack.personalize.send(new DescribeFilterCommand({ filterArn }));
    expect([filter?.status, filter?.filterExpression]).toEqual(["ACTIVE", only("c2").expression]);
  });

  it("fails the run, and not the promotion, when a filter cannot be made", async () => {
    await start({ followUp: { filters: [{ name: "first", expression: "INCLUDE nothing at all" }] } });

    await stack.drop(drop);
    await stack.rest();

    const record = await lastRecord();
    expect(record).toMatchObject({ outcome: "FAILED", contests: [{ outcome: "PROMOTE" }] });
    expect(record?.failure?.error).toMatch(/InvalidInputException|FollowUpFailed/);
  });

  it("runs a batch job on the version that was promoted, and waits for its file", async () => {
    await start({ followUp: { batchInference: [{ name: "mail", solution: "main", numResults: 5 }] } });

    await stack.drop({ ...drop, "club/batch/mail/input.json": `{"userId":"u1"}\n{"userId":"u2"}\n` });
    await stack.rest();

    const record = await lastRecord();
    expect(record?.failure).toBeNull();
    const { batchInferenceJobs = [] } = await stack.personalize.send(new ListBatchInferenceJobsCommand({}));
    expect(batchInferenceJobs).toMatchObject([
      {
        status: "ACTIVE",
        solutionVersionArn: record?.contests[0]?.decision?.candidate.solutionVersionArn,
      },
    ]);
    const list = new ListObjectsV2Command({
      Bucket: stack.bucket,
      Prefix: `outrank/club/batch/mail/${record?.runId}/`,
    });
    const [file] = (await stack.s3.send(list)).Contents?.filter(({ Key }) => Key?.endsWith(".out")) ?? [];
    const { Body } = await stack.s3.send(new GetObjectCommand({ Bucket: stack.bucket, Key: file?.Key ?? "" }));
    const lines = ((await Body?.transformToString()) ?? "").trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { input: { userId: string } }).input.userId)).toEqual(["u1", "u2"]);
  });

  it("trains a recipe for segments, and runs a job that lists the users most interested in each item", async () => {
    await start({ followUp: { batchSegments: [{ name: "fans", recipe: "aws-item-affinity", numResults: 10 }] } });

    await stack.drop({ ...drop, "club/batch/fans/input.json": `{"itemId":"i0"}\n{"itemId":"i11"}\n` });
    await stack.rest();

    const record = await lastRecord();
    expect(record?.failure).toBeNull();
    const { batchSegmentJobs = [] } = await stack.personalize.send(new ListBatchSegmentJobsCommand({}));
    expect(batchSegmentJobs).toMatchObject([{ status: "ACTIVE" }]);
    const list = new ListObjectsV2Command({
      Bucket: stack.bucket,
      Prefix: `outrank/club/batch/fans/${record?.runId}/`,
    });
    const [file] = (await stack.s3.send(list)).Contents?.filter(({ Key }) => Key?.endsWith(".out")) ?? [];
    const { Body } = await stack.s3.send(new GetObjectCommand({ Bucket: stack.bucket, Key: file?.Key ?? "" }));
    const segments = ((await Body?.transformToString()) ?? "")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { output: { usersList: string[] } }).output.usersList);
    // User n likes the items of community n mod 6: i0 to i9 are those of community 0, i10 to i19 of community 1.
    const communities = segments.map((users) => users.map((id) => Number(id.slice(1)) % 6));
    expect(communities).toEqual([Array<number>(10).fill(0), Array<number>(10).fill(1)]);
  });

  it("is left alone by a dry run", async () => {
    await start({ followUp: { filters: [only("c1")] } });
    await stack.drop({});

    await stack.drop(drop);
    await stack.rest();
    const made = port.inputs("CreateFilter").length;
    await stack.begin("club", { dryRun: true });
    await stack.rest();

    expect([made, port.inputs("CreateFilter").length]).toEqual([1, 1]);
  });

  it("is waited for no longer than deadlines.followUpHours (R8)", async () => {
    await start({ followUp: { filters: [only("c1")] }, deadlines: { followUpHours: 1 } });
    port.on("DescribeFilter", async (_, next) => {
      const answer = (await next()) as { filter: object };
      return { filter: { ...answer.filter, status: "CREATE IN_PROGRESS" } };
    });

    await stack.drop(drop);
    await stack.rest();

    expect((await lastRecord())?.failure).toEqual({
      error: "FollowUpTookTooLong",
      reason: "Not done at the deadline (deadlines.followUpHours): filter outrank-club-first is CREATE IN_PROGRESS",
    });
  });

  const viewed = interactionsCsv({ users: 100 }).replaceAll(",view", ",View");
  const popular = { name: "popular", recipe: "aws-ecomm-popular-items-by-views" };
  const shop = (followUp: object) => ({
    domain: "ECOMMERCE",
    datasets: { interactions: communitiesConfig().datasetGroups[0]?.datasets.interactions },
    followUp,
  });

  it("has the recommenders of a domain group, made, changed and stopped as configured", async () => {
    await start(shop({ recommenders: [popular] }));
    await stack.drop({ "club/interactions/a.csv": viewed });
    await stack.rest();
    const described = async () => {
      const { recommenders = [] } = await stack.personalize.send(new ListRecommendersCommand({}));
      return recommenders.map(({ name, status, recommenderConfig }) => [
        name,
        status,
        recommenderConfig?.minRecommendationRequestsPerSecond,
      ]);
    };
    expect((await lastRecord())?.failure).toBeNull();
    expect(await described()).toEqual([["outrank-club-popular", "ACTIVE", 1]]);

    const faster = shop({ recommenders: [{ ...popular, minRecommendationRequestsPerSecond: 2 }] });
    await stack.redeploy({ config: communitiesConfig({ group: faster }) });
    await stack.begin("club");
    await stack.rest();
    expect(await described()).toEqual([["outrank-club-popular", "ACTIVE", 2]]);

    const stopped = shop({ recommenders: [{ ...popular, state: "INACTIVE" }] });
    await stack.redeploy({ config: communitiesConfig({ group: stopped }) });
    await stack.begin("club");
    await stack.rest();
    expect((await described()).map(([, status]) => status)).toEqual(["INACTIVE"]);
  });
});
