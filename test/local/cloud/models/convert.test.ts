import { describe, expect, it } from "@jest/globals";
import { decode, encode, jsonDialect } from "../../../../local/cloud/models/convert.ts";
import { loadModel } from "../../../../local/cloud/models/load-model.ts";
import { sdkExceptionName, sdkMemberName } from "../../../../local/cloud/models/sdk-names.ts";
import { formatTimestamp, parseTimestamp } from "../../../../local/cloud/models/timestamps.ts";

describe("conversion between wire and domain", () => {
  it("turns epoch seconds with fractions into dates and back, and drops what the model does not know", () => {
    const model = loadModel("personalize");
    const wire = { campaign: { name: "c", creationDateTime: 1599000000.123, color: "red", failureReason: null } };

    const domain = decode(model, "DescribeCampaignResponse", wire, jsonDialect);

    expect(domain).toEqual({ campaign: { name: "c", creationDateTime: new Date(1599000000123) } });
    const encoded = encode(model, { shape: "DescribeCampaignResponse" }, { ...(domain as object), x: 1 }, jsonDialect);
    expect(encoded).toEqual({ campaign: { name: "c", creationDateTime: 1599000000.123 } });
  });

  it("carries bytes as base64 and leaves what is no base64 for validation", () => {
    const model = loadModel("lambda");
    const decoded = decode(model, "FunctionCode", { ZipFile: "AAEC" }, jsonDialect) as { ZipFile: Uint8Array };
    expect([...decoded.ZipFile]).toEqual([0, 1, 2]);
    expect(decode(model, "FunctionCode", { ZipFile: "?" }, jsonDialect)).toEqual({ ZipFile: "?" });
    expect(encode(model, { shape: "FunctionCode" }, decoded, jsonDialect)).toEqual({ ZipFile: "AAEC" });
  });

  it("writes numbers that JSON has not by name", () => {
    const model = loadModel("personalize");
    const response = { solutionVersionArn: "a", metrics: { coverage: NaN, precision_at_5: Infinity } };
    const wire = encode(model, { shape: "GetSolutionMetricsResponse" }, response, jsonDialect);
    expect(wire).toMatchObject({ metrics: { coverage: "NaN", precision_at_5: "Infinity" } });
    expect(decode(model, "GetSolutionMetricsResponse", wire, jsonDialect)).toEqual(response);
  });

  it.each([
    { format: "iso8601", wire: "2026-01-05T00:00:00.250Z" },
    { format: "unixTimestamp", wire: 1767571200.25 },
  ] as const)("reads back what it writes as $format", ({ format, wire }) => {
    const date = new Date("2026-01-05T00:00:00.250Z");
    expect(formatTimestamp(date, format)).toBe(wire);
    expect(parseTimestamp(wire)).toEqual(date);
    expect(parseTimestamp(String(wire))).toEqual(date);
  });

  it("knows RFC 822 dates, whole seconds without fraction, and leaves other text alone", () => {
    expect(parseTimestamp("Mon, 05 Jan 2026 00:00:00 GMT")).toEqual(new Date("2026-01-05T00:00:00Z"));
    expect(formatTimestamp(new Date("2026-01-05T00:00:00Z"), "iso8601")).toBe("2026-01-05T00:00:00Z");
    expect(parseTimestamp("tomorrow")).toBe("tomorrow");
  });
});

describe("Step Functions' names", () => {
  it.each([
    { member: "solutionVersionArn", name: "SolutionVersionArn" },
    { member: "performAutoML", name: "PerformAutoML" },
    { member: "minProvisionedTPS", name: "MinProvisionedTPS" },
    { member: "ETag", name: "ETag" },
    { member: "SSEKMSKeyId", name: "SsekmsKeyId" },
    { member: "KMSMasterKeyID", name: "KmsMasterKeyID" },
  ])("of the member $member: $name", ({ member, name }) => {
    expect(sdkMemberName(member)).toBe(name);
  });

  it.each([
    { shape: "ResourceNotFoundException", name: "ResourceNotFoundException" },
    { shape: "ExecutionAlreadyExists", name: "ExecutionAlreadyExistsException" },
    { shape: "NoSuchKey", name: "NoSuchKeyException" },
    { shape: "DashboardNotFoundFault", name: "DashboardNotFoundException" },
    { shape: "KMSDisabledException", name: "KmsDisabledException" },
  ])("of the exception $shape: $name", ({ shape, name }) => {
    expect(sdkExceptionName(shape)).toBe(name);
  });
});
