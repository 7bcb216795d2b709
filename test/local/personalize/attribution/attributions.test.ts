/** Metric attributions count sent events and imports, tell CloudWatch with their role, and write reports. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createCloudWatch } from "../../../../local/cloudwatch/create-cloudwatch.ts";
import { memoryStore } from "../../../../local/cloud/journal/memory-store.ts";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import { AwsError } from "../../../../local/cloud/ports/aws-error.ts";
import type { AwsCalls, Caller } from "../../../../local/cloud/ports/service.ts";
import { createJobRunner } from "../../../../local/personalize/jobs/create-job-runner.ts";
import { markOf, recommendationIdOf } from "../../../../local/personalize/serving/recommendation-ids.ts";
import { interactionsWith, csv, temporaryFolder } from "../../../support/personalize-data.ts";
import {
  arn,
  campaignArn,
  groupArn,
  importOf,
  interactionsArn,
  itemsArn,
  itemsSchema,
  personalizeForTest,
  roleArn,
  train,
  withDataset,
  withItems,
  withSolution,
  type TestOptions,
  type TestPersonalize,
} from "../../../support/personalize.ts";
import { rootContext, testDeps } from "../../../support/service-deps.ts";

const metricAttributionArn = arn("metric-attribution/worth");
const clicks = { eventType: "click", metricName: "clicks", expression: "SAMPLECOUNT()" };
const revenue = { eventType: "buy", metricName: "revenue", expression: "SUM(items.price)" };
const noon = Date.UTC(2026, 0, 5);
const request = {
  name: "worth",
  datasetGroupArn: groupArn,
  metrics: [clicks, revenue],
  metricsOutputConfig: { roleArn, s3DataDestination: { path: "s3://shop/reports" } },
};

/** CloudWatch behind the port, refusing when told to. */
function cloudWatchFor(clock = createJumpingClock()) {
  const { service } = createCloudWatch({ ...testDeps(), clock });
  const callers: Caller[] = [];
  const told = { refuse: false };
  const calls: AwsCalls = {
    call: async (_service, operation, input, caller) => {
      if (told.refuse) throw new AwsError("AccessDenied", "no");
      callers.push(caller);
      return service.operations[operation]!(input, rootContext);
    },
  };
  const sum = async (name: string, source: string, eventType: string) => {
    const answer = (await service.operations["GetMetricStatistics"]!(
      {
        ...{ Namespace: "AWS/Personalize", MetricName: name, Period: 900, Statistics: ["Sum", "SampleCount"] },
        ...{ StartTime: new Date(noon - 86_400_000), EndTime: new Date(noon + 86_400_000) },
        Dimensions: [
          { Name: "DatasetGroupArn", Value: groupArn },
          { Name: "EventType", Value: eventType },
          { Name: "EventAttributionSource", Value: source },
        ],
      },
      rootContext,
    )) as { Datapoints: { Timestamp: Date; Sum: number; SampleCount: number }[] };
    return answer.Datapoints.map(({ Timestamp, Sum, SampleCount }) => [Timestamp.getTime(), Sum, SampleCount]);
  };
  return { clock, calls, callers, told, sum };
}

/** A foreground timer far enough for those of the background to be passed. */
async function later({ clock }: Pick<TestPersonalize, "clock">, milliseconds = 61_000): Promise<void> {
  clock.at(clock.now() + milliseconds, () => {});
  await clock.idle();
}

async function measured(options: TestOptions = {}) {
  const watched = cloudWatchFor(options.clock);
  const personalize = personalizeForTest({ calls: watched.calls, clock: watched.clock, ...options });
  await withSolution(personalize);
  await withItems(personalize);
  const solutionVersionArn = await train(personalize);
  await personalize.settle("CreateCampaign", { name: "live", solutionVersionArn });
  await personalize.settle("CreateMetricAttribution", request);
  const { trackingId } = await personalize.settle("CreateEventTracker", { name: "t", datasetGroupArn: groupArn });
  const send = (...events: object[]) =>
    personalize.call("PutEvents", {
      ...{ trackingId, userId: "u", sessionId: "s" },
      eventList: events.map((event) => ({ eventType: "click", sentAt: new Date(noon + 60_000), ...event })),
    });
  return { personalize, send, ...watched };
}

