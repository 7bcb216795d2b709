/** The runtime: what users, items and filters nobody knows get, how scores look, what is refused. */
import { describe, expect, it } from "@jest/globals";
import type { Query } from "../../../../local/recipes/recipe.ts";
import { historyOf, servingModel, type FakeModel } from "../../../support/fake-job-runner.ts";
import {
  arn,
  campaignArn,
  groupArn,
  personalizeForTest,
  withCampaign,
  withItems,
  type TestPersonalize,
} from "../../../support/personalize.ts";

async function campaignOn(recipe: string, model: FakeModel = {}, random = () => 0): Promise<TestPersonalize> {
  const personalize = personalizeForTest({ random });
  personalize.jobs.modelOf = async () => servingModel({ histories: { u1: historyOf(3) }, ...model });
  return (await withCampaign(personalize, recipe)).personalize;
}

const ids = (answer: { itemList: { itemId: string }[] }) => answer.itemList.map(({ itemId }) => itemId);

async function filter(personalize: TestPersonalize, filterExpression: string): Promise<string> {
  if (filterExpression.includes("Items.")) await withItems(personalize);
  const answer = await personalize.settle("CreateFilter", { name: "f", datasetGroupArn: groupArn, filterExpression });
  return answer.filterArn;
}

describe("GetRecommendations", () => {
  it("gives a known user the model's items with scores of seven decimals", async () => {
    const { call } = await campaignOn("aws-hrnn", { scores: [0.12345678, 0.5, 0.2, 0.1] });

    const answer = await call("GetRecommendations", { campaignArn, userId: "u1", numResults: 3 });

    expect(answer.itemList).toEqual([
      { itemId: "b", score: 0.5 },
      { itemId: "c", score: 0.2 },
      { itemId: "a", score: 0.1234568 },
    ]);
    expect(answer.recommendationId).toMatch(/^RID-[0-9a-f-]{36}$/);
  });

  it("asks the model with the user's history, the index in training and the time", async () => {
    const asked: Query[] = [];
    const { call, clock } = await campaignOn("aws-hrnn", { asked });

    await call("GetRecommendations", { campaignArn, userId: "u1" });

    expect(asked).toEqual([{ history: historyOf(3), user: 0, count: 25, now: Math.floor(clock.now() / 1000) }]);
  });

  it("gives an unknown user the popular items, without scores and without an error", async () => {
    const { call } = await campaignOn("aws-hrnn");

    const answer = await call("GetRecommendations", { campaignArn, userId: "stranger", numResults: 2 });

    expect(answer.itemList).toEqual([{ itemId: "d" }, { itemId: "c" }]);
  });

  it("says with v2 recipes that items are there for being popular", async () => {
    const { call } = await campaignOn("aws-user-personalization-v2");

    const answer = await call("GetRecommendations", { campaignArn, userId: "stranger", numResults: 1 });

    expect(answer.itemList).toEqual([{ itemId: "d", reason: ["Popular item"] }]);
  });

  it("gives an unknown item the popular items", async () => {
    const { call } = await campaignOn("aws-sims");

    expect(ids(await call("GetRecommendations", { campaignArn, itemId: "nothing" }))).toEqual(["d", "c", "b", "a"]);
  });

  it("asks related-items models with the item", async () => {
    const asked: Query[] = [];
    const { call } = await campaignOn("aws-sims", { asked });

    await call("GetRecommendations", { campaignArn, itemId: "b" });

    expect(asked[0]).toMatchObject({ item: 1 });
  });

  it("gives a shorter list from a smaller catalogue, and none for numResults 0", async () => {
    const { call } = await campaignOn("aws-hrnn");

    expect(ids(await call("GetRecommendations", { campaignArn, userId: "u1" }))).toHaveLength(4);
    expect(ids(await call("GetRecommendations", { campaignArn, userId: "u1", numResults: 0 }))).toEqual([]);
  });

  it.each([
    { why: "no user for a personal recipe", recipe: "aws-hrnn", input: { itemId: "a" }, says: "userId is required" },
    {
      why: "no item for a related-items recipe",
      recipe: "aws-sims",
      input: { userId: "u1" },
      says: "itemId is required",
    },
    {
      why: "a ranking campaign",
      recipe: "aws-personalized-ranking",
      input: { userId: "u1" },
      says: "GetPersonalizedRanking",
    },
    { why: "too many results", recipe: "aws-hrnn", input: { userId: "u1", numResults: 501 }, says: "at most 500" },
    {
      why: "metadata the campaign does not give",
      recipe: "aws-hrnn",
      input: { userId: "u1", metadataColumns: { ITEMS: ["GENRE"] } },
      says: "enableMetadataWithRecommendations",
    },
    {
      why: "too many results with metadata",
      recipe: "aws-user-personalization-v2",
      input: { userId: "u1", numResults: 51, metadataColumns: { ITEMS: ["GENRE"] } },
      says: "at most 50",
    },
  ])("refuses $why", async ({ recipe, input, says }) => {
    const { call } = await withItems(await campaignOn(recipe));

    await expect(call("GetRecommendations", { campaignArn, ...input })).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringContaining(says),
    });
  });

  it("needs no user where everybody gets the same list", async () => {
    const { call } = await campaignOn("aws-popularity-count");

    expect(ids(await call("GetRecommendations", { campaignArn }))).toEqual(["a", "b", "c", "d"]);
  });

  it("answers 404 for a campaign that is not there", async () => {
    const { call } = personalizeForTest();

    await expect(call("GetRecommendations", { campaignArn, userId: "u" })).rejects.toMatchObject({ status: 404 });
  });

  it("gives the metadata asked for, of the items that have it", async () => {
    const personalize = await withItems(await campaignOn("aws-user-personalization-v2"));
    personalize.jobs.items = { a: { GENRE: "x|y", PRICE: 2.5 } };

    const metadataColumns = { ITEMS: ["GENRE", "PRICE"] };
    const answer = await personalize.call("GetRecommendations", {
      campaignArn,
      userId: "u1",
      numResults: 2,
      metadataColumns,
    });

    expect(answer.itemList.map((item: { metadata: unknown }) => item.metadata)).toEqual([
      { GENRE: "x|y", PRICE: "2.5" },
      {},
    ]);
  });
});

