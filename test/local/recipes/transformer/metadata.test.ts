/** The second versions know by their metadata what nobody has met, and who has not done anything yet. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { defaultsOf } from "../../../../local/recipes/parameters.ts";
import type { Model } from "../../../../local/recipes/recipe.ts";
import type { SuccessorModel } from "../../../../local/recipes/transformer/saved.ts";
import { userPersonalizationV2 as recipe } from "../../../../local/recipes/user-personalization-v2/recipe.ts";
import { twoTribes } from "../tribes.ts";
import { environment, historyOf } from "../training-data.ts";

const data = twoTribes();
let model: Model;

beforeAll(async () => {
  model = await recipe.train(data, defaultsOf(recipe), environment());
});

const ofTribe = (tribe: string) => historyOf(data, [`${tribe}-01`, `${tribe}-04`, `${tribe}-02`]);

describe("user-personalization-v2 with metadata", () => {
  it("places items that nobody has met by what they are", () => {
    const strangers = Uint32Array.from(["new-ants-00", "new-bees-00"], (id) => data.items.indexOf(id));
    const first = (tribe: string) =>
      data.items[model.rank({ history: ofTribe(tribe), count: 0, now: 2e9 }, strangers)[0]!.item];

    expect([first("ants"), first("bees")]).toEqual(["new-ants-00", "new-bees-00"]);
  });

  it("knows a user without a history by the user's metadata", () => {
    const first = (user: number) => data.items[model.recommend({ user, count: 1, now: 2e9 })[0]!.item]!.slice(0, 4);

    expect([first(0), first(1)]).toEqual(["ants", "bees"]);
  });

  it("answers the same after saving and loading, alone and together", () => {
    const loaded = recipe.load(recipe.save(model));
    const queries = ["ants", "bees"].map((tribe, user) => ({ history: ofTribe(tribe), user, count: 10, now: 2e9 }));

    queries.forEach((query, n) => {
      expect(loaded.recommend(query)).toEqual(model.recommend(query));
      const together = loaded.recommendMany!(queries)[n]!;
      expect(together.map(({ item }) => item)).toEqual(model.recommend(query).map(({ item }) => item));
    });
  });

  it("loads what was saved before networks had shares, half and half", () => {
    const { shares, ...before } = recipe.save(model);
    expect(shares).toBeDefined();

    const loaded = recipe.load(before) as SuccessorModel;

    expect(loaded.shares).toBeUndefined();
    expect(loaded.recommend({ history: ofTribe("ants"), count: 3, now: 2e9 })).toHaveLength(3);
  });
});
