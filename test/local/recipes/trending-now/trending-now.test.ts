import { describe, expect, it } from "@jest/globals";
import { trendPredictionAccuracy } from "../../../../local/recipes/trending-now/accuracy.ts";
import { trendingNow, type TrendingModel } from "../../../../local/recipes/trending-now/recipe.ts";
import type { TrainingData } from "../../../../local/recipes/recipe.ts";
import { dataOf, environment } from "../training-data.ts";

const hour = 3600;
const now = 1_000_000;

/** Every event is a user of its own: [item, hours before now]. */
function events(...list: readonly (readonly [item: string, hoursAgo: number])[]): TrainingData {
  const data = dataOf(
    list.map(([item]) => [item]),
    ["quiet"],
  );
  return { ...data, timestamp: Float64Array.from(list, ([, hoursAgo]) => now - hoursAgo * hour) };
}

// growth over one hour: up 3 - 0, steady 2 - 2, down 1 - 2; long ago: "old" 4
const data = events(
  ...[0.1, 0.2, 0.9].map((ago) => ["up", ago] as const),
  ...[0.1, 0.5, 1.5, 1.9].map((ago) => ["steady", ago] as const),
  ...[0.3, 1.2, 1.8].map((ago) => ["down", ago] as const),
  ...[50, 51, 52, 53].map((ago) => ["old", ago] as const),
);
const train = (frequency = "1 hour", at = now) =>
  trendingNow.train(data, { trend_discovery_frequency: frequency }, environment({ now: at }));
const names = (list: readonly { item: number }[]) => list.map(({ item }) => data.items[item]);

describe("trending-now", () => {
  it("puts what grows first and fills up with popular items, without scores", async () => {
    const list = (await train()).recommend({ count: 9, now });

    expect(names(list)).toEqual(["up", "old", "steady", "down", "quiet"]);
    expect(list[0]).not.toHaveProperty("score");
  });

  it("counts over the interval that was chosen", async () => {
    // a day: up 3 - 0, steady 4 - 0, down 3 - 0 (equal to up in everything: the lower index), old 0 - 0
    expect(names((await train("1 day")).recommend({ count: 4, now }))).toEqual(["steady", "down", "up", "old"]);
  });

  it("gives popular items when the last two intervals are empty", async () => {
    const model = await train("30 minutes", now + 2 * hour);

    expect(names(model.recommend({ count: 2, now }))).toEqual(["old", "steady"]);
  });

  it("moves on with the time and the events sent since", async () => {
    const model = (await train()) as TrendingModel;
    const sent = { item: Uint32Array.of(data.items.indexOf("quiet")), timestamp: Float64Array.of(now + 0.5 * hour) };

    // from 0 to 1 hour after: quiet 1 - 0; up 0 - 3, steady 0 - 2
    expect(names(model.refreshed(sent, now + hour).recommend({ count: 2, now }))).toEqual(["quiet", "old"]);
  });

  it("is the same after saving and loading", async () => {
    const model = await train();

    expect(trendingNow.load(trendingNow.save(model)).recommend({ count: 5, now })).toEqual(
      model.recommend({ count: 5, now }),
    );
  });
});

describe("trend prediction accuracy", () => {
  // growth: 5, 3, -2, 0
  const growth = { newest: Uint32Array.of(6, 3, 0, 4), before: Uint32Array.of(1, 0, 2, 4) };

  it.each([
    { why: "all of the growth", recommended: [0, 1], accuracy: 1 },
    { why: "the better half: 5 of 5 + 3", recommended: [0, 3], accuracy: 5 / 8 },
    { why: "what falls is taken off: 3 - 2 of 8", recommended: [2, 1], accuracy: 1 / 8 },
    { why: "never less than nothing", recommended: [2], accuracy: 0 },
  ])("is $why", ({ recommended, accuracy }) => {
    expect(trendPredictionAccuracy(recommended, growth, 2)).toBeCloseTo(accuracy, 10);
  });

  it("is 0 where nothing grows", () => {
    expect(trendPredictionAccuracy([0], { newest: Uint32Array.of(1), before: Uint32Array.of(1) })).toBe(0);
  });
});
