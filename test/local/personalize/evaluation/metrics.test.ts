import { describe, expect, it } from "@jest/globals";
import {
  ndcgAt,
  precisionAt,
  reciprocalRankAt,
  rewardShare,
  roundMetric,
  weightedNdcgAt,
} from "../../../../local/personalize/evaluation/metrics.ts";

const log = Math.log;

describe("the guide's worked examples", () => {
  it("hits at 2 and 5 of five: reciprocal rank 0.5, precision 2/5, nDCG 0.6241", () => {
    expect(reciprocalRankAt(25, [2, 5])).toBe(0.5);
    expect(precisionAt(5, [2, 5])).toBe(2 / 5);
    expect(ndcgAt(5, [2, 5])).toBeCloseTo((1 / log(3) + 1 / log(6)) / (1 / log(2) + 1 / log(3)), 12);
    expect(roundMetric(ndcgAt(5, [2, 5]))).toBe(0.6241);
  });

  it("first hits at 4, 2 and 6: mean reciprocal rank .3056", () => {
    const lists = [[4, 10], [2, 4, 12], [6]]; // prettier-ignore

    expect(roundMetric(lists.reduce((sum, hits) => sum + reciprocalRankAt(25, hits), 0) / 3)).toBe(0.3056);
  });
});

describe("edges", () => {
  it.each([
    { why: "no hit at all", hits: [], k: 5, precision: 0, rank: 0, ndcg: 0 },
    { why: "a hit just outside", hits: [6], k: 5, precision: 0, rank: 0, ndcg: 0 },
    { why: "a hit at the very end", hits: [5], k: 5, precision: 0.2, rank: 0.2, ndcg: log(2) / log(6) },
    { why: "all places hit", hits: [1, 2, 3, 4, 5], k: 5, precision: 1, rank: 1, ndcg: 1 },
    { why: "hits below K do not lower what is above", hits: [1, 7], k: 5, precision: 0.2, rank: 1, ndcg: 1 },
  ])("$why", ({ hits, k, precision, rank, ndcg }) => {
    expect(precisionAt(k, hits)).toBeCloseTo(precision, 12);
    expect(reciprocalRankAt(k, hits)).toBeCloseTo(rank, 12);
    expect(ndcgAt(k, hits)).toBeCloseTo(ndcg, 12);
  });

  it("the strict ideal counts what could have been found, up to K", () => {
    const one = 1 / log(2);
    const two = one + 1 / log(3);

    expect(ndcgAt(5, [1], "truth", 2)).toBeCloseTo(one / two, 12);
    expect(ndcgAt(1, [1], "truth", 9)).toBe(1);
    expect(ndcgAt(5, [1], "hits", 2)).toBe(1);
  });
});

describe("metrics with weights", () => {
  it("nDCG gains each hit's weight, and is 1 with the heaviest in front", () => {
    const hits = [
      { position: 1, weight: 0.2 },
      { position: 3, weight: 1 },
    ];
    const asked = 0.2 / log(2) + 1 / log(4);

    expect(weightedNdcgAt(5, hits)).toBeCloseTo(asked / (1 / log(2) + 0.2 / log(3)), 12);
    expect(weightedNdcgAt(2, hits)).toBe(1); // the one hit within two places
    expect(weightedNdcgAt(5, [])).toBe(0);
    expect(weightedNdcgAt(5, [{ position: 1, weight: 0 }])).toBe(0);
  });

  it("with equal weights it is plain nDCG", () => {
    const hits = [2, 5].map((position) => ({ position, weight: 0.7 }));

    expect(weightedNdcgAt(5, hits)).toBeCloseTo(ndcgAt(5, [2, 5]), 12);
  });

  it("the reward of a list is what its dearest recommendations earned, of all that it earned", () => {
    const price = Float64Array.of(10, 1, 5, 20, NaN);
    const truth = new Set([1, 2, 4]);

    expect(rewardShare([0, 1, 2, 3, 4], truth, price, 3)).toBeCloseTo(5 / 6, 12); // dearest: 3, 0, 2; 1 is not among them
    expect(rewardShare([0, 1, 2, 3, 4], truth, price, 25)).toBe(1);
    expect(rewardShare([0, 3], truth, price)).toBeUndefined(); // nothing earned
  });
});
