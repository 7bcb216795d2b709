/** What exploration does to a list, on a catalogue of eight items whose scores and ages are written out. */
import { describe, expect, it } from "@jest/globals";
import { logSumExp } from "../../../../local/recipes/best-first.ts";
import { explore } from "../../../../local/recipes/exploration/explore.ts";
import { noveltyOf, type Novelty } from "../../../../local/recipes/exploration/novelty.ts";
import { makeRandom } from "../../../../local/recipes/network/random.ts";
import { dataOf } from "../training-data.ts";

const day = 86_400;
const newest = 1000 * day;
const scores = Float32Array.of(5, 4, 3, 2, 1, 0, -1, -2);
const rank = Uint32Array.from(scores.keys());

/** Items 5, 6 and 7 are ten days old and nobody has met them; the others are a year old. */
const novelty: Novelty = {
  created: Float64Array.from(scores, (_, i) => newest - (i < 5 ? 365 : 10) * day),
  counts: Uint32Array.from(scores, (_, i) => (i < 5 ? 100 : 0)),
  newest,
};

const run = (weight: number, over: Partial<Novelty> = {}, random: () => number = () => 0.5, itemAgeCutOffDays = 30) =>
  explore(
    { scores, norm: logSumExp(scores) },
    rank,
    { count: 4 },
    { ...novelty, ...over },
    { weight, itemAgeCutOffDays, random },
  );
const itemsOf = (list: readonly { item: number }[]) => list.map(({ item }) => item);

describe("exploration", () => {
  it("leaves the order of relevance and its scores alone at weight 0", () => {
    const list = run(0);

    expect(itemsOf(list)).toEqual([0, 1, 2, 3]);
    list.forEach(({ item, score }) => expect(score).toBeCloseTo(Math.exp(scores[item]! - logSumExp(scores)), 7));
  });

  it("puts items that nobody has met in every place at weight 1, the most relevant first, until there are no more", () => {
    const list = run(1);

    expect(itemsOf(list)).toEqual([5, 6, 7, 0]);
    expect(list.map(({ reason }) => reason)).toEqual(["Exploration", "Exploration", "Exploration", undefined]);
  });

  it("lifts them to the score of what stood there; the catalogue's scores still sum to 1", () => {
    const list = run(1);

    // three lifted to 5, the others as they were: e^5 · 4 + e^4 + e^3 + e^2 + e
    const sum = 4 * Math.exp(5) + Math.exp(4) + Math.exp(3) + Math.exp(2) + Math.exp(1);
    for (const { score } of list) expect(score).toBeCloseTo(Math.exp(5) / sum, 6);
  });

  it("gives an item that nobody has met a place with the chance of the weight, one met 99 times a tenth of that", () => {
    const random = makeRandom(7);
    const share = (counts: Uint32Array) => {
      let explored = 0;
      for (let n = 0; n < 4000; n++) if (itemsOf(run(0.4, { counts }, random.next))[0]! >= 5) explored++;
      return explored / 4000;
    };

    expect(share(novelty.counts)).toBeCloseTo(0.4, 1);
    expect(share(new Uint32Array(8).fill(99))).toBeCloseTo(0.04, 2);
  });

  it("counts the cutoff back from the newest interaction, whatever the time of the request", () => {
    expect(itemsOf(run(1, {}, () => 0.5, 9))).toEqual([0, 1, 2, 3]);
    expect(itemsOf(run(1, {}, () => 0.5, 11))).toEqual([5, 6, 7, 0]);
  });

  it("explores only what is allowed, and lists nothing twice", () => {
    const allowed = Uint8Array.of(0b1100_0111); // items 0, 1, 2, 6, 7
    const exploration = { weight: 1, itemAgeCutOffDays: 30, random: () => 0.5 };

    const list = explore({ scores, norm: logSumExp(scores) }, rank, { count: 8, allowed }, novelty, exploration);

    expect(itemsOf(list)).toEqual([6, 7, 0, 1, 2]);
  });

  it("lets a little chance decide between items that are nearly alike", () => {
    const alike = Float32Array.from(scores, (score, i) => (i < 5 ? score : 0));
    const random = makeRandom(1);
    const firsts = new Set<number>();
    for (let n = 0; n < 50; n++) {
      const exploration = { weight: 1, itemAgeCutOffDays: 30, random: random.next };
      firsts.add(explore({ scores: alike, norm: logSumExp(alike) }, rank, { count: 1 }, novelty, exploration)[0]!.item);
    }

    expect([...firsts].sort()).toEqual([5, 6, 7]);
  });

  it("counts interactions and impressions alike", () => {
    const data = dataOf([["a", "b"], ["a"]], ["c"]);
    const impressions = { offsets: Uint32Array.of(0, 2, 2, 3), items: Uint32Array.of(1, 2, 2) };

    expect([...noveltyOf({ ...data, impressions }).counts]).toEqual([2, 2, 2]);
    expect(noveltyOf(data).newest).toBe(Math.max(...data.timestamp));
  });
});