const by = (eventAttributionSource: string) => ({ metricAttribution: { eventAttributionSource } });

describe("sent events", () => {
  it("reach CloudWatch as sums of a quarter of an hour, by source, with the attribution's role", async () => {
    const { personalize, send, sum, callers } = await measured();
    personalize.jobs.items = { a: { PRICE: 2.5 }, b: { PRICE: 4 }, free: { PRICE: null } };

    await send(by("rival"), by("rival"), { ...by("rival"), eventType: "view" });
    await send({ ...by("rival"), sentAt: new Date(noon + 900_000) }, {});
    await send(...["a", "b", "free"].map((itemId) => ({ ...by("rival"), eventType: "buy", itemId })));
    await later(personalize);
    await send(by("rival"));
    await later(personalize);

    expect(await sum("clicks", "rival", "click")).toEqual([
      [noon, 3, 3],
      [noon + 900_000, 1, 1],
    ]);
    expect(await sum("clicks", "SOURCE_NAME_UNDEFINED", "click")).toEqual([[noon, 1, 1]]);
    expect(await sum("revenue", "rival", "buy")).toEqual([[noon, 6.5, 2]]);
    expect(callers.every((caller) => caller.kind === "role" && caller.roleArn === roleArn)).toBe(true);
  });

  it("are the campaign's whose recommendation they name, also after a restart, unless they say otherwise", async () => {
    const store = memoryStore();
    const { personalize } = await measured({ store });
    const { recommendationId } = await personalize.call("GetRecommendations", { campaignArn, userId: "u" });
    const watched = cloudWatchFor();
    const after = personalizeForTest({ store, calls: watched.calls, clock: watched.clock });
    await after.services[0].resume?.();
    const { eventTrackers } = await after.call("ListEventTrackers", { datasetGroupArn: groupArn });
    const { eventTracker } = await after.call("DescribeEventTracker", {
      eventTrackerArn: eventTrackers[0].eventTrackerArn,
    });
    const click = { eventType: "click", sentAt: new Date(noon), recommendationId };

    await after.call("PutEvents", {
      ...{ trackingId: eventTracker.trackingId, sessionId: "s", userId: "u" },
      eventList: [click, { ...click, ...by("rival") }, { ...click, recommendationId: "RID-0" }],
    });
    await later(after);

    for (const source of [campaignArn, "rival", "SOURCE_NAME_UNDEFINED"]) {
      expect([source, await watched.sum("clicks", source, "click")]).toEqual([source, [[noon, 1, 1]]]);
    }
  });

  it("count once, however often they are sent with the same eventId", async () => {
    const { personalize, send, sum } = await measured();
    const once = { ...by("rival"), eventId: "e1" };

    await send(once, once);
    await send(once, { ...by("rival"), eventId: "e2" });
    await later(personalize);

    expect(await sum("clicks", "rival", "click")).toEqual([[noon, 2, 2]]);
  });

  it("that were acknowledged are told after a crash", async () => {
    const store = memoryStore();
    const { send } = await measured({ store });
    await send(by("rival"));
    const watched = cloudWatchFor();
    const after = personalizeForTest({ store, calls: watched.calls, clock: watched.clock });

    await after.services[0].resume?.();
    await later(after);

    expect(await watched.sum("clicks", "rival", "click")).toEqual([[noon, 1, 1]]);
  });

  it("wait while CloudWatch refuses, and are told once when it no longer does", async () => {
    const { personalize, send, sum, told } = await measured();
    told.refuse = true;
    await send(by("rival"));
    await later(personalize);
    expect(personalize.log.join()).toContain("does not take the metrics");

    told.refuse = false;
    await send(by("rival"));
    await later(personalize, 130_000);

    expect(await sum("clicks", "rival", "click")).toEqual([[noon, 2, 2]]);
  });

  it.each([
    { why: "older than fourteen days", event: { sentAt: new Date(noon - 15 * 86_400_000) } },
    { why: "of a hundred-and-first source", event: by("late") },
  ])("are not counted when $why", async ({ event }) => {
    const { personalize, send } = await measured();
    for (let n = 0; n < 100; n++) await send(by(`s${n}`));
    const amounts = personalize.store.table("personalize/attributedAmounts");
    const before = amounts.size;

    await send(event);

    expect([before, amounts.size]).toEqual([100, 100]);
  });

  it("count for nobody once the attribution is deleted", async () => {
    const { personalize, send, sum } = await measured();
    await send(by("rival"));
    await personalize.settle("DeleteMetricAttribution", { metricAttributionArn });
    await send(by("rival"));
    await later(personalize);

    expect(await sum("clicks", "rival", "click")).toEqual([]);
    for (const table of ["attributedAmounts", "attributedSources"])
      expect(personalize.store.table(`personalize/${table}`).size).toBe(0);
  });
});

