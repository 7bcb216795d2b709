/** The data sets of the benchmark of recipes, and how it puts several seeds into one row. */
import { expect, test } from "@jest/globals";
import { clickWatch, clicksAndWatches } from "../../bench/data/click-watch.ts";
import { columnsOf } from "../../bench/data/columns.ts";
import { hasMovieLens } from "../../bench/data/movielens.ts";
import { bench, median } from "../../bench/recipes.ts";

const rating = (value: number) => ({ user: "1", item: "7", rating: value, timestamp: 100 });

test("a rating above 1 is a click, one above 3 a watch as well, both at its time", () => {
  const types = (value: number) => clicksAndWatches([rating(value)]).map(({ eventType }) => eventType);
  expect(types(1)).toEqual([]);
  expect(types(1.5)).toEqual(["click"]);
  expect(types(3)).toEqual(["click"]);
  expect(types(3.5)).toEqual(["click", "watch"]);
  expect(clicksAndWatches([rating(4)])[1]).toEqual({ user: "1", item: "7", timestamp: 100, eventType: "watch" });
});

(hasMovieLens() ? test : test.skip)(
  "MovieLens-small gives the 158,371 events of the service's demonstration (skipped: no data)",
  () => {
    const data = clickWatch();
    expect(data.item).toHaveLength(158_371);
    expect(data.users).toHaveLength(610);
    expect(data.eventTypes).toEqual(["click", "watch"]);
    expect(data.itemColumns.map(({ name }) => name)).toEqual(["GENRES", "YEAR"]);
  },
);

test("events become columns by user and time, ties as given; metadata follow the ids", () => {
  const event = (user: string, item: string, timestamp: number) => ({ user, item, timestamp, eventType: "" });
  const data = columnsOf([event("b", "x", 5), event("a", "y", 9), event("b", "z", 1), event("b", "y", 5)], {
    items: new Map([["y", { PRICE: 3, KIND: "p|q" }]]),
    itemCreated: new Map([["y", 2]]),
  });
  expect(data.users).toEqual(["b", "a"]);
  expect([...data.offsets]).toEqual([0, 3, 4]);
  expect(Array.from(data.item, (item) => data.items[item])).toEqual(["z", "x", "y", "y"]);
  expect(data.items).toEqual(["x", "y", "z"]);
  expect([...data.itemCreated]).toEqual([5, 2, 1]);
  expect(data.itemColumns).toEqual([
    { name: "PRICE", kind: "number", values: Float64Array.of(NaN, 3, NaN) },
    {
      ...{ name: "KIND", kind: "categorical", categories: ["p", "q"] },
      ...{ offsets: Uint32Array.of(0, 0, 2, 2), codes: Uint32Array.of(0, 1) },
    },
  ]);
});

test("the median of an even number of values lies between the middle two", () => {
  expect(median([4, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test("an unknown data set or recipe is named, with those that there are", async () => {
  await expect(bench(["--data", "netflix"])).rejects.toThrow(/no data set "netflix".*movielens-small/);
  await expect(bench(["--recipe", "hrnn"])).rejects.toThrow(/no recipe "hrnn".*aws-hrnn/);
});
