/** The gradients of the slow twins are the derivatives of what they compute, measured by moving each input a little. */
import { describe, expect, it } from "@jest/globals";
import { slowKernels as k } from "../../../local/kernels/slow-kernels.ts";
import { makeRandom } from "../../../local/recipes/network/random.ts";

const random = makeRandom(21);
const normals = (length: number) => Float32Array.from({ length }, () => random.normal());

/** Slope of `loss` along each number of `at`, by central differences. */
function slopes(at: Float32Array, loss: () => number): number[] {
  return Array.from(at, (kept, n) => {
    const step = 1e-2;
    const [up, down] = [1, -1].map((sign) => {
      at[n] = kept + sign * step;
      return loss();
    });
    at[n] = kept;
    return (up! - down!) / (2 * step);
  });
}

function expectSlopes(gradient: Float32Array, measured: readonly number[]): void {
  gradient.forEach((value, n) => expect(Math.abs(value - measured[n]!)).toBeLessThan(2e-3));
  expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(0.02);
}

describe("gradients", () => {
  it("of a step of the recurrent unit, by its inputs and by the state before", () => {
    const [rows, width] = [2, 4];
    const [input, recurrent, before] = [
      normals(rows * 3 * width),
      normals(rows * 3 * width),
      normals(rows * width),
    ] as const;
    const [gates, after, pull] = [
      new Float32Array(rows * 4 * width),
      new Float32Array(rows * width),
      normals(rows * width),
    ] as const;
    const loss = () => {
      k.gruForward(input, recurrent, before, gates, after, rows, width);
      return after.reduce((sum, value, n) => sum + value * pull[n]!, 0);
    };
    loss();
    const [byInput, byRecurrent, byBefore] = [
      new Float32Array(rows * 3 * width),
      new Float32Array(rows * 3 * width),
      new Float32Array(rows * width),
    ] as const;
    k.gruBackward(pull, before, gates, byInput, byRecurrent, byBefore, rows, width);

    expectSlopes(byInput, slopes(input, loss));
    expectSlopes(byRecurrent, slopes(recurrent, loss));
    expectSlopes(byBefore, slopes(before, loss));
  });

  it("of the hyperbolic tangent", () => {
    const [x, pull] = [normals(8), normals(8)];
    const loss = () => {
      const values = x.slice();
      k.tanhForward(values, 8);
      return values.reduce((sum, value, n) => sum + value * pull[n]!, 0);
    };
    const [values, gradient] = [x.slice(), pull.slice()];
    k.tanhForward(values, 8);
    k.tanhBackward(gradient, values, 8);

    expectSlopes(gradient, slopes(x, loss));
  });

  it.each([
    { why: "over the whole catalogue, with a prior", offset: [0.2, -1, 0.5, 0, -0.3] },
    { why: "over a sample, with -ln of each one's chance to be drawn", offset: [0, 2.3, 0.7, 4.6, 1.1] },
  ])("of the softmax's cross-entropy: $why", ({ offset }) => {
    const [rows, columns] = [3, 5];
    const logits = normals(rows * columns);
    const target = Uint32Array.of(4, 0, 2);
    const weight = Float32Array.of(1, 0.5, 2);
    const run = (on: Float32Array) =>
      k.softmaxCrossEntropy(on, columns, Float32Array.from(offset), target, weight, rows, columns);
    const gradient = logits.slice();
    run(gradient);

    expectSlopes(
      gradient,
      slopes(logits, () => run(logits.slice())),
    );
  });

  it("of dropout: what was zeroed passes nothing on, the rest its scale", () => {
    const [x, pull] = [normals(16), normals(16)];
    const loss = () => {
      const values = x.slice();
      k.dropout(values, 16, 0.5, 7);
      return values.reduce((sum, value, n) => sum + value * pull[n]!, 0);
    };
    const gradient = pull.slice();
    k.dropout(gradient, 16, 0.5, 7);

    expectSlopes(gradient, slopes(x, loss));
  });
});
