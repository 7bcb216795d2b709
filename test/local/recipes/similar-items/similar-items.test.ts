import { describe, expect, it } from "@jest/globals";
import { categoricalColumn } from "../../../../local/recipes/features/categories.ts";
import { defaultsOf } from "../../../../local/recipes/parameters.ts";
import { makeRandom } from "../../../../local/recipes/network/random.ts";
import { toPositivePmi } from "../../../../local/recipes/similar-items/embeddings.ts";
import { similarItems } from "../../../../local/recipes/similar-items/recipe.ts";
import { ridgeRegression } from "../../../../local/recipes/similar-items/ridge-regression.ts";
import { dataOf, environment } from "../training-data.ts";

// two tastes of eight items each; "tea-new" is tea by its metadata only, "unlike" is nothing
const names = (kind: string) => Array.from({ length: 8 }, (_, n) => `${kind}-${n}`);
const random = makeRandom(4);
const histories = Array.from({ length: 120 }, (_, u) => {
  const mine = names(u % 2 === 0 ? "tea" : "wine");
  return Array.from({ length: 6 }, () => mine[random.below(8)]!);
});
const bare = dataOf(histories, ["tea-new", "unlike"]);
const kinds = bare.items.map((name) => (name === "unlike" ? "" : name.split("-")[0]!));
const data = { ...bare, itemColumns: [categoricalColumn("KIND", kinds, kinds.length)] };
const parameters = { ...defaultsOf(similarItems), item_id_hidden_dim: "30", item_metadata_hidden_dim: "30" };
const train = (over: Record<string, string> = {}, of = data) =>
  similarItems.train(of, { ...parameters, ...over }, environment());
const item = (name: string) => data.items.indexOf(name);
const kindsOf = (list: readonly { item: number }[]) => new Set(list.map((scored) => kinds[scored.item]));

describe("similar-items", () => {
  it("gives items of the same users, without the item itself and without scores", async () => {
    const list = (await train()).recommend({ item: item("tea-1"), count: 7, now: 0 });

    expect(kindsOf(list)).toEqual(new Set(["tea"]));
    expect(list.map((scored) => scored.item)).not.toContain(item("tea-1"));
    expect(list[0]).not.toHaveProperty("score");
  });

  it("leaves the item itself out of the popular items, too", async () => {
    const model = await train();
    const all = (asked: number) => model.recommend({ item: asked, count: data.items.length, now: 0 });

    expect(all(item("unlike")).map((scored) => scored.item)).not.toContain(item("unlike"));
    expect(all(item("unlike"))).toHaveLength(data.items.length - 1);
    expect(all(item("tea-1"))).toHaveLength(data.items.length - 1);
  });

  it("goes by metadata for an item that nobody has met", async () => {
    expect(kindsOf((await train()).recommend({ item: item("tea-new"), count: 8, now: 0 }))).toEqual(new Set(["tea"]));
    expect(
      (await train({}, { ...data, itemColumns: [] })).recommend({ item: item("tea-new"), count: 1, now: 0 }),
    ).toEqual((await train()).recommend({ count: 1, now: 0 }));
  });

  it("finds the new item by its metadata when popularity is discounted whole", async () => {
    const list = (await train({ popularity_discount_factor: "1" })).recommend({
      item: item("tea-1"),
      count: 8,
      now: 0,
    });

    expect(list.map((scored) => scored.item)).toContain(item("tea-new"));
  });

  it.each([
    { why: "an unknown item", asked: 999 },
    { why: "an item of which nothing is known", asked: item("unlike") },
  ])("gives popular items for $why", async ({ asked }) => {
    const model = await train();

    expect(model.recommend({ item: asked, count: 5, now: 0 })).toEqual(model.recommend({ count: 5, now: 0 }));
  });

  it("is as wide as asked for", async () => {
    const floats = similarItems.save(await train({ item_id_hidden_dim: "12" }))["from"]!;

    expect(floats.byteLength).toBe(4 * 12 * data.items.length);
  });

  it("is the same after saving and loading", async () => {
    const model = await train();
    const query = { item: item("wine-2"), count: 9, now: 0 };

    expect(similarItems.load(similarItems.save(model)).recommend(query)).toEqual(model.recommend(query));
    expect(model.rank(query, Uint32Array.of(item("tea-1"), item("wine-1")))[0]).toEqual({ item: item("wine-1") });
  });
});

describe("pointwise mutual information", () => {
  it("is ln (a A / (a(i) a(j))), less for rare pairs, and never below nothing", () => {
    // a: 0-1 3, 1-0 1, 1-1 4, 8 in all; sums of rows 3, 5, of columns 1, 7
    const rows = {
      offsets: Uint32Array.of(0, 1, 3),
      columns: Uint32Array.of(1, 0, 1),
      weights: Float32Array.of(3, 1, 4),
    };
    toPositivePmi(rows);

    expect(rows.weights[0]).toBeCloseTo(Math.log((3 * 8) / (3 * 7)) * (3 / 4), 6);
    expect(rows.weights[1]).toBeCloseTo(Math.log((1 * 8) / (5 * 1)) * (1 / 2), 6);
    expect(rows.weights[2]).toBe(0); // 4 · 8 < 5 · 7
  });
});

describe("ridge regression", () => {
  it("is the weighted mean, shrunk by a ridge of 1, for a single constant feature", () => {
    // (3 · 2 + 1 · 6) / (3 + 1 + 1) = 2.4
    const x = { width: 1, vectors: Float32Array.of(1, 1) };
    const y = { width: 1, vectors: Float32Array.of(2, 6) };

    expect([...ridgeRegression(x, y, Float64Array.of(3, 1))].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([
      2.4, 2.4,
    ]);
  });
});
