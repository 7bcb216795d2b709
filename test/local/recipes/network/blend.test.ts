import { describe, expect, it } from "@jest/globals";
import { blend, fitBlend, type Choice } from "../../../../local/recipes/network/blend.ts";
import { makeRandom } from "../../../../local/recipes/network/random.ts";

/** Of four equal items, item 0 has the signal; it is chosen `often` times of `many`. */
const choices = (often: number, many: number): Choice[] =>
  Array.from({ length: many }, (_, n) => ({
    logits: new Float32Array(4),
    signals: { items: Uint32Array.of(0), values: Float64Array.of(1) },
    chosen: n < often ? 0 : 1 + (n % 3),
  }));

describe("fitting the blend", () => {
  // softmax of (w, 0, 0, 0) is share: w = ln(3 share / (1 - share)); the ridge pulls a little towards 0
  it.each([
    { why: "chosen by three in four: w = ln 9", often: 3000, weight: Math.log(9) },
    { why: "chosen as often as the others: w = 0", often: 1000, weight: 0 },
    { why: "chosen by one in a hundred: w = ln(3/99)", often: 40, weight: Math.log(3 / 99) },
  ])("finds the weight of a signal: $why", async ({ often, weight }) => {
    expect((await fitBlend(choices(often, 4000), 1))[1]).toBeCloseTo(weight, 1);
  });

  it("makes a signal that is never chosen unlikely, but stays finite", async () => {
    const [, weight] = await fitBlend(choices(0, 2000), 1);

    expect(weight).toBeLessThan(-4);
    expect(weight).toBeGreaterThan(-20);
  });

  it("leaves the network's logits as they are when there is nothing to learn from", async () => {
    expect([...(await fitBlend([], 2))]).toEqual([1, 0, 0]);
  });

  it("tones down a network that is twice too sure of itself", async () => {
    const random = makeRandom(4);
    const sure = Array.from({ length: 3000 }, (): Choice => {
      const truth = Float32Array.from({ length: 6 }, () => random.normal());
      const shares = truth.map(Math.exp);
      let left = random.next() * shares.reduce((sum, share) => sum + share, 0);
      const chosen = shares.findIndex((share) => (left -= share) < 0);
      return {
        logits: truth.map((x) => 2 * x),
        signals: { items: new Uint32Array(0), values: new Float64Array(0) },
        chosen: Math.max(0, chosen),
      };
    });

    expect((await fitBlend(sure, 1))[0]).toBeCloseTo(0.5, 1);
  });
});

describe("blending", () => {
  it("scales every logit and adds the weighted signals of the items that have some", () => {
    const scores = Float32Array.of(1, 2, 3);

    blend(scores, [2, 10, 100], { items: Uint32Array.of(2, 0), values: Float64Array.of(1, 0, 0, 0.5) });

    expect([...scores]).toEqual([2 + 50, 4, 6 + 10]);
  });
});