describe("GetRecommendations with a filter", () => {
  it("leaves out what the user has seen, streamed or in bulk", async () => {
    const personalize = await campaignOn("aws-hrnn");
    personalize.jobs.histories = { u1: [{ itemId: "a", timestamp: 1, eventType: "View" }] };
    const filterArn = await filter(personalize, 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("view")');

    const answer = await personalize.call("GetRecommendations", { campaignArn, userId: "u1", filterArn });

    expect(ids(answer)).toEqual(["b", "c", "d"]);
  });

  it("filters the popular items of an unknown user as well", async () => {
    const personalize = await campaignOn("aws-hrnn");
    personalize.jobs.items = { c: { GENRE: "x" } };
    const filterArn = await filter(personalize, "INCLUDE ItemID WHERE Items.GENRE IN ($G)");

    const filterValues = { G: '"x"' };
    const answer = await personalize.call("GetRecommendations", {
      campaignArn,
      userId: "new",
      filterArn,
      filterValues,
    });

    expect(ids(answer)).toEqual(["c"]);
  });

  it.each([
    { why: "that does not exist", change: { filterArn: arn("filter/no") }, error: "ResourceNotFoundException" },
    { why: "without a value for its placeholder", change: {}, error: "InvalidInputException" },
    { why: "with values that are no list", change: { filterValues: { G: '"x' } }, error: "InvalidInputException" },
  ])("refuses one $why", async ({ change, error }) => {
    const personalize = await campaignOn("aws-hrnn");
    const filterArn = await filter(personalize, "INCLUDE ItemID WHERE Items.GENRE IN ($G)");

    await expect(
      personalize.call("GetRecommendations", { campaignArn, userId: "u1", filterArn, ...change }),
    ).rejects.toMatchObject({ name: error });
  });

  it("refuses one of another dataset group", async () => {
    const personalize = await campaignOn("aws-hrnn");
    await personalize.settle("CreateDatasetGroup", { name: "other" });
    const { filterArn } = await personalize.settle("CreateFilter", {
      name: "f",
      datasetGroupArn: arn("dataset-group/other"),
      filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("x")',
    });

    await expect(
      personalize.call("GetRecommendations", { campaignArn, userId: "u1", filterArn }),
    ).rejects.toMatchObject({ message: expect.stringContaining("another dataset group") });
  });

  it("mixes promoted items in at their share, marked, and never twice", async () => {
    const personalize = await campaignOn("aws-user-personalization-v2", {}, () => 0.99);
    personalize.jobs.items = { c: { GENRE: "x" }, d: { GENRE: "x" } };
    const filterArn = await filter(personalize, 'INCLUDE ItemID WHERE Items.GENRE IN ("x")');

    const promotions = [{ name: "sale", percentPromotedItems: 50, filterArn }];
    const answer = await personalize.call("GetRecommendations", {
      campaignArn,
      userId: "u1",
      numResults: 4,
      promotions,
    });

    expect(ids(answer).sort()).toEqual(["a", "b", "c", "d"]);
    expect(answer.itemList.filter((item: object) => "promotionName" in item)).toEqual([
      { itemId: "c", score: 0.2, promotionName: "sale", reason: ["Promoted item"] },
      { itemId: "d", score: 0.1, promotionName: "sale", reason: ["Promoted item"] },
    ]);
  });
});

describe("GetPersonalizedRanking", () => {
  it("ranks what the model knows and puts the rest behind, unscored and in the order given", async () => {
    const { call } = await campaignOn("aws-personalized-ranking");

    const inputList = ["zebra", "c", "a", "yak"];
    const answer = await call("GetPersonalizedRanking", { campaignArn, userId: "u1", inputList });

    expect(answer.personalizedRanking).toEqual([
      { itemId: "a", score: 0.4 },
      { itemId: "c", score: 0.2 },
      { itemId: "zebra" },
      { itemId: "yak" },
    ]);
  });

  it("drops what the filter does not let through", async () => {
    const personalize = await campaignOn("aws-personalized-ranking");
    personalize.jobs.items = { a: { GENRE: "x" }, zebra: { GENRE: "x" } };
    const filterArn = await filter(personalize, 'EXCLUDE ItemID WHERE Items.GENRE IN ("x")');

    const inputList = ["zebra", "c", "a"];
    const answer = await personalize.call("GetPersonalizedRanking", {
      campaignArn,
      userId: "u1",
      inputList,
      filterArn,
    });

    expect(answer.personalizedRanking).toEqual([{ itemId: "c", score: 0.2 }]);
  });

  it("refuses campaigns that do not rank", async () => {
    const { call } = await campaignOn("aws-hrnn");

    await expect(call("GetPersonalizedRanking", { campaignArn, userId: "u1", inputList: ["a"] })).rejects.toMatchObject(
      { name: "InvalidInputException", message: expect.stringContaining("GetRecommendations") },
    );
  });
});
