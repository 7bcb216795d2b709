/** Actions: what is checked, what is kept, and how plainly the rest is refused. */
import { describe, expect, it } from "@jest/globals";
import {
  arn,
  campaignArn,
  groupArn,
  personalizeForTest,
  withCampaign,
  withDataset,
} from "../../../support/personalize.ts";

const schemaOf = (name: string, fields: readonly string[]) =>
  JSON.stringify({
    type: "record",
    name,
    namespace: "com.amazonaws.personalize.schema",
    fields: fields.map((field) => ({ name: field, type: field === "TIMESTAMP" ? "long" : "string" })),
    version: "1.0",
  });

async function withActions() {
  const personalize = await withDataset(personalizeForTest());
  const make = async (name: string, datasetType: string, fields: readonly string[]): Promise<string> => {
    await personalize.call("CreateSchema", { name, schema: schemaOf(name, fields) });
    const dataset = { name, schemaArn: arn(`schema/${name}`), datasetGroupArn: groupArn, datasetType };
    return (await personalize.settle("CreateDataset", dataset)).datasetArn;
  };
  const actions = await make("Actions", "Actions", ["ACTION_ID", "TYPE"]);
  const taken = ["USER_ID", "ACTION_ID", "EVENT_TYPE", "TIMESTAMP"];
  const interactions = await make("ActionInteractions", "Action_Interactions", taken);
  const { dataset } = await personalize.call("DescribeDataset", { datasetArn: interactions });
  return { personalize, actions, trackingId: dataset.trackingId as string };
}

describe("PutActions", () => {
  it("records actions under the schema's columns", async () => {
    const { personalize, actions: datasetArn } = await withActions();

    await personalize.call("PutActions", {
      datasetArn,
      actions: [{ actionId: "join", properties: '{"type":"club"}' }],
    });

    expect(personalize.jobs.rows).toEqual([{ id: "join", properties: { TYPE: "club" } }]);
  });

  it("answers 404 for no dataset and 400 for one of another type", async () => {
    const { personalize } = await withActions();
    const put = (datasetArn: string) => personalize.call("PutActions", { datasetArn, actions: [{ actionId: "a" }] });

    await expect(put(arn("dataset/no/ACTIONS"))).rejects.toMatchObject({ status: 404 });
    await expect(put(arn("dataset/shop/INTERACTIONS"))).rejects.toMatchObject({ name: "InvalidInputException" });
  });
});

describe("PutActionInteractions", () => {
  const taken = {
    actionId: "join",
    sessionId: "s",
    userId: "u",
    timestamp: new Date(1_767_600_000_900),
    eventType: "Not Taken",
  };

  it("records what users did, under the tracking id that the dataset has", async () => {
    const { personalize, trackingId } = await withActions();

    await personalize.call("PutActionInteractions", { trackingId, actionInteractions: [taken] });

    expect(personalize.jobs.events).toEqual([
      expect.objectContaining({ userId: "u", itemId: "join", eventType: "NOT_TAKEN", timestamp: 1_767_600_000 }),
    ]);
  });

  it("refuses other event types, and answers 404 for an unknown tracking id", async () => {
    const { personalize, trackingId } = await withActions();
    const put = (input: object) =>
      personalize.call("PutActionInteractions", { trackingId, actionInteractions: [taken], ...input });

    await expect(put({ actionInteractions: [{ ...taken, eventType: "click" }] })).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringContaining("NOT_TAKEN"),
    });
    await expect(put({ trackingId: "nobody" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      status: 404,
    });
  });
});

describe("GetActionRecommendations", () => {
  it.each([
    { why: "a campaign of another recipe", input: { userId: "u" }, says: "aws-next-best-action" },
    { why: "no user", input: {}, says: "userId is required" },
    { why: "too many results", input: { userId: "u", numResults: 101 }, says: "at most 100" },
  ])("refuses $why", async ({ input, says }) => {
    const { personalize } = await withCampaign(personalizeForTest());

    await expect(personalize.call("GetActionRecommendations", { campaignArn, ...input })).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringContaining(says),
    });
  });

  it("answers 404 for a campaign that is not there", async () => {
    const { call } = personalizeForTest();

    await expect(call("GetActionRecommendations", { campaignArn, userId: "u" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      status: 404,
    });
  });
});
