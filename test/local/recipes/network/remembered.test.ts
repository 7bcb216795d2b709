import { describe, expect, it } from "@jest/globals";
import { rememberScores } from "../../../../local/recipes/network/remembered.ts";
import type { History } from "../../../../local/recipes/recipe.ts";

const history = (item: number): History => ({
  item: Uint32Array.of(item),
  timestamp: Float64Array.of(1),
  eventType: Uint16Array.of(0),
});

/** 300 items whose score is minus their number, so that the best come first; counts how often they are worked out. */
function remembered(items = 300) {
  const scores = Float32Array.from({ length: items }, (_, item) => -item);
  const rank = Uint32Array.from(scores.keys());
  const seen = { times: 0 };
  const catalogue = { best: (_: Float32Array, k: number) => rank.slice(0, k), norm: () => 0 };
  const scoresOf = () => {
    seen.times++;
    return scores;
  };
  return { seen, ...rememberScores({ catalogue } as never, rank, scoresOf) };
}

const query = (of: History, count: number, allowed?: Uint8Array) => ({
  ...{ count, now: 0, history: of },
  ...(allowed && { allowed }),
});

describe("the scores of histories asked for last", () => {
  it("are worked out once for a history, and answer with and without filters in the same order", () => {
    const { best, seen } = remembered();
    const mine = history(1);
    expect(best(query(mine, 2))).toEqual([
      { item: 0, score: 1 },
      { item: 1, score: Math.exp(-1) },
    ]);
    const odd = new Uint8Array(38).fill(0b10101010);
    expect(best(query(mine, 3, odd)).map(({ item }) => item)).toEqual([1, 3, 5]);
    expect(seen.times).toBe(1);
    best(query(history(1), 2)); // the same items, another history
    expect(seen.times).toBe(2);
  });

  it("are given as the same frozen list to who asks the same again, and as another to who asks otherwise", () => {
    const { best } = remembered();
    const mine = history(1);
    const first = best(query(mine, 2));
    expect(Object.isFrozen(first)).toBe(true);
    expect(best(query(mine, 2))).toBe(first);
    expect(best(query(mine, 3)).map(({ item }) => item)).toEqual([0, 1, 2]);
    expect(best(query(mine, 2, new Uint8Array(38).fill(0b10))).map(({ item }) => item)).toEqual([1, 9]);
  });

  it("are worked out again when a filter leaves too few of those kept, and only once more", () => {
    const { best, seen } = remembered();
    const mine = history(1);
    const lastOnly = new Uint8Array(38);
    lastOnly[34] = 0b11110000; // items 276 to 279
    expect(best(query(mine, 3, lastOnly)).map(({ item }) => item)).toEqual([276, 277, 278]);
    expect(best(query(mine, 25, lastOnly)).map(({ item }) => item)).toEqual([276, 277, 278, 279]);
    expect(seen.times).toBe(2);
  });

  it("give a short list at once when all items are kept", () => {
    const { best, seen } = remembered(10);
    expect(best(query(history(1), 25))).toHaveLength(10);
    expect(seen.times).toBe(1);
  });
});
