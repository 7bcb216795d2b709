/** The meter: what is noted when, once, and what outlives a restart. */
import { describe, expect, it } from "@jest/globals";
import { memoryStore } from "../../../local/cloud/journal/memory-store.ts";
import {
  campaignArn,
  groupArn,
  importOf,
  personalizeForTest,
  roleArn,
  train,
  withCampaign,
  withDataset,
  withSolution,
} from "../../support/personalize.ts";

const hour = 3_600_000;
const shop = { datasetGroupArn: groupArn };

describe("the meter", () => {
  it("notes a training by its recipe, hours and interactions", async () => {
    const personalize = await withSolution(personalizeForTest());
    await train(personalize);

    expect(personalize.meter().entries).toEqual([
      expect.objectContaining({
        ...{ ...shop, kind: "training", name: "next", recipe: "aws-hrnn" },
        ...{ hours: 0.012, interactions: 10, trainings: 1 },
      }),
    ]);
  });

  it("does not note a training that failed", async () => {
    const personalize = await withSolution(personalizeForTest());
    personalize.jobs.trainingOutcome = { kind: "failed", failureReason: "no" };
    await train(personalize);

    expect(personalize.meter().entries).toEqual([]);
  });

  it("notes the bytes of imports, and those of sent records by day", async () => {
    const personalize = await withDataset(personalizeForTest());
    const { call, settle, bucket } = personalize;
    bucket.files["interactions/1.csv"] = "x".repeat(100);
    await settle("CreateDatasetImportJob", importOf("first"));
    await settle("CreateEventTracker", { name: "t", ...shop });
    const { eventTrackers } = await call("ListEventTrackers", {});
    const { eventTracker } = await call("DescribeEventTracker", { eventTrackerArn: eventTrackers[0].eventTrackerArn });
    const { trackingId } = eventTracker;
    const sent = {
      ...{ trackingId, userId: "u", sessionId: "s" },
      eventList: [{ eventId: "e", eventType: "view", itemId: "a", sentAt: new Date(0) }],
    };
    await call("PutEvents", sent);
    await call("PutEvents", sent);

    expect(personalize.meter().entries).toEqual([
      expect.objectContaining({ kind: "import", ...shop, name: "first", bytes: 100 }),
      expect.objectContaining({ kind: "sent", ...shop, bytes: 2 * JSON.stringify(sent).length }),
    ]);
  });

  it("notes how long a campaign was ready, at which TPS, and counts its requests", async () => {
    const { personalize } = await withCampaign(personalizeForTest());
    const { call, settle, clock } = personalize;
    await clock.sleep(hour);
    await settle("UpdateCampaign", { campaignArn, minProvisionedTPS: 3 });
    await call("GetRecommendations", { campaignArn, userId: "u" });
    await clock.sleep(hour);
    await settle("DeleteCampaign", { campaignArn });

    const ready = personalize.meter().entries.flatMap((entry) => (entry.kind === "campaign" ? [entry] : []));
    expect(ready.map(({ tps, from, to = 0 }) => [tps, Math.round((to - from) / hour)])).toEqual([
      [1, 1],
      [3, 1],
    ]);
    expect(personalize.meter().windows).toEqual([expect.objectContaining({ arn: campaignArn, requests: 1 })]);
  });

  it("notes the records of a batch job", async () => {
    const personalize = await withSolution(personalizeForTest());
    const solutionVersionArn = await train(personalize);
    personalize.bucket.files["in/users.json"] = '{"userId":"u1"}\n{"userId":"u2"}\n';
    await personalize.settle("CreateBatchInferenceJob", {
      ...{ jobName: "mail", solutionVersionArn, roleArn },
      jobInput: { s3DataSource: { path: "s3://shop/in/" } },
      jobOutput: { s3DataDestination: { path: "s3://shop/out/" } },
    });

    expect(personalize.meter().entries.at(-1)).toMatchObject({
      kind: "batch",
      job: "inference",
      name: "mail",
      records: 2,
    });
  });

  it("remembers across a restart", async () => {
    const store = memoryStore();
    const personalize = await withSolution(personalizeForTest({ store }));
    await train(personalize);

    expect(personalizeForTest({ store }).meter().entries).toEqual(personalize.meter().entries);
  });
});
