import { describe, expect, it } from "@jest/globals";
import { compileShapes, jsonTextOf, numberText, readJson } from "../../../../local/cloud/models/compiled.ts";
import { decode, encode, jsonDialect } from "../../../../local/cloud/models/convert.ts";
import { loadModel } from "../../../../local/cloud/models/load-model.ts";
import { validateInput } from "../../../../local/cloud/models/validate-input.ts";

const runtime = loadModel("personalize-runtime");
const events = loadModel("personalize-events");
const control = loadModel("personalize");

const campaignArn = "arn:aws:personalize:us-east-1:000000000000:campaign/c";

describe("shapes as functions: a body that is read", () => {
  it.each([
    {
      model: runtime,
      shape: "GetRecommendationsRequest",
      body: { campaignArn, userId: "u", filterValues: { G: '"x"' } },
    },
    {
      model: runtime,
      shape: "GetPersonalizedRankingRequest",
      body: { campaignArn, userId: "u", inputList: ["a", "b"] },
    },
    {
      model: events,
      shape: "PutEventsRequest",
      body: {
        ...{ trackingId: "t", sessionId: "s" },
        eventList: [
          { eventType: "View", itemId: "i", sentAt: 1_767_571_200.5, eventValue: 2.5, impression: ["i", "j"] },
        ],
      },
    },
    { model: control, shape: "CreateDatasetGroupRequest", body: { name: "g", tags: [{ tagKey: "k", tagValue: "v" }] } },
  ])("gives what decoding gives, found in order, of $shape", ({ model, shape, body }) => {
    expect(readJson(model, shape, body)).toEqual({ input: decode(model, shape, body, jsonDialect), isValid: true });
  });

  it.each([
    { why: "a member is unknown", body: { campaignArn, userId: "u", color: "red" } },
    { why: "a member is null", body: { campaignArn, userId: null } },
    { why: "an ARN breaks its pattern", body: { campaignArn: "x", userId: "u" } },
    { why: "a number is too large", body: { campaignArn, numResults: 2 ** 40 } },
    { why: "a number is negative", body: { campaignArn, numResults: -1 } },
    { why: "a text is a number", body: { campaignArn, userId: 5 } },
    { why: "a list has a member of another type", body: { campaignArn, metadataColumns: { ITEMS: [1] } } },
    { why: "a map's key breaks its pattern", body: { campaignArn, filterValues: { "1!": "x" } } },
    { why: "it is a list", body: [] },
  ])("is left to decoding and validation when $why", ({ body }) => {
    const shape = "GetRecommendationsRequest";
    expect(readJson(runtime, shape, body)).toEqual({
      input: decode(runtime, shape, body, jsonDialect),
      isValid: false,
    });
  });

  it("is left to validation when a required member is missing", () => {
    const { input, isValid } = readJson(control, "CreateDatasetGroupRequest", {});
    expect(isValid).toBe(false);
    expect(() => validateInput(control, "CreateDatasetGroup", input)).toThrow(/Value null at 'name'/);
  });
});

describe("shapes as functions: a value that is written", () => {
  const slowly = (shape: string, value: unknown) => JSON.stringify(encode(runtime, { shape }, value, jsonDialect));

  it.each([
    {
      itemList: [
        { itemId: "i", score: 0.25 },
        { itemId: 'quo"te\u2028', score: 1e-7, reason: ["Popular item"] },
      ],
    },
    {
      itemList: [{ itemId: "i", score: NaN, color: "red", metadata: { A: "1", B: undefined } }],
      recommendationId: null,
    },
    { itemList: [undefined, "text"], recommendationId: 7 },
    {},
  ])("is the same text as encoding gives: %j", (value) => {
    expect(jsonTextOf(runtime, "GetRecommendationsResponse", value)).toBe(slowly("GetRecommendationsResponse", value));
  });

  it("has dates and numbers in the service's words", () => {
    const campaign = { name: "c", creationDateTime: new Date(1599000000123), minProvisionedTPS: 1 };
    expect(jsonTextOf(control, "DescribeCampaignResponse", { campaign })).toBe(
      '{"campaign":{"name":"c","minProvisionedTPS":1,"creationDateTime":1599000000.123}}',
    );
  });

  it("has numbers as String writes them", () => {
    const some = [
      0,
      1,
      -0.5,
      1e-7,
      9e-7,
      1e-6,
      0.1,
      0.25,
      0.0000012,
      0.9999999,
      0.1234567,
      0.12345678,
      1 / 3,
      12.5,
      1e21,
    ];
    const scores = Array.from({ length: 5000 }, (_, n) => Math.round(1e7 / (n + 1.5)) / 1e7);
    for (const value of [...some, ...scores]) expect(numberText(value)).toBe(String(value));
  });

  it("is written once when it is a frozen list, and anew when it may have changed", () => {
    const list = [{ itemId: "a" }];
    const text = () => jsonTextOf(runtime, "GetRecommendationsResponse", { itemList: list });
    expect(text()).toBe('{"itemList":[{"itemId":"a"}]}');
    list.push({ itemId: "b" });
    expect(text()).toBe('{"itemList":[{"itemId":"a"},{"itemId":"b"}]}');
    Object.freeze(list);
    expect([text(), text()]).toEqual(Array(2).fill('{"itemList":[{"itemId":"a"},{"itemId":"b"}]}'));
  });

  it("may contain itself", () => {
    const shapes = {
      Tree: { type: "structure", members: { name: { shape: "Name" }, branches: { shape: "Trees" } } },
      Trees: { type: "list", member: { shape: "Tree" } },
      Name: { type: "string" },
    } as const;
    const compiled = compileShapes({ ...runtime, shapes });
    const tree = { name: "a", branches: [{ name: "b", branches: [] }] };
    expect(compiled.read("Tree", tree)).toBe(tree);
    expect(compiled.write("Tree", tree)).toBe(JSON.stringify(tree));
  });
});
