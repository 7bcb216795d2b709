import { describe, expect, it } from "@jest/globals";
import { popularityCount } from "../../../../local/recipes/popularity-count/recipe.ts";
import { dataOf, environment } from "../training-data.ts";

describe("popularity-count", () => {
  // a: 3 rows of 1 user; b: 2 users; c: 3 users; d: nobody
  const data = dataOf(
    [
      ["a", "a", "a", "c"],
      ["b", "c"],
      ["c", "b"],
    ],
    ["d"],
  );
  const names = (list: readonly { item: number }[]) => list.map(({ item }) => data.items[item]);

  it("counts users, not rows", async () => {
    const model = await popularityCount.train(data, {}, environment());

    expect(names(model.recommend({ count: 10, now: 0 }))).toEqual(["c", "b", "a", "d"]);
  });

  it("gives everybody the same list, without scores", async () => {
    const model = await popularityCount.train(data, {}, environment());
    const history = { item: data.item.subarray(0, 4), timestamp: new Float64Array(4), eventType: new Uint16Array(4) };

    expect(model.recommend({ count: 3, now: 0, history })).toEqual(model.recommend({ count: 3, now: 9 }));
    expect(model.recommend({ count: 1, now: 0 })[0]).not.toHaveProperty("score");
  });

  it("leaves out what is not allowed and goes on to the next", async () => {
    const model = await popularityCount.train(data, {}, environment());

    const list = model.recommend({ count: 2, now: 0, allowed: Uint8Array.of(0b1011) }); // not c

    expect(names(list)).toEqual(["b", "a"]);
  });

  it("ranks a list by popularity", async () => {
    const model = await popularityCount.train(data, {}, environment());

    expect(names(model.rank({ count: 9, now: 0 }, Uint32Array.of(3, 0, 2)))).toEqual(["c", "a", "d"]);
  });

  it("is the same after saving and loading", async () => {
    const model = await popularityCount.train(data, {}, environment());
    const loaded = popularityCount.load(popularityCount.save(model));

    expect(loaded.items).toEqual(model.items);
    expect(loaded.recommend({ count: 4, now: 0 })).toEqual(model.recommend({ count: 4, now: 0 }));
  });

  it("says what to check when there are no interactions", async () => {
    await expect(popularityCount.train(dataOf([], ["a"]), {}, environment())).rejects.toThrow(
      /eventType and eventValueThreshold/,
    );
  });
});
