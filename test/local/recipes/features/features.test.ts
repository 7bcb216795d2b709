/** Columns become feature rows: worked out by hand, column by column. */
import { describe, expect, it } from "@jest/globals";
import { categoricalColumn } from "../../../../local/recipes/features/categories.ts";
import {
  addFeatures,
  encodeColumns,
  encodeTexts,
  type FeatureRows,
} from "../../../../local/recipes/features/encode.ts";
import { learnVocabulary } from "../../../../local/recipes/features/vocabulary.ts";
import { bucketOf, wordsOf } from "../../../../local/recipes/features/words.ts";
import type { Column } from "../../../../local/recipes/recipe.ts";

const categories = (name: string, texts: readonly string[]) => categoricalColumn(name, texts, texts.length);
const numbers = (name: string, values: readonly number[]): Column => ({
  ...{ name, kind: "number", values: Float64Array.from(values) },
});
const texts = (name: string, values: readonly string[]): Column => ({ name, kind: "text", values });

const genres = categories("GENRES", ["Drama|Crime", "Drama", "", "Crime|Drama|Western", "Drama"]);

/** Record n as [row, weight] pairs. */
const record = ({ offsets, rows, weights }: FeatureRows, n: number) =>
  [...rows.subarray(offsets[n], offsets[n + 1])].map((row, k) => [row, weights[offsets[n]! + k]]);

describe("a vocabulary", () => {
  it("keeps the categories that two records have, the commonest first", () => {
    const { columns, rows } = learnVocabulary([genres]);

    expect(columns).toEqual([{ kind: "categorical", name: "GENRES", first: 0, categories: ["Drama", "Crime"] }]);
    expect(rows).toBe(2);
  });

  it("keeps the most frequent ones only, where there are too many", () => {
    expect(learnVocabulary([genres], { mostCategories: 1 }).columns).toMatchObject([{ categories: ["Drama"] }]);
  });

  it("puts a number's knots at quantiles, each value once, nulls aside", () => {
    const years = numbers("YEAR", [1990, NaN, 2000, 2000, 2000, 2010]);

    const { columns, rows } = learnVocabulary([years], { mostKnots: 5, first: 7 });

    expect(columns).toEqual([{ kind: "number", name: "YEAR", first: 7, knots: [1990, 2000, 2010] }]);
    expect(rows).toBe(4); // three knots and null
  });

  it("gives no rows to a column that tells nothing apart", () => {
    const same = [numbers("A", [3, 3, 3]), numbers("B", [NaN, NaN]), categories("C", ["x", "y"]), texts("D", ["", ""])];

    expect(learnVocabulary(same)).toEqual({ columns: [], rows: 0 });
  });

  it("lays one column's rows behind the other's", () => {
    const { columns, rows } = learnVocabulary([genres, texts("PLOT", ["a tale"]), numbers("YEAR", [1, 2])], {
      textBuckets: 100,
    });

    expect(columns.map(({ first }) => first)).toEqual([0, 2, 102]);
    expect(rows).toBe(105);
  });
});

describe("encoding", () => {
  it("weighs k values of a column 1/√k each and leaves unknown ones out", () => {
    const encoded = encodeColumns(learnVocabulary([genres]), [genres], 5);

    expect(record(encoded, 0)).toEqual([
      [0, Math.fround(Math.SQRT1_2)],
      [1, Math.fround(Math.SQRT1_2)],
    ]);
    expect(record(encoded, 1)).toEqual([[0, 1]]);
    expect(record(encoded, 2)).toEqual([]);
    expect(record(encoded, 3).map(([row]) => row)).toEqual([1, 0]); // Western is one record's alone
  });

  it("finds categories by their names, not their codes", () => {
    const other = categories("GENRES", ["Western|Crime", "Drama"]);

    const encoded = encodeColumns(learnVocabulary([genres]), [other], 2);

    expect([record(encoded, 0), record(encoded, 1)]).toEqual([[[1, 1]], [[0, 1]]]);
  });

  it("divides a number between its two knots; the outermost ones also stand for what lies beyond", () => {
    const vocabulary = learnVocabulary([numbers("PRICE", [10, 20, 40])], { mostKnots: 3 });
    const prices = numbers("PRICE", [25, 20, 5, 99, NaN]);

    const encoded = encodeColumns(vocabulary, [prices], 5);

    expect(record(encoded, 0)).toEqual([
      [1, 0.75],
      [2, 0.25],
    ]);
    expect([1, 2, 3, 4].map((n) => record(encoded, n))).toEqual([[[1, 1]], [[0, 1]], [[2, 1]], [[3, 1]]]);
  });

  it("hashes words whatever their case, each once", () => {
    const plots = texts("PLOT", ["The Heist, a heist!", "Über-Zug"]);
    const vocabulary = learnVocabulary([plots], { textBuckets: 1000 });

    const encoded = encodeColumns(vocabulary, [plots], 2);

    expect(wordsOf("The Heist, a heist!")).toEqual(["heist", "heist"]);
    expect(record(encoded, 0)).toEqual([[bucketOf("heist", 1000), 1]]);
    expect(record(encoded, 1).map(([row]) => row)).toEqual([bucketOf("über", 1000), bucketOf("zug", 1000)]);
  });

  it("reads a request's context, given as text; names and values that are unknown say nothing", () => {
    const vocabulary = learnVocabulary([
      categories("DEVICE", ["phone", "desk", "phone", "desk"]),
      numbers("HOUR", [0, 10]),
    ]);

    expect(record(encodeTexts(vocabulary, { DEVICE: "desk", HOUR: "5", COLOUR: "red" }), 0)).toEqual([
      [1, 1],
      [2, 0.5],
      [3, 0.5],
    ]);
    expect(record(encodeTexts(vocabulary, { DEVICE: "fridge" }), 0)).toEqual([]);
    expect(record(encodeTexts(vocabulary, {}), 0)).toEqual([]);
  });

  it("sums a record's rows of a table by their weights", () => {
    const rows = { offsets: Uint32Array.of(0, 0, 2), rows: Uint32Array.of(2, 0), weights: Float32Array.of(0.5, 2) };
    const out = Float32Array.of(9, 9, 1, 1);

    addFeatures(rows, 1, Float32Array.of(1, 2, 0, 0, 10, 20), 2, out, 2);

    expect([...out]).toEqual([9, 9, 1 + 2 + 5, 1 + 4 + 10]);
  });
});
