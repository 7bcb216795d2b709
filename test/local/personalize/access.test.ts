/** Which permission each operation asks for. */
import { describe, expect, it } from "@jest/globals";
import { accessOf } from "../../../local/personalize/access.ts";
import { controlOperations, eventsOperations, runtimeOperations } from "../../../local/personalize/operations/table.ts";

const place = { account: "000000000000", region: "us-east-1" };
const arn = (tail: string) => `arn:aws:personalize:us-east-1:000000000000:${tail}`;
const ask = (operation: string, input: Record<string, unknown>) =>
  accessOf(operation, input, {
    place,
    trackerOf: (id) => (id === "known" ? arn("event-tracker/0a") : undefined),
    datasetOf: (id) => (id === "known" ? arn("dataset/g/ACTION_INTERACTIONS") : undefined),
  });

describe("accessOf", () => {
  it.each([
    { operation: "CreateDatasetGroup", input: { name: "shop" }, resource: arn("dataset-group/shop") },
    {
      operation: "CreateDataset",
      input: { name: "x", datasetGroupArn: arn("dataset-group/shop"), datasetType: "Items" },
      resource: arn("dataset/shop/ITEMS"),
    },
    { operation: "CreateSchema", input: { name: "s" }, resource: arn("schema/s") },
    { operation: "CreateSolutionVersion", input: { solutionArn: arn("solution/s") }, resource: arn("solution/s") },
    { operation: "CreateEventTracker", input: { name: "t" }, resource: arn("event-tracker/*") },
    { operation: "DescribeCampaign", input: { campaignArn: arn("campaign/c") }, resource: arn("campaign/c") },
    {
      operation: "DescribeDatasetGroup",
      input: { datasetGroupArn: arn("dataset-group/g") },
      resource: arn("dataset-group/g"),
    },
    {
      operation: "UpdateCampaign",
      input: { campaignArn: arn("campaign/c"), solutionVersionArn: arn("solution/s/1") },
      resource: arn("campaign/c"),
    },
    {
      operation: "StopSolutionVersionCreation",
      input: { solutionVersionArn: arn("solution/s/1") },
      resource: arn("solution/s/1"),
    },
    {
      operation: "GetSolutionMetrics",
      input: { solutionVersionArn: arn("solution/s/1") },
      resource: arn("solution/s/1"),
    },
    { operation: "ListSolutionVersions", input: { solutionArn: arn("solution/s") }, resource: "*" },
    { operation: "ListTagsForResource", input: { resourceArn: arn("campaign/c") }, resource: arn("campaign/c") },
    {
      operation: "GetRecommendations",
      input: { campaignArn: arn("campaign/c"), userId: "u" },
      resource: arn("campaign/c"),
    },
    {
      operation: "PutActionInteractions",
      input: { trackingId: "known" },
      resource: arn("dataset/g/ACTION_INTERACTIONS"),
    },
    {
      operation: "GetRecommendations",
      input: { recommenderArn: arn("recommender/r"), userId: "u" },
      resource: arn("recommender/r"),
    },
    { operation: "StopRecommender", input: { recommenderArn: arn("recommender/r") }, resource: arn("recommender/r") },
    { operation: "PutEvents", input: { trackingId: "known" }, resource: arn("event-tracker/0a") },
    { operation: "PutItems", input: { datasetArn: arn("dataset/g/ITEMS") }, resource: arn("dataset/g/ITEMS") },
  ])("asks $operation for the resource it touches", ({ operation, input, resource }) => {
    expect(ask(operation, input)).toEqual([{ action: `personalize:${operation}`, resource }]);
  });

  it("asks for the solution as well when a campaign is created", () => {
    const asked = ask("CreateCampaign", { name: "c", solutionVersionArn: arn("solution/s/1") });

    expect(asked.map(({ resource }) => resource)).toEqual([arn("campaign/c"), arn("solution/s")]);
  });

  it("asks to pass the role of an import to the service", () => {
    const roleArn = "arn:aws:iam::000000000000:role/import";

    expect(ask("CreateDatasetImportJob", { jobName: "j", roleArn })).toEqual([
      { action: "personalize:CreateDatasetImportJob", resource: arn("dataset-import-job/j") },
      { action: "iam:PassRole", resource: roleArn, conditions: { "iam:PassedToService": "personalize.amazonaws.com" } },
    ]);
  });

  it("tells the conditions which tags the request has", () => {
    const [request] = ask("CreateFilter", { name: "f", tags: [{ tagKey: "team", tagValue: "shop" }] });

    expect(request?.conditions).toEqual({ "aws:TagKeys": ["team"], "aws:RequestTag/team": "shop" });
  });

  it("finds a resource for every operation that is not a list", () => {
    const names = Object.keys({ ...controlOperations, ...runtimeOperations, ...eventsOperations });
    const anyArn = new Proxy(
      {},
      { get: (_, member) => (member === "tags" || member === "roleArn" ? undefined : `x/${String(member)}`) },
    );

    const blank = names.filter((name) => ask(name, anyArn).some(({ resource }) => resource === "*"));

    expect(blank.filter((name) => !name.startsWith("List"))).toEqual([]);
  });
});
