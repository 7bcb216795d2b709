/** Dataset groups, schemas, datasets, event trackers and filters: made, refused, described, listed, deleted. */
import { describe, expect, it } from "@jest/globals";
import {
  arn,
  groupArn,
  importOf,
  interactionsArn,
  interactionsSchema,
  itemsSchema,
  personalizeForTest,
  withCampaign,
  withDataset,
  withItems,
  withSolution,
} from "../../../support/personalize.ts";

describe("dataset groups", () => {
  it("go from CREATE PENDING over CREATE IN_PROGRESS to ACTIVE", async () => {
    const durations = { otherwise: { pendingMs: 1000, workingMs: 2000 } };
    const { call, clock } = personalizeForTest({ settings: { durations } });
    const started = clock.now();
    const seen: [number, string][] = [];
    const look = async () => {
      const { datasetGroup } = await call("DescribeDatasetGroup", { datasetGroupArn: groupArn });
      seen.push([clock.now() - started, datasetGroup.status]);
    };

    await call("CreateDatasetGroup", { name: "shop" });
    for (const at of [0, 1500, 3500]) clock.at(started + at, () => void look());
    await clock.idle();

    expect(seen).toEqual([
      [0, "CREATE PENDING"],
      [1500, "CREATE IN_PROGRESS"],
      [3500, "ACTIVE"],
    ]);
  });

  it("answer dates, and members without a value not at all", async () => {
    const { call, settle, clock } = personalizeForTest();
    const created = clock.now();

    await settle("CreateDatasetGroup", { name: "shop" });
    const { datasetGroup } = await call("DescribeDatasetGroup", { datasetGroupArn: groupArn });

    expect(datasetGroup.creationDateTime).toEqual(new Date(created));
    expect(datasetGroup.kmsKeyArn).toBeUndefined();
  });

  it("have names of their own", async () => {
    const { call } = await withDataset(personalizeForTest());

    await expect(call("CreateDatasetGroup", { name: "shop" })).rejects.toMatchObject({
      name: "ResourceAlreadyExistsException",
      message: `Another resource with Arn ${groupArn} already exists.`,
    });
  });

  it("are limited in number", async () => {
    const { call } = personalizeForTest({ settings: { quotas: { datasetGroups: 1 } } });
    await call("CreateDatasetGroup", { name: "shop" });

    await expect(call("CreateDatasetGroup", { name: "other" })).rejects.toMatchObject({
      name: "LimitExceededException",
    });
  });

  it("take a role only with a key", async () => {
    const { call } = personalizeForTest();

    await expect(call("CreateDatasetGroup", { name: "shop", roleArn: "arn:aws:iam::0:role/r" })).rejects.toMatchObject({
      name: "InvalidInputException",
    });
  });

  it("cannot be deleted while they hold anything, and are gone when empty", async () => {
    const { call, settle } = await withDataset(personalizeForTest());

    await expect(call("DeleteDatasetGroup", { datasetGroupArn: groupArn })).rejects.toMatchObject({
      name: "ResourceInUseException",
      message: expect.stringContaining(interactionsArn),
    });
    await settle("DeleteDataset", { datasetArn: interactionsArn });
    await settle("DeleteDatasetGroup", { datasetGroupArn: groupArn });

    await expect(call("DescribeDatasetGroup", { datasetGroupArn: groupArn })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: `Resource Arn ${groupArn} does not exist.`,
    });
  });

  it("are refused a second deletion while the first goes on", async () => {
    const { call, settle } = personalizeForTest();
    await settle("CreateDatasetGroup", { name: "shop" });
    await call("DeleteDatasetGroup", { datasetGroupArn: groupArn });

    await expect(call("DeleteDatasetGroup", { datasetGroupArn: groupArn })).rejects.toMatchObject({
      name: "ResourceInUseException",
      message: expect.stringContaining("DELETE PENDING"),
    });
  });
});

