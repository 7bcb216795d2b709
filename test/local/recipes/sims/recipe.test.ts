import { describe, expect, it } from "@jest/globals";
import { defaultsOf } from "../../../../local/recipes/parameters.ts";
import { findNeighbours } from "../../../../local/recipes/sims/similarity.ts";
import { sims } from "../../../../local/recipes/sims/recipe.ts";
import { dataOf, environment, historyOf } from "../training-data.ts";

/** Every percentile filter open, so that a case changes one thing at a time. */
const open = {
  ...defaultsOf(sims),
  min_user_history_length_percentile: "0",
  max_user_history_length_percentile: "1",
  min_item_interaction_count_percentile: "0",
  max_item_interaction_count_percentile: "1",
};

// users of each: p 8, q 4, r 2, s 2, on average 4. From q: r is one step after it for 2 users, 2 · 1 = 2; p two steps after it for
// those 2 and one step before it for 2 others, 2 · 2^-½ + 2 · 0.7 = 2.81
const data = dataOf([["q", "r", "p"], ["q", "r", "p"], ["p", "q"], ["p", "q"], ["p"], ["p", "s"], ["p", "s"], ["p"]]);
const item = (name: string) => data.items.indexOf(name);

async function related(name: string | undefined, over: Record<string, string> = {}, count = 3) {
  const model = await sims.train(data, { ...open, min_cointeraction_count: "0", ...over }, environment());
  const query = { count, now: 0, ...(name === undefined ? {} : { item: item(name) }) };
  return model.recommend(query).map((scored) => data.items[scored.item]);
}

describe("sims", () => {
  it.each([
    { why: "no discount: 2.81 against 2", factor: "0", first: "p" },
    { why: "a little: 2.81/12^0.4 = 1.04 against 2/6^0.4 = 0.98", factor: "0.4", first: "p" },
    { why: "more: 2.81/12^0.6 = 0.63 against 2/6^0.6 = 0.68", factor: "0.6", first: "r" },
    { why: "the whole popularity: 2.81/12 = 0.23 against 2/6 = 0.33", factor: "1", first: "r" },
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

  it("does not recommend the item itself when filling up a list", async () => {
    expect(await related("p", {}, 10)).not.toContain("p");
  });

  it("leaves out the item itself even where users come back to it, unless asked what a user does next", async () => {
    const returning = dataOf(Array.from({ length: 30 }, () => ["a", "a", "b", "b", "c", "a", "c"]));
    const model = await sims.train(returning, { ...open, min_cointeraction_count: "0" }, environment());
    const a = returning.items.indexOf("a");
    const listed = (more: object) =>
      model.recommend({ count: 3, now: 0, ...more }).map((scored) => returning.items[scored.item]);

    expect(listed({ item: a }).sort()).toEqual(["b", "c"]);
    expect(listed({ item: a, history: historyOf(returning, ["c", "a"]) }).sort()).toEqual(["a", "b", "c"]);
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
    // only the two users with three events are left: all items are equally popular, and r is nearer to q than p
    expect(
      await related("q", { min_user_history_length_percentile: "0.9", popularity_discount_factor: "1" }, 2),
    ).toEqual(["r", "p"]);
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

  it("ranks a list by nearness, then by popularity", async () => {
    const model = await sims.train(data, { ...open, popularity_discount_factor: "1" }, environment());
    const list = Uint32Array.from(["s", "q", "p", "r"], item);

    // of q, only p has three users: then q, and s and r in the order of their index
    expect(model.rank({ item: item("q"), count: 4, now: 0 }, list).map((scored) => data.items[scored.item])).toEqual([
      ...["p", "q", "r", "s"],
    ]);
  });

  it("stops when told to", async () => {
    const signal = AbortSignal.abort(new Error("enough"));

    await expect(sims.train(data, open, environment({ signal }))).rejects.toThrow("enough");
  });
});

describe("co-interactions", () => {
  async function neighboursOf(histories: readonly (readonly string[])[], name: string): Promise<string[]> {
    const all = dataOf(histories);
    const options = { minimum: 1, discount: 0, keep: 10, pause: async () => {} };
    const { offsets, items } = await findNeighbours(
      { offsets: all.offsets, values: all.item },
      all.items.length,
      options,
    );
    const at = all.items.indexOf(name);
    return Array.from(items.subarray(offsets[at], offsets[at + 1]), (j) => all.items[j]!);
  }

  it("count more the nearer they are, and more after an item than before it", async () => {
    // δ = 1: 1, δ = -1: 0.7, δ = 2: 0.71, δ = -2: 0.49
    expect(await neighboursOf([["z", "y", "here", "a", "b"]], "here")).toEqual(["a", "b", "y", "z"]);
  });

  it("do not count beyond the window of a hundred", async () => {
    const between = Array.from({ length: 99 }, (_, n) => `between-${n}`);

    expect(await neighboursOf([["here", ...between, "last", "out"]], "here")).not.toContain("out");
    expect(await neighboursOf([["last", ...between, "here", "out"]], "here")).toEqual(expect.arrayContaining(["out"]));
    expect(await neighboursOf([["out", "last", ...between, "here"]], "here")).not.toContain("out");
  });

  it("make an item its own neighbour when its users come back to it", async () => {
    // other: 1 + 0.71; itself, there and back: 1 + 0.7
    expect(await neighboursOf([["here", "here", "other"]], "here")).toEqual(["other", "here"]);
    expect(await neighboursOf([["here", "other"]], "here")).toEqual(["other"]);
  });

  it("keep the most similar only", async () => {
    const all = dataOf([["a", "b", "c", "d"]]);
    const options = { minimum: 1, discount: 0, keep: 2, pause: async () => {} };
    const { offsets, items } = await findNeighbours({ offsets: all.offsets, values: all.item }, 4, options);

    expect([...offsets]).toEqual([0, 2, 4, 6, 8]);
    expect([...items.subarray(0, 2)]).toEqual([1, 2]);
  });
});
