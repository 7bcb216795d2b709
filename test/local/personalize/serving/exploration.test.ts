/** New items among the others: how many, how often looked for, and for which versions. */
import { describe, expect, it } from "@jest/globals";
import { explorationOf, mixInNew } from "../../../../local/personalize/serving/exploration.ts";
import { catalog } from "../../../../local/personalize/catalog/recipe-catalog.ts";
import { historyOf, servingModel } from "../../../support/fake-job-runner.ts";
import { campaignArn, personalizeForTest, train, withCampaign, withItems } from "../../../support/personalize.ts";

const recipe = (name: string) => catalog.find((each) => each.name === name)!;
const items = (text: string) => [...text].map((itemId) => ({ itemId }));

describe("explorationOf", () => {
  it.each<{ name: string; config: Record<string, string> | undefined; explores: object | undefined }>([
    { name: "aws-user-personalization", config: undefined, explores: { weight: 0.3, itemAgeCutOffDays: 30 } },
    {
      name: "aws-ecomm-recommended-for-you",
      config: { explorationWeight: "0.9", explorationItemAgeCutOff: "7" },
      explores: { weight: 0.9, itemAgeCutOffDays: 7 },
    },
    { name: "aws-user-personalization-v2", config: { explorationWeight: "0.9" }, explores: undefined },
    { name: "aws-hrnn", config: undefined, explores: undefined },
  ])("$name with $config", ({ name, config, explores }) => {
    expect(explorationOf(recipe(name), config)).toEqual(explores);
  });
});

describe("mixInNew", () => {
  const mixed = (chance: number, random: () => number, count = 4) =>
    mixInNew(items("abcd"), items("xy"), { count, chance, random })
      .map(({ itemId }) => itemId)
      .join("");

  it("gives no place without a chance, every place to new items while there are some with certainty", () => {
    expect(mixed(0, () => 0)).toBe("abcd");
    expect(mixed(1, () => 0)).toBe("xyab");
  });

  it("moves the others down, keeping their order", () => {
    const rolls = [0.9, 0.1, 0, 0.9, 0.9, 0.9];

    expect(mixed(0.5, () => rolls.shift() ?? 0.9)).toBe("axbc");
  });

  it("fills no list that is shorter by itself", () => {
    expect(mixed(0, () => 0.9, 9)).toBe("abcd");
  });
});

describe("items that came after the training", () => {
  async function live(itemUpdatesEveryMs = 1000) {
    const personalize = personalizeForTest({ random: () => 0, settings: { itemUpdatesEveryMs } });
    personalize.jobs.modelOf = async () => servingModel({ histories: { u1: historyOf(3) } });
    const made = await withCampaign(personalize, "aws-user-personalization");
    await withItems(personalize);
    const ids = async () => {
      const { itemList } = await personalize.call("GetRecommendations", { campaignArn, userId: "u1", numResults: 4 });
      return itemList.map(({ itemId }: { itemId: string }) => itemId).join("");
    };
    const add = (id: string) => {
      personalize.jobs.items[id] = { GENRE: "x" };
      personalize.jobs.revision++;
    };
    return { ...made, ids, add, pass: () => personalize.clock.sleep(2000) };
  }

  it("are explored from the next update on", async () => {
    const { ids, add, pass } = await live();
    const before = await ids();
    add("z");
    const early = await ids();
    await pass();

    expect([before, early, await ids()]).toEqual(["abcd", "abcd", "zabc"]);
  });

  it("are not, once a newer version exists: only the latest is updated", async () => {
    const { personalize, ids, add, pass } = await live();
    await ids();
    await train(personalize);
    add("z");
    await pass();

    expect(await ids()).toBe("abcd");
  });

  it("are those most like the list, of a few that are drawn", async () => {
    const rolls: number[] = [];
    const personalize = personalizeForTest({ random: () => rolls.shift() ?? 0.99 });
    personalize.jobs.modelOf = async () => servingModel({ histories: { u1: historyOf(3) } });
    await withCampaign(personalize, "aws-user-personalization");
    await withItems(personalize);
    const genres = { a: "war|old", b: "war", c: "love", w: "love", x: "war|new", y: "war", z: "new" };
    for (const [id, GENRE] of Object.entries(genres)) personalize.jobs.items[id] = { GENRE };
    // Where to begin; a place for a new item; w, x, y and z are drawn; then no more places.
    rolls.push(0, 0, 0, 0.25, 0.5, 0.75);

    const { itemList } = await personalize.call("GetRecommendations", { campaignArn, userId: "u1", numResults: 3 });

    expect(itemList.map(({ itemId }: { itemId: string }) => itemId)).toEqual(["y", "a", "b"]);
  });

  it("are left to the next training where the settings say so", async () => {
    const { ids, add, pass } = await live(0);
    add("z");
    await pass();

    expect(await ids()).toBe("abcd");
  });
});