describe("schemas", () => {
  it("are kept as they were sent and have no status", async () => {
    const { call } = personalizeForTest();

    await call("CreateSchema", { name: "items", schema: itemsSchema });
    const { schema } = await call("DescribeSchema", { schemaArn: arn("schema/items") });

    expect(schema.schema).toBe(itemsSchema);
    expect(schema).not.toHaveProperty("status");
  });

  it("are refused with the fault when they break a rule", async () => {
    const { call } = personalizeForTest();
    const broken = JSON.stringify({ ...JSON.parse(itemsSchema), name: "Things" });

    await expect(call("CreateSchema", { name: "items", schema: broken })).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringContaining("the record is named Things"),
    });
  });

  it("cannot be deleted while a dataset has them, and go at once afterwards", async () => {
    const { call, settle } = await withDataset(personalizeForTest());
    const schemaArn = arn("schema/interactions");

    await expect(call("DeleteSchema", { schemaArn })).rejects.toMatchObject({ name: "ResourceInUseException" });
    await settle("DeleteDataset", { datasetArn: interactionsArn });
    await call("DeleteSchema", { schemaArn });

    await expect(call("DescribeSchema", { schemaArn })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("datasets", () => {
  it("are named after group and type, and answer the type in capitals", async () => {
    const { call } = await withDataset(personalizeForTest());

    const { dataset } = await call("DescribeDataset", { datasetArn: interactionsArn });

    expect(dataset).toMatchObject({ name: "clicks", datasetType: "INTERACTIONS", status: "ACTIVE" });
  });

  it.each([
    { why: "one of its type is there", change: {}, error: "ResourceAlreadyExistsException" },
    { why: "the schema is for another type", change: { datasetType: "Items" }, error: "InvalidInputException" },
    { why: "there is no such type", change: { datasetType: "Clicks" }, error: "InvalidInputException" },
    { why: "the schema is unknown", change: { schemaArn: arn("schema/no") }, error: "ResourceNotFoundException" },
    {
      why: "the group is unknown",
      change: { datasetGroupArn: arn("dataset-group/no") },
      error: "ResourceNotFoundException",
    },
    {
      why: "the group's ARN is a schema's",
      change: { datasetGroupArn: arn("schema/x") },
      error: "InvalidInputException",
    },
  ])("are refused when $why", async ({ change, error }) => {
    const { call } = await withDataset(personalizeForTest());
    const input = { name: "d", schemaArn: arn("schema/interactions"), datasetGroupArn: groupArn };

    await expect(call("CreateDataset", { ...input, datasetType: "Interactions", ...change })).rejects.toMatchObject({
      name: error,
    });
  });

  it("wait for their group to be ACTIVE", async () => {
    const { call, clock } = personalizeForTest();
    const release = clock.hold();
    await call("CreateDatasetGroup", { name: "shop" });
    await call("CreateSchema", { name: "interactions", schema: interactionsSchema });
    const input = { name: "d", schemaArn: arn("schema/interactions"), datasetGroupArn: groupArn };

    await expect(call("CreateDataset", { ...input, datasetType: "Interactions" })).rejects.toMatchObject({
      name: "ResourceInUseException",
      message: expect.stringContaining("CREATE PENDING"),
    });
    release();
  });

  it("lose their rows when deleted", async () => {
    const { settle, jobs } = await withDataset(personalizeForTest());

    await settle("DeleteDataset", { datasetArn: interactionsArn });

    expect(jobs.forgotten).toEqual([interactionsArn]);
  });

  it("cannot be deleted while a filter, the tracker or a campaign needs them", async () => {
    const { personalize } = await withCampaign(personalizeForTest());
    const { call, settle } = personalize;
    const filterExpression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")';
    await settle("CreateFilter", { name: "unseen", datasetGroupArn: groupArn, filterExpression });
    await settle("CreateEventTracker", { name: "t", datasetGroupArn: groupArn });

    const deletion = call("DeleteDataset", { datasetArn: interactionsArn });

    await expect(deletion).rejects.toMatchObject({
      name: "ResourceInUseException",
      message: expect.stringMatching(/filter\/unseen.*event-tracker\/.*campaign\/live/),
    });
  });

  it("take a wider schema, and keep the old one until the update is ACTIVE", async () => {
    const { call, settle, clock } = await withDataset(personalizeForTest());
    const wide = JSON.parse(itemsSchema);
    wide.fields.push({ name: "COLOUR", type: ["null", "string"], categorical: true });
    await call("CreateSchema", { name: "items", schema: itemsSchema });
    await call("CreateSchema", { name: "wide", schema: JSON.stringify(wide) });
    const datasetArn = arn("dataset/shop/ITEMS");
    const input = { name: "i", schemaArn: arn("schema/items"), datasetGroupArn: groupArn, datasetType: "Items" };
    await settle("CreateDataset", input);

    const release = clock.hold();
    await call("UpdateDataset", { datasetArn, schemaArn: arn("schema/wide") });
    const during = (await call("DescribeDataset", { datasetArn })).dataset;
    release();
    await clock.idle();
    const after = (await call("DescribeDataset", { datasetArn })).dataset;

    expect(during).toMatchObject({ schemaArn: arn("schema/items"), latestDatasetUpdate: { status: "CREATE PENDING" } });
    expect(after).toMatchObject({ schemaArn: arn("schema/wide"), latestDatasetUpdate: { status: "ACTIVE" } });
  });

  it("refuse a schema that drops a field", async () => {
    const { call, settle } = await withDataset(personalizeForTest());
    const narrow = JSON.parse(itemsSchema);
    narrow.fields.pop();
    await call("CreateSchema", { name: "items", schema: itemsSchema });
    await call("CreateSchema", { name: "narrow", schema: JSON.stringify(narrow) });
    const input = { name: "i", schemaArn: arn("schema/items"), datasetGroupArn: groupArn, datasetType: "Items" };
    await settle("CreateDataset", input);

    await expect(
      call("UpdateDataset", { datasetArn: arn("dataset/shop/ITEMS"), schemaArn: arn("schema/narrow") }),
    ).rejects.toMatchObject({ name: "InvalidInputException", message: expect.stringContaining("PRICE is missing") });
  });
});

describe("event trackers", () => {
  it("have eight hexadecimal digits in the ARN and a tracking id that only Describe tells", async () => {
    const { call, settle } = await withDataset(personalizeForTest());

    const made = await settle("CreateEventTracker", { name: "t", datasetGroupArn: groupArn });
    const { eventTracker } = await call("DescribeEventTracker", { eventTrackerArn: made.eventTrackerArn });
    const { eventTrackers } = await call("ListEventTrackers", { datasetGroupArn: groupArn });

    expect(made.eventTrackerArn).toMatch(/:event-tracker\/[0-9a-f]{8}$/);
    expect(made.trackingId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(eventTracker).toMatchObject({ trackingId: made.trackingId, accountId: "000000000000", status: "ACTIVE" });
    expect(eventTrackers[0]).not.toHaveProperty("trackingId");
  });

  it("are one per group", async () => {
    const { call, settle } = await withDataset(personalizeForTest());
    await settle("CreateEventTracker", { name: "t", datasetGroupArn: groupArn });

    await expect(call("CreateEventTracker", { name: "u", datasetGroupArn: groupArn })).rejects.toMatchObject({
      name: "ResourceAlreadyExistsException",
    });
  });

  it("can be deleted and made again", async () => {
    const { settle } = await withDataset(personalizeForTest());
    const { eventTrackerArn } = await settle("CreateEventTracker", { name: "t", datasetGroupArn: groupArn });

    await settle("DeleteEventTracker", { eventTrackerArn });

    await expect(settle("CreateEventTracker", { name: "t", datasetGroupArn: groupArn })).resolves.toBeDefined();
  });
});

describe("filters", () => {
  it("are listed under a capital F", async () => {
    const { call, settle } = await withDataset(personalizeForTest());
    const filterExpression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")';
    await settle("CreateFilter", { name: "unseen", datasetGroupArn: groupArn, filterExpression });

    const answer = await call("ListFilters", { datasetGroupArn: groupArn });

    expect(answer.Filters).toEqual([expect.objectContaining({ name: "unseen", status: "ACTIVE" })]);
  });

  it("are refused with the service's words when the expression is wrong", async () => {
    const { call } = await withDataset(personalizeForTest());
    const create = (filterExpression: string) =>
      call("CreateFilter", { name: "f", datasetGroupArn: groupArn, filterExpression });

    await expect(create("EXCLUDE ItemID WHERE")).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringMatching(/^Could not create filter. Invalid Expression/),
    });
    await expect(create("EXCLUDE ItemID WHERE Items.GENRE NOT IN ($p)")).rejects.toMatchObject({
      message:
        "Could not create filter. Invalid input symbol: $p. Placeholders are not allowed with NOT_IN operator. At line 1, column 41.",
    });
  });

  it("can be deleted", async () => {
    const { call, settle } = await withItems(await withDataset(personalizeForTest()));
    const filterExpression = 'EXCLUDE ItemID WHERE Items.GENRE IN ("x")';
    const { filterArn } = await settle("CreateFilter", { name: "f", datasetGroupArn: groupArn, filterExpression });

    await settle("DeleteFilter", { filterArn });

    await expect(call("DescribeFilter", { filterArn })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("tags", () => {
  it("come with a resource, change, and go with it", async () => {
    const { call, settle } = personalizeForTest();
    const tags = [{ tagKey: "team", tagValue: "shop" }];
    await settle("CreateDatasetGroup", { name: "shop", tags });
    const more = [
      { tagKey: "team", tagValue: "search" },
      { tagKey: "stage", tagValue: "test" },
    ];

    await call("TagResource", { resourceArn: groupArn, tags: more });
    await call("UntagResource", { resourceArn: groupArn, tagKeys: ["stage", "absent"] });
    const answer = await call("ListTagsForResource", { resourceArn: groupArn });
    await settle("DeleteDatasetGroup", { datasetGroupArn: groupArn });

    expect(answer.tags).toEqual([{ tagKey: "team", tagValue: "search" }]);
    await expect(call("ListTagsForResource", { resourceArn: groupArn })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("are limited in number", async () => {
    const { call, settle } = personalizeForTest({ settings: { quotas: { tagsPerResource: 1 } } });
    await settle("CreateDatasetGroup", { name: "shop", tags: [{ tagKey: "a", tagValue: "1" }] });

    await expect(
      call("TagResource", { resourceArn: groupArn, tags: [{ tagKey: "b", tagValue: "2" }] }),
    ).rejects.toMatchObject({ name: "TooManyTagsException" });
  });

  it("are nothing for schemas", async () => {
    const { call } = await withDataset(personalizeForTest());

    await expect(call("ListTagsForResource", { resourceArn: arn("schema/interactions") })).rejects.toMatchObject({
      name: "InvalidInputException",
    });
  });
});

describe("lists", () => {
  it("come newest first in pages, and a token stays right while rows go", async () => {
    const { call, clock } = personalizeForTest({ settings: { quotas: { datasetGroups: 9 } } });
    for (const name of ["a", "b", "c", "d"]) {
      await call("CreateDatasetGroup", { name });
      await clock.sleep(10);
    }
    await clock.idle();

    const first = await call("ListDatasetGroups", { maxResults: 2 });
    await call("DeleteDatasetGroup", { datasetGroupArn: arn("dataset-group/c") });
    await clock.idle();
    const second = await call("ListDatasetGroups", { maxResults: 2, nextToken: first.nextToken });

    expect(first.datasetGroups.map((group: { name: string }) => group.name)).toEqual(["d", "c"]);
    expect(second.datasetGroups.map((group: { name: string }) => group.name)).toEqual(["b", "a"]);
    expect(second.nextToken).toBeUndefined();
  });

  it.each([
    { why: "is not ours", token: () => "nonsense" },
    { why: "belongs to another list", token: (tokens: { schemas: string }) => tokens.schemas },
  ])("refuse a token that $why", async ({ token }) => {
    const { call } = await withDataset(personalizeForTest());
    await call("CreateSchema", { name: "items", schema: itemsSchema });
    const { nextToken } = await call("ListSchemas", { maxResults: 1 });

    await expect(call("ListDatasets", { nextToken: token({ schemas: nextToken }) })).rejects.toMatchObject({
      name: "InvalidNextTokenException",
    });
  });

  it("show only what belongs to the parent asked for", async () => {
    const { call, settle } = await withSolution(personalizeForTest());
    await settle("CreateDatasetImportJob", importOf("one"));

    const of = async (operation: string, input: object) => Object.values(await call(operation, input))[0];

    await expect(of("ListSolutions", { datasetGroupArn: groupArn })).resolves.toHaveLength(1);
    await expect(of("ListSolutions", { datasetGroupArn: arn("dataset-group/no") })).resolves.toEqual([]);
    await expect(of("ListDatasetImportJobs", { datasetArn: interactionsArn })).resolves.toEqual([
      expect.objectContaining({ jobName: "one", importMode: "FULL", status: "ACTIVE" }),
    ]);
    await expect(of("ListDatasets", {})).resolves.toHaveLength(1);
  });
});
