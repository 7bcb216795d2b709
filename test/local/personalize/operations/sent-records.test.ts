/** PutEvents, PutItems, PutUsers: where records go and how camelCase properties meet the schema's columns. */
import { describe, expect, it } from "@jest/globals";
import {
  arn,
  groupArn,
  interactionsArn,
  itemsSchema,
  personalizeForTest,
  withDataset,
  type TestPersonalize,
} from "../../../support/personalize.ts";
import { avro } from "../../../support/personalize-data.ts";

const sentAt = new Date("2026-01-05T10:00:00.900Z");

async function withTracker(): Promise<{ personalize: TestPersonalize; trackingId: string }> {
  const personalize = await withDataset(personalizeForTest());
  const { trackingId } = await personalize.settle("CreateEventTracker", { name: "t", datasetGroupArn: groupArn });
  return { personalize, trackingId };
}

describe("PutEvents", () => {
  it("records events in whole seconds under the schema's columns, dropping keys it does not have", async () => {
    const { personalize, trackingId } = await withTracker();
    const properties = JSON.stringify({ deviceType: "phone", unknown: 1 });
    const event = { eventType: "view", itemId: "a", eventValue: 2, sentAt, properties, eventId: "e1" };

    await personalize.call("PutEvents", { trackingId, userId: "u", sessionId: "s", eventList: [event] });

    expect(personalize.jobs.events).toEqual([
      {
        userId: "u",
        sessionId: "s",
        eventId: "e1",
        eventType: "view",
        itemId: "a",
        eventValue: 2,
        timestamp: Date.UTC(2026, 0, 5, 10) / 1000,
        properties: { DEVICE_TYPE: "phone" },
      },
    ]);
  });

  it("takes anonymous events and makes ids for those without one", async () => {
    const { personalize, trackingId } = await withTracker();

    await personalize.call("PutEvents", { trackingId, sessionId: "s", eventList: [{ eventType: "view", sentAt }] });

    expect(personalize.jobs.events[0]).not.toHaveProperty("userId");
    expect(personalize.jobs.events[0]?.eventId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    { why: "an unknown tracking id", trackingId: "nobody", event: {}, says: "tracking id nobody" },
    { why: "reserved keys among the properties", event: { properties: '{"UserId":"x"}' }, says: "reserved key UserId" },
    { why: "properties that are not JSON", event: { properties: "{" }, says: "not valid JSON" },
    { why: "properties that are no object", event: { properties: "[1]" }, says: "must be a JSON object" },
  ])("refuses $why", async ({ trackingId, event, says }) => {
    const made = await withTracker();
    const eventList = [{ eventType: "view", sentAt, ...event }];

    const answer = made.personalize.call("PutEvents", {
      trackingId: trackingId ?? made.trackingId,
      sessionId: "s",
      eventList,
    });

    await expect(answer).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringContaining(says),
    });
  });

  it("refuses the tracking id of a deleted tracker", async () => {
    const { personalize, trackingId } = await withTracker();
    const { eventTrackers } = await personalize.call("ListEventTrackers", {});
    await personalize.settle("DeleteEventTracker", { eventTrackerArn: eventTrackers[0].eventTrackerArn });

    await expect(
      personalize.call("PutEvents", { trackingId, sessionId: "s", eventList: [{ eventType: "view", sentAt }] }),
    ).rejects.toMatchObject({ name: "InvalidInputException" });
  });
});

describe("PutItems", () => {
  it("records rows under the schema's columns", async () => {
    const { call, settle, jobs } = await withDataset(personalizeForTest());
    await call("CreateSchema", { name: "items", schema: itemsSchema });
    const dataset = { name: "i", schemaArn: arn("schema/items"), datasetGroupArn: groupArn, datasetType: "Items" };
    const { datasetArn } = await settle("CreateDataset", dataset);

    await call("PutItems", { datasetArn, items: [{ itemId: "a", properties: '{"genre":"x|y","price":3}' }] });

    expect(jobs.rows).toEqual([{ id: "a", properties: { GENRE: "x|y", PRICE: 3 } }]);
  });

  it("answers 404 for no dataset and 400 for one of another type", async () => {
    const { call } = await withDataset(personalizeForTest());
    const items = [{ itemId: "a" }];

    await expect(call("PutItems", { datasetArn: arn("dataset/no/ITEMS"), items })).rejects.toMatchObject({
      status: 404,
    });
    await expect(call("PutItems", { datasetArn: interactionsArn, items })).rejects.toMatchObject({
      name: "InvalidInputException",
    });
  });

  it("answers 409 while the dataset is being made", async () => {
    const { call, clock } = await withDataset(personalizeForTest());
    await call("CreateSchema", { name: "items", schema: itemsSchema });
    const release = clock.hold();
    const dataset = { name: "i", schemaArn: arn("schema/items"), datasetGroupArn: groupArn, datasetType: "Items" };
    const { datasetArn } = await call("CreateDataset", dataset);

    await expect(call("PutItems", { datasetArn, items: [{ itemId: "a" }] })).rejects.toMatchObject({
      name: "ResourceInUseException",
      status: 409,
    });
    release();
  });
});

describe("PutActions", () => {
  const schema = avro(
    "Actions",
    ["ACTION_ID", "string"],
    ["VALUE", ["null", "long"]],
    ["REPEAT_FREQUENCY", ["null", "long"]],
  );

  async function withActions() {
    const made = await withDataset(personalizeForTest());
    await made.call("CreateSchema", { name: "actions", schema });
    const dataset = { name: "a", schemaArn: arn("schema/actions"), datasetGroupArn: groupArn, datasetType: "Actions" };
    const { datasetArn } = await made.settle("CreateDataset", dataset);
    const put = (properties: object) =>
      made.call("PutActions", { datasetArn, actions: [{ actionId: "join", properties: JSON.stringify(properties) }] });
    return { ...made, put };
  }

  it("takes values from 1 to 10 and repetitions of up to 30 days, or none", async () => {
    const { put, jobs } = await withActions();

    for (const properties of [{ value: 1, repeatFrequency: 30 }, { value: 10, repeatFrequency: 0 }, {}])
      await put(properties);

    expect(jobs.rows.map(({ properties }) => properties)).toEqual([
      { VALUE: 1, REPEAT_FREQUENCY: 30 },
      { VALUE: 10, REPEAT_FREQUENCY: 0 },
      {},
    ]);
  });

  it.each([
    { properties: { value: 11 }, says: "The action join: VALUE is 11; it must be from 1 to 10." },
    { properties: { value: 0 }, says: "VALUE is 0" },
    { properties: { repeatFrequency: 31 }, says: "REPEAT_FREQUENCY is 31; it must be from 0 to 30" },
    { properties: { repeatFrequency: -1 }, says: "REPEAT_FREQUENCY is -1" },
  ])("refuses $properties", async ({ properties, says }) => {
    const { put, jobs } = await withActions();

    await expect(put(properties)).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringContaining(says),
    });
    expect(jobs.rows).toEqual([]);
  });
});
