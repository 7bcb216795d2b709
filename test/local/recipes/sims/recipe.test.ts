import { describe, expect, it } from "@jest/globals";
import { defaultsOf } from "../../../../local/recipes/parameters.ts";
import { sims } from "../../../../local/recipes/sims/recipe.ts";
import { dataOf, environment } from "../training-data.ts";

/** Every percentile filter open, so that a case changes one thing at a time. */
const open = {
  ...defaultsOf(sims),
  min_user_history_length_percentile: "0",
  max_user_history_length_percentile: "1",
  min_item_interaction_count_percentile: "0",
  max_item_interaction_count_percentile: "1",
};

// users of each: p 8, q 4, r 2, s 2; with q: p 4, r 2. Cosine without the factor of q: p 4/√8 = 1.41, r 2/√2 = 1.41
const data = dataOf([["q", "p", "r"], ["q", "p", "r"], ["p", "q"], ["p", "q"], ["p"], ["p", "s"], ["p", "s"], ["p"]]);
const item = (name: string) => data.items.indexOf(name);

async function related(name: string | undefined, over: Record<string, string> = {}, count = 3) {
  const model = await sims.train(data, { ...open, min_cointeraction_count: "0", ...over }, environment());
  const query = { count, now: 0, ...(name === undefined ? {} : { item: item(name) }) };
  return model.recommend(query).map((scored) => data.items[scored.item]);
}

describe("sims", () => {
  it.each([
    { why: "no discount: the plain co-count, 4 against 2", factor: "0", first: "p" },
    { why: "a little: 4/8^0.4 = 1.74 against 2/2^0.4 = 1.52", factor: "0.4", first: "p" },
    { why: "more than the cosine: 4/8^0.6 = 1.15 against 2/2^0.6 = 1.32", factor: "0.6", first: "r" },
    { why: "the whole popularity: 4/8 against 2/2", factor: "1", first: "r" },
  ])("discounts popular items: $why", async ({ factor, first }) => {
    expect((await related("q", { popularity_discount_factor: factor }))[0]).toBe(first);
  });

  it("drops pairs with too few users and fills up with popular items", async () => {
    expect(await related("q", { popularity_discount_factor: "1", min_cointeraction_count: "3" })).toEqual([
      "p",
      "r",
      "s",
    ]);
  });

  it("never recommends the item itself", async () => {
    expect(await related("p", {}, 10)).not.toContain("p");
  });

  it.each([
    { why: "an item that is not in the model", name: "unknown" },
    { why: "no item and no history", name: undefined },
  ])("answers with popular items for $why", async ({ name }) => {
    const model = await sims.train(data, open, environment());
    const query = { count: 2, now: 0, ...(name === undefined ? {} : { item: 99 }) };

    expect(model.recommend(query).map((scored) => data.items[scored.item])).toEqual(["p", "q"]);
  });

  it("learns nothing from items above the percentile of interaction counts", async () => {
    // half of the interactions are p's, so that up to one half only q, r and s are left
    expect(await related("q", { max_item_interaction_count_percentile: "0.5" }, 1)).toEqual(["r"]);
  });

  it("learns nothing from users whose history is too short", async () => {
    // only the two users with three events are left: p and r are equally similar to q, p is more popular
    expect(
      await related("q", { min_user_history_length_percentile: "0.9", popularity_discount_factor: "1" }, 2),
    ).toEqual(["p", "r"]);
  });

  it("leaves out what is not allowed", async () => {
    const model = await sims.train(data, { ...open, min_cointeraction_count: "0" }, environment());
    const allowed = Uint8Array.of(1 << item("s"));

    expect(model.recommend({ item: item("q"), count: 5, now: 0, allowed })).toEqual([{ item: item("s") }]);
  });

  it("is the same after saving and loading", async () => {
    const model = await sims.train(data, open, environment());
    const query = { item: item("q"), count: 4, now: 0 };

    expect(sims.load(sims.save(model)).recommend(query)).toEqual(model.recommend(query));
  });
});
