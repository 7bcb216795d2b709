import { describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import { firstAllowed, logSumExp, rankBySoftmax, topItems } from "../../../local/recipes/best-first.ts";

const identity = (n: number) => Uint32Array.from({ length: n }, (_, i) => i);

describe("the best items", () => {
  it("are those that sorting everything would give, ties by rank", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 }),
        fc.nat(70),
        fc.nat(7),
        (scores, count, turn) => {
          const rank = identity(scores.length).map((i) => (i + turn) % scores.length);
          const sorted = [...identity(scores.length)].sort((a, b) => scores[b]! - scores[a]! || rank[a]! - rank[b]!);

          expect(topItems(Float32Array.from(scores), rank, count)).toEqual(sorted.slice(0, count));
        },
      ),
    );
  });

  it("never include what is not allowed or scores minus infinity", () => {
    const scores = Float32Array.of(5, -Infinity, 3, 4);

    expect(topItems(scores, identity(4), 4, Uint8Array.of(0b0111))).toEqual([0, 2]);
    expect(firstAllowed(Uint32Array.of(3, 1, 0), 2, Uint8Array.of(0b1001))).toEqual([{ item: 3 }, { item: 0 }]);
  });

  it("of a list have scores that sum to one, however large the logits", () => {
    const ranked = rankBySoftmax(Uint32Array.of(2, 0), Float32Array.of(1000, 9, 1000 + Math.LN2), identity(3));

    expect(ranked.map(({ item }) => item)).toEqual([2, 0]);
    expect(ranked[0]!.score).toBeCloseTo(2 / 3, 4);
    expect(ranked[1]!.score).toBeCloseTo(1 / 3, 4);
  });
});

it("ln Σ exp of n zeros is ln n", () => {
  expect(logSumExp(new Float32Array(12))).toBeCloseTo(Math.log(12), 12);
});