describe("CreateMetricAttribution", () => {
  it("fails for a role that may not put metrics", async () => {
    const personalize = await withItems(await withDataset(personalizeForTest()));
    personalize.refused.add("cloudwatch:PutMetricData");
    await personalize.settle("CreateMetricAttribution", request);

    const { metricAttribution } = await personalize.call("DescribeMetricAttribution", { metricAttributionArn });
    expect(metricAttribution).toMatchObject({
      status: "CREATE FAILED",
      failureReason: expect.stringMatching(/^Insufficient privileges .*cloudwatch:PutMetricData/),
    });
  });

  it.each([
    { expression: "SUM(Items.GENRE)", says: "GENRE is no numeric column of the ITEMS dataset" },
    { expression: "SUM(Interactions.EVENT_VALUE)", says: "EVENT_VALUE is no numeric column of the INTERACTIONS" },
  ])("refuses $expression, which cannot be added up", async ({ expression, says }) => {
    const { call } = await withItems(await withDataset(personalizeForTest()));
    const input = { ...request, metrics: [{ ...clicks, expression }] };

    await expect(call("CreateMetricAttribution", input)).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringContaining(says),
    });
  });
});

describe("imports", () => {
  let folder = temporaryFolder();
  let close = async () => {};
  beforeEach(() => void (folder = temporaryFolder()));
  afterEach(async () => {
    await close();
    folder.remove();
  });

  const schema = interactionsWith(
    ["RECOMMENDATION_ID", ["null", "string"]],
    ["EVENT_ATTRIBUTION_SOURCE", ["null", "string"]],
  );
  const header = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,RECOMMENDATION_ID,EVENT_ATTRIBUTION_SOURCE";
  const seconds = noon / 1000;
  /** 1,000 clicks of nobody in one window, and five rows that say more. */
  const rows = (recommendationId: string): (string | number)[][] => [
    ...Array.from({ length: 1000 }, (_, n) => [`u${n}`, "a", seconds, "click", "", ""]),
    ["u1", "a", seconds + 899, "click", recommendationId, ""],
    ["u2", "a", seconds + 900, "click", recommendationId, "rival"],
    ["u3", "a", seconds, "buy", "", "rival"],
    ["u4", "b", seconds + 1, "buy", "", "rival"],
    ["u5", "unknown", seconds, "buy", "", "rival"],
  ];

  /** The real data plane with items a (2.5, then sent as 3) and b (4), an attribution, and a campaign. */
  async function imported() {
    const watched = cloudWatchFor();
    const { clock, calls } = watched;
    const jobs = createJobRunner({ clock, dataDir: folder.path, threads: 1, run: "here" });
    close = jobs.close;
    const personalize = personalizeForTest({ jobs, clock, calls });
    await personalize.settle("CreateDatasetGroup", { name: "shop" });
    const of = { datasetGroupArn: groupArn, name: "d" };
    await personalize.call("CreateSchema", { name: "interactions", schema });
    await personalize.settle("CreateDataset", {
      ...of,
      schemaArn: arn("schema/interactions"),
      datasetType: "Interactions",
    });
    await personalize.call("CreateSchema", { name: "items", schema: itemsSchema });
    await personalize.settle("CreateDataset", { ...of, schemaArn: arn("schema/items"), datasetType: "Items" });
    personalize.bucket.files["items/1.csv"] = csv("ITEM_ID,GENRE,PRICE", [["a", "x", 2.5], ["b", "y", 4]]); // prettier-ignore
    const items = { datasetArn: itemsArn, dataSource: { dataLocation: "s3://shop/items/" } };
    await personalize.settle("CreateDatasetImportJob", importOf("items", items));
    await jobs.recordItems(itemsArn, groupArn, [{ id: "a", properties: { GENRE: "x", PRICE: 3 } }]);
    await personalize.settle("CreateMetricAttribution", request);
    personalize.store.table("personalize/campaign").put(campaignArn, { campaignArn, status: "CREATE FAILED" });
    return { personalize, ...watched };
  }

  it("with a report write it to S3, whole; FULL ones tell CloudWatch nothing", async () => {
    const { personalize, callers } = await imported();
    const recommendationId = recommendationIdOf(markOf(campaignArn), "00000000-rest");
    personalize.bucket.files["interactions/1.csv"] = csv(header, rows(recommendationId));

    await personalize.settle("CreateDatasetImportJob", importOf("one", { publishAttributionMetricsToS3: true }));
    await later(personalize);

    const [name = "", ...others] = Object.keys(personalize.bucket.files).filter((key) => key.startsWith("reports/"));
    expect(others).toEqual([]);
    expect(name).toMatch(/^reports\/AggregatedAttributionMetrics - FULL - \d{10}\.csv$/);
    expect(personalize.bucket.files[name]?.split("\n")).toEqual([
      "METRIC_NAME,EVENT_TYPE,VALUE,MATH_FUNCTION,EVENT_ATTRIBUTION_SOURCE,TIMESTAMP",
      `clicks,click,1.0,samplecount,rival,${seconds + 900}`,
      `clicks,click,1000.0,samplecount,SOURCE_NAME_UNDEFINED,${seconds}`,
      `clicks,click,1.0,samplecount,${campaignArn},${seconds}`,
      `revenue,buy,7.0,sum,rival,${seconds}`,
      "",
    ]);
    expect(callers).toEqual([]);
  });

  it("that are INCREMENTAL tell CloudWatch what they add, and no more", async () => {
    const { personalize, sum } = await imported();
    personalize.bucket.files["interactions/1.csv"] = csv(header, rows(""));
    await personalize.settle("CreateDatasetImportJob", importOf("one"));
    const more = Array.from({ length: 1000 }, (_, n) => [`v${n}`, "a", seconds + n, "click", "", "rival"]);
    personalize.bucket.files["interactions/1.csv"] = csv(header, more);

    await personalize.settle("CreateDatasetImportJob", importOf("two", { importMode: "INCREMENTAL" }));
    await later(personalize);

    expect(await sum("clicks", "rival", "click")).toEqual([
      [noon, 900, 900],
      [noon + 900_000, 100, 100],
    ]);
    expect(await sum("clicks", "SOURCE_NAME_UNDEFINED", "click")).toEqual([]);
  });

  it("say when the report cannot be written, and count the same again when they run again", async () => {
    const { personalize } = await imported();
    personalize.bucket.files["interactions/1.csv"] = csv(header, rows(""));
    personalize.bucket.refuse = "write";
    await personalize.settle("CreateDatasetImportJob", importOf("one", { publishAttributionMetricsToS3: true }));

    const { datasetImportJobs: [job] } = await personalize.call("ListDatasetImportJobs", { datasetArn: interactionsArn }); // prettier-ignore
    expect(job).toMatchObject({ status: "CREATE FAILED" });
    expect(job.failureReason).toContain("The data are imported, but the report");

    const outcome = await personalize.jobs.importDataset({
      ...{ jobArn: job.datasetImportJobArn, datasetArn: interactionsArn, datasetGroupArn: groupArn, schema },
      ...{ datasetType: "INTERACTIONS", mode: "FULL", dataLocation: "", files: [], progress: () => {} },
    }).done; // prettier-ignore
    const again = outcome.kind === "succeeded" ? outcome.result.attributed : undefined;
    expect(again?.find(({ metric }) => metric === "revenue")).toMatchObject({ count: 2, sum: 7 });
  });
});
