import { describe, expect, it } from "@jest/globals";
import { itemAttributeAffinity } from "../../../../local/recipes/item-attribute-affinity/recipe.ts";
import { defaultsOf } from "../../../../local/recipes/parameters.ts";
import type { Column, TrainingData } from "../../../../local/recipes/recipe.ts";
import { dataOf, environment } from "../training-data.ts";

/** Codes as in a column `A|B`. */
function categorical(name: string, rows: readonly string[]): Column {
  const split = rows.map((row) => row.split("|").filter((each) => each !== ""));
  const categories = [...new Set(split.flat())];
  const offsets = new Uint32Array(rows.length + 1);
  split.forEach((row, n) => (offsets[n + 1] = offsets[n]! + row.length));
  return {
    name,
    kind: "categorical",
    categories,
    offsets,
    codes: Uint32Array.from(split.flat(), (c) => categories.indexOf(c)),
  };
}

// users 0-4 watch funny films, 5-9 sad ones, 10-14 what is both
const histories = [
  ...Array.from({ length: 5 }, () => ["funny-1", "funny-2"]),
  ...Array.from({ length: 5 }, () => ["sad-1", "sad-2"]),
  ...Array.from({ length: 5 }, () => ["both-1", "both-2"]),
];
const bare = dataOf(histories); // both-1, both-2, funny-1, funny-2, sad-1, sad-2
const withColumns = (...itemColumns: Column[]): TrainingData => ({ ...bare, itemColumns });
const genres = categorical("GENRES", ["Comedy|Drama", "Comedy|Drama", "Comedy", "Comedy", "Drama", "Drama"]);
const years: Column = { name: "YEAR", kind: "number", values: Float64Array.of(1990, 2000, 1990, 2000, 1990, NaN) };
const parameters = { ...defaultsOf(itemAttributeAffinity), hidden_dimension: "32" };
const train = (data: TrainingData) => itemAttributeAffinity.train(data, parameters, environment());
const comedy = { column: "GENRES", value: "Comedy" };
const drama = { column: "GENRES", value: "Drama" };

describe("item-attribute-affinity", () => {
  it.each([
    { why: "one attribute", attributes: [[drama]], count: 10, users: [5, 6, 7, 8, 9, 10, 11, 12, 13, 14] },
    { why: "all of several", attributes: [[comedy, drama]], count: 5, users: [10, 11, 12, 13, 14] },
    {
      why: "any of several",
      attributes: [
        [comedy, { column: "YEAR", value: "2000" }],
        [drama, { column: "year", value: "2000" }],
      ],
      count: 10,
      users: [0, 1, 2, 3, 4, 10, 11, 12, 13, 14],
    },
  ])("finds the users of items with $why", async ({ attributes, count, users }) => {
    const model = await train(withColumns(genres, years));
    const found = model.segment!({ attributes, count }).map(({ user }) => user);

    expect(found.sort((a, b) => a - b)).toEqual(users);
  });

  it.each([
    { why: "there is no column", data: bare },
    { why: "all values are the same", data: withColumns(categorical("A", ["x", "x", "x", "x", "x", "x"])) },
    { why: "all values differ", data: withColumns(categorical("A", ["a", "b", "c", "d", "e", "f"])) },
  ])("says so when $why", async ({ data }) => {
    await expect(train(data)).rejects.toThrow(
      "Did not find any attribute to train on. There may not be any attribute in the items dataset, or all attribute values either have same or all distinct values.",
    );
  });

  it("names the attributes it has when asked for another", async () => {
    const model = await train(withColumns(genres));

    expect(() => model.segment!({ attributes: [[{ column: "MOOD", value: "x" }]], count: 1 })).toThrow(
      "no attribute MOOD to segment by. It has GENRES.",
    );
  });

  it("is the same after saving and loading", async () => {
    const model = await train(withColumns(genres, years));
    const query = { attributes: [[comedy, { column: "YEAR", value: "1990" }]], count: 6 };

    expect(itemAttributeAffinity.load(itemAttributeAffinity.save(model)).segment!(query)).toEqual(
      model.segment!(query),
    );
  });
});
