import { describe, expect, it } from "@jest/globals";
import { loadModel } from "../../../../local/cloud/models/load-model.ts";
import { validateInput } from "../../../../local/cloud/models/validate-input.ts";
import type { ServiceId } from "../../../../local/cloud/ports/service.ts";

/** What validation throws, as "Name: message"; "" when it lets the input pass. */
function verdict(service: ServiceId, operation: string, input: unknown): string {
  try {
    validateInput(loadModel(service), operation, input);
    return "";
  } catch (error) {
    return String(error);
  }
}

const solutionVersionArn = "arn:aws:personalize:us-east-1:000000000000:solution/s/236f000b";
const campaign = { name: "c", solutionVersionArn };
const failed = (value: string, path: string, what: string) =>
  `Value ${value} at '${path}' failed to satisfy constraint: ${what}`;

describe("constraints", () => {
  it.each([
    {
      why: "a missing required member",
      input: { solutionVersionArn },
      fault: failed("null", "name", "Member must not be null"),
    },
    {
      why: "null counts as missing",
      input: { name: null, solutionVersionArn },
      fault: failed("null", "name", "Member must not be null"),
    },
    {
      why: "too long",
      input: { ...campaign, name: "n".repeat(64) },
      fault: failed(`'${"n".repeat(64)}'`, "name", "Member must have length less than or equal to 63"),
    },
    {
      why: "the whole name must match, although the model's pattern has no end anchor",
      input: { ...campaign, name: "my name" },
      fault: failed(
        "'my name'",
        "name",
        "Member must satisfy regular expression pattern: ^[a-zA-Z0-9][a-zA-Z0-9\\-_]*",
      ),
    },
    {
      why: "a number below its minimum",
      input: { ...campaign, minProvisionedTPS: 0 },
      fault: failed("'0'", "minProvisionedTPS", "Member must have value greater than or equal to 1"),
    },
    {
      why: "a structure in a list is addressed by its place",
      input: {
        ...campaign,
        tags: [
          { tagKey: "a", tagValue: "b" },
          { tagKey: "", tagValue: "b" },
        ],
      },
      fault: failed("''", "tags.2.member.tagKey", "Member must have length greater than or equal to 1"),
    },
    {
      why: "map values are the map's own constraint",
      input: { ...campaign, campaignConfig: { rankingInfluence: { POPULARITY: 2 } } },
      fault: failed(
        "'{POPULARITY=2}'",
        "campaignConfig.rankingInfluence",
        "Map value must satisfy constraint: [Member must have value less than or equal to 1, Member must have value greater than or equal to 0]",
      ),
    },
    {
      why: "map keys too",
      input: { ...campaign, campaignConfig: { rankingInfluence: { LUCK: 1 } } },
      fault: failed(
        "'{LUCK=1}'",
        "campaignConfig.rankingInfluence",
        "Map keys must satisfy constraint: [Member must satisfy enum value set: [POPULARITY, FRESHNESS]]",
      ),
    },
  ])("of Personalize answer InvalidInputException: $why", ({ input, fault }) => {
    expect(verdict("personalize", "CreateCampaign", input)).toBe(
      `InvalidInputException: 1 validation error detected: ${fault}`,
    );
  });

  it("are all listed in one message", () => {
    expect(verdict("personalize", "CreateSolutionVersion", { name: "", trainingMode: "HALF" })).toBe(
      "InvalidInputException: 4 validation errors detected: " +
        [
          failed("''", "name", "Member must have length greater than or equal to 1"),
          failed("''", "name", "Member must satisfy regular expression pattern: ^[a-zA-Z0-9][a-zA-Z0-9\\-_]*"),
          failed("null", "solutionArn", "Member must not be null"),
          failed("'HALF'", "trainingMode", "Member must satisfy enum value set: [FULL, UPDATE, AUTOTRAIN]"),
        ].join("; "),
    );
  });

  it.each<{ service: ServiceId; operation: string; input: unknown; begins: string }>([
    { service: "states", operation: "StartExecution", input: {}, begins: "ValidationException: 1 validation error" },
    { service: "logs", operation: "CreateLogGroup", input: {}, begins: "InvalidParameterException: 1 validation" },
    { service: "sts", operation: "AssumeRole", input: {}, begins: "ValidationError: 2 validation errors" },
    {
      service: "events",
      operation: "PutEvents",
      input: { Entries: [] },
      begins: "ValidationException: 1 validation error detected: Value '[]' at 'entries'",
    },
    {
      service: "personalize-runtime",
      operation: "GetPersonalizedRanking",
      input: {},
      begins: "InvalidInputException: 3",
    },
  ])("of $service are named as $service names them", ({ service, operation, input, begins }) => {
    expect(verdict(service, operation, input).startsWith(begins)).toBe(true);
  });

  it("leave the SDK's idempotency tokens and unknown members alone", () => {
    expect(verdict("scheduler", "CreateScheduleGroup", { Name: "g", Nonsense: 1 })).toBe("");
  });
});

describe("types", () => {
  it.each([
    { input: { ...campaign, name: 5 }, message: "NUMBER_VALUE cannot be converted to String" },
    { input: { ...campaign, name: true }, message: "TRUE_VALUE cannot be converted to String" },
    { input: { ...campaign, name: {} }, message: "Start of structure or map found where not expected" },
    { input: { ...campaign, name: [] }, message: "Unrecognized collection type class java.lang.String" },
    { input: { ...campaign, minProvisionedTPS: "5" }, message: "STRING_VALUE cannot be converted to Integer" },
    { input: { ...campaign, minProvisionedTPS: 1.5 }, message: "DECIMAL_VALUE cannot be converted to Integer" },
    { input: { ...campaign, campaignConfig: "x" }, message: "Unexpected field type" },
    { input: { ...campaign, tags: {} }, message: "Start of structure or map found where not expected" },
    { input: [], message: "Start of list found where not expected" },
  ])("are checked before constraints: $message", ({ input, message }) => {
    expect(verdict("personalize", "CreateCampaign", input)).toBe(`SerializationException: ${message}`);
  });

  it("take Date for timestamps, bytes for blobs and any body for a stream", () => {
    const put = { Bucket: "b", Key: "k" };
    expect(verdict("s3", "PutObject", { ...put, Body: "text", Expires: new Date(0) })).toBe("");
    expect(verdict("s3", "PutObject", { ...put, Expires: "soon" })).toContain("cannot be converted to Date");
    expect(verdict("lambda", "Invoke", { FunctionName: "f", Payload: new Uint8Array(2) })).toBe("");
    expect(verdict("lambda", "Invoke", { FunctionName: "f", Payload: "x" })).toContain("base-64");
  });
});
