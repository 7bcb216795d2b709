import { describe, expect, it } from "@jest/globals";
import { bootstrap, evaluateByTime, splitByTime } from "../../../../local/personalize/evaluation/strict.ts";
import { columnsOf } from "../../../../bench/data/columns.ts";

const event = (user: string, item: string, timestamp: number) => ({ user, item, timestamp, eventType: "" });
/** Ten events; nine tenths of them lie before second 9. */
const data = columnsOf([
  ...[event("a", "x", 0), event("a", "y", 2), event("a", "z", 9)],
  ...[event("b", "x", 1), event("b", "y", 3), event("b", "z", 4), event("b", "x", 5)],
  ...[event("c", "z", 9), event("c", "y", 10)],
  event("d", "y", 6),
]);

describe("the split by time", () => {
  it("trains on what came before one moment and asks those who were there before and came back", () => {
    const { at, training, tests } = splitByTime(data, 0.75);

    expect(at).toBe(9);
    expect(training.item).toHaveLength(7);
    expect([...training.offsets]).toEqual([0, 2, 6, 6, 7]);
    expect(tests).toEqual([{ user: 0, cut: 2, to: 3 }]); // b and d did not come back, c was not there before
  });

  it("asks as of that moment, with the strict ideal", () => {
    const split = splitByTime(data, 0.75);
    const asked: number[] = [];
    const model = {
      ...{ recipe: "r", items: data.items, eventTypes: [""], rank: () => [] },
      recommend: ({ now }: { now: number }) => {
        asked.push(now);
        return [{ item: data.items.indexOf("y") }, { item: data.items.indexOf("z") }];
      },
    };
    const intervals = evaluateByTime(model, "USER_PERSONALIZATION", data, { split, seed: 1 });

    expect(asked).toEqual([9]);
    expect(intervals["mean_reciprocal_rank_at_25"]).toEqual({
      mean: 0.5,
      low: 0.5,
      high: 0.5,
      standardError: 0,
      users: 1,
    });
  });
});

describe("a bootstrap", () => {
  // 100 users, of whom 30 have 1: the standard error of the mean is sqrt(.3 x .7 / 100) = .0458.
  const values = Array.from({ length: 100 }, (_, n) => (n < 30 ? 1 : 0));

  it("finds the standard error and the bounds of a share", () => {
    const { mean, low, high, standardError, users } = bootstrap(values, { seed: 1, draws: 2000 });

    expect([mean, users]).toEqual([0.3, 100]);
    expect(standardError).toBeCloseTo(0.0458, 2);
    expect(low).toBeCloseTo(0.3 - 1.96 * 0.0458, 1);
    expect(high).toBeCloseTo(0.3 + 1.96 * 0.0458, 1);
  });

  it("is the same for the same seed, and empty for nobody", () => {
    expect(bootstrap(values, { seed: 2 })).toEqual(bootstrap(values, { seed: 2 }));
    expect(bootstrap([], { seed: 1 })).toEqual({ mean: 0, low: 0, high: 0, standardError: 0, users: 0 });
  });
});
