import { describe, expect, it } from "@jest/globals";
import { blend, fitBlend, type Choice } from "../../../../local/recipes/network/blend.ts";
import { makeRandom } from "../../../../local/recipes/network/random.ts";

/** Of four equal items, item 0 has the signal; it is chosen `often` times of `many`. */
const choices = (often: number, many: number): Choice[] =>
  Array.from({ length: many }, (_, n) => ({
    logits: [new Float32Array(4)],
    signals: { items: Uint32Array.of(0), values: Float64Array.of(1) },
    chosen: n < often ? 0 : 1 + (n % 3),
  }));

const one = { networks: 1, signals: 1 };
const nothing = { items: new Uint32Array(0), values: new Float64Array(0) };

/** Of six items one is chosen by the softmax of `first` a + `second` b; two networks know a and b, both standard normal. */
function choicesOfTwo(first: number, second: number): Choice[] {
  const random = makeRandom(4);
  return Array.from({ length: 3000 }, (): Choice => {
    const [a, b] = [1, 2].map(() => Float32Array.from({ length: 6 }, () => random.normal())) as [
      Float32Array,
      Float32Array,
    ];
    const odds = a.map((x, i) => Math.exp(first * x + second * b[i]!));
    let left = random.next() * odds.reduce((sum, value) => sum + value, 0);
    const chosen = odds.findIndex((value) => (left -= value) < 0);
    return { logits: [a, b], signals: nothing, chosen: Math.max(0, chosen) };
  });
}

describe("fitting the blend", () => {
  // softmax of (w, 0, 0, 0) is share: w = ln(3 share / (1 - share)); the ridge pulls a little towards 0
  it.each([
    { why: "chosen by three in four: w = ln 9", often: 3000, weight: Math.log(9) },
    { why: "chosen as often as the others: w = 0", often: 1000, weight: 0 },
    { why: "chosen by one in a hundred: w = ln(3/99)", often: 40, weight: Math.log(3 / 99) },
  ])("finds the weight of a signal: $why", async ({ often, weight }) => {
    expect((await fitBlend(choices(often, 4000), one)).weights[1]).toBeCloseTo(weight, 1);
  });

  it("makes a signal that is never chosen unlikely, but stays finite", async () => {
    const [, weight] = (await fitBlend(choices(0, 2000), one)).weights;

    expect(weight).toBeLessThan(-4);
    expect(weight).toBeGreaterThan(-20);
  });

  it("leaves the network's logits as they are when there is nothing to learn from", async () => {
    const { shares, weights } = await fitBlend([], { networks: 2, signals: 2 });

    expect([...weights]).toEqual([1, 0, 0]);
    expect([...shares]).toEqual([0.5, 0.5]);
  });

  it("tones down a network that is twice too sure of itself", async () => {
    const random = makeRandom(4);
    const sure = Array.from({ length: 3000 }, (): Choice => {
      const truth = Float32Array.from({ length: 6 }, () => random.normal());
      const shares = truth.map(Math.exp);
      let left = random.next() * shares.reduce((sum, share) => sum + share, 0);
      const chosen = shares.findIndex((share) => (left -= share) < 0);
      return {
        logits: [truth.map((x) => 2 * x)],
        signals: nothing,
        chosen: Math.max(0, chosen),
      };
    });

    expect((await fitBlend(sure, one)).weights[0]).toBeCloseTo(0.5, 1);
  });

  it("gives each of two networks the say that it deserves, and their mean the rest", async () => {
    const { shares, weights } = await fitBlend(choicesOfTwo(1.2, 0.4), { networks: 2, signals: 0 });

    expect(weights[0]).toBeCloseTo(1.6, 1);
    expect(shares[0]).toBeCloseTo(0.75, 1);
    expect(shares[1]).toBeCloseTo(0.25, 1);
  });

  it("gives a network no say that is better believed the other way round", async () => {
    const { shares, weights } = await fitBlend(choicesOfTwo(1, -0.5), { networks: 2, signals: 0 });

    expect([...shares]).toEqual([1, 0]);
    expect(weights[0]).toBeCloseTo(1, 0);
  });
});

describe("blending", () => {
  it("adds up every network's weighted logits and the weighted signals of the items that have some", () => {
    const scores = new Float32Array(3);
    const logits = [Float32Array.of(1, 2, 3), Float32Array.of(0, 1, 0)];
    const signals = { items: Uint32Array.of(2, 0), values: Float64Array.of(1, 0, 0, 0.5) };

    blend(scores, Float64Array.of(2, 7, 10, 100), { logits, signals, chosen: 0 });

    expect([...scores]).toEqual([2 + 50, 4 + 7, 6 + 10]);
  });
});
