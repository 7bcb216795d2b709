/** The transformer's backward pass is the derivative of its forward pass, measured by moving parameters a little. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { loadKernels, makeMemory } from "../../../../local/kernels/kernels.ts";
import { makeRandom } from "../../../../local/recipes/network/random.ts";
import { bindMemory } from "../../../../local/recipes/parallel/plan.ts";
import { fact } from "../../../../local/recipes/parallel/training-memory.ts";
import { planMemory, type Sizes } from "../../../../local/recipes/transformer/layout.ts";
import { bindStep } from "../../../../local/recipes/transformer/step.ts";
import { compileKernels } from "../../kernels/kernel-pair.ts";

let wasm: WebAssembly.Module;
beforeAll(() => {
  wasm = compileKernels();
});

const sizes: Sizes = {
  ...{ items: 7, rows: 10, width: 16, heads: 2, blocks: 2, inner: 8, lanes: 2, steps: 5, threads: 1 },
  ...{ candidates: 7, touched: 10, features: 2, rowMoments: false },
};

/** Two windows, of which the second holds two histories and its last position predicts nothing. */
function prepare(dropout: number) {
  const plan = planMemory(sizes);
  const shared = makeMemory(plan.bytes);
  const memory = bindMemory(plan, shared.buffer);
  const random = makeRandom(3);
  for (const name of ["table", "dense"]) memory.f32(name).forEach((_, n, all) => (all[n] = 0.3 * random.normal()));
  const [facts, positions] = [memory.f32("facts"), sizes.lanes * sizes.steps];
  facts[fact.candidates] = sizes.items;
  for (const place of ["inputDropout", "outputDropout", "branchDropout"] as const) facts[fact[place]] = dropout;
  memory.f32("candidateOffset").forEach((_, c, all) => (all[c] = 0.3 * c));
  memory.u32("touchedRow").forEach((_, row, all) => (all[row] = row));
  for (let n = 0; n < positions; n++) {
    for (const [f, row] of [(n * 5) % sizes.items, sizes.items + (n % 3)].entries()) {
      memory.u32("inputRow", 0)[f * positions + n] = row;
      memory.u32("inputTouched", 0)[f * positions + n] = row;
    }
    memory.u32("target", 0)[n] = (n * 3) % sizes.items;
    memory.f32("weight", 0)[n] = n === 9 ? 0 : 0.5 + 0.1 * n;
    memory.u32("from", 0)[n] = n === 8 || n === 9 ? 3 : 0;
    memory.u32("time", 0)[n] = 5 * n * n;
  }
  const step = bindStep(loadKernels(wasm, shared), memory, sizes, 0);
  const loss = () => {
    for (const name of ["tableGradient", "denseGradient"]) memory.f32(name, 0).fill(0);
    return step();
  };
  return { memory, loss };
}

describe("one step of the transformer", () => {
  it.each([
    { why: "plain", dropout: 0 },
    { why: "with dropout, whose mask is the same both ways", dropout: 0.3 },
  ])("has the gradient that moving each parameter shows: $why", ({ dropout }) => {
    const { memory, loss } = prepare(dropout);
    loss();
    for (const name of ["table", "dense"]) {
      const [gradient, parameter] = [memory.f32(`${name}Gradient`, 0).slice(), memory.f32(name)];
      const slope = (n: number) => {
        const kept = parameter[n]!;
        const at = [1, -1].map((sign) => {
          parameter[n] = kept + sign * 0.005;
          return loss();
        });
        parameter[n] = kept;
        return (at[0]! - at[1]!) / 0.01;
      };
      const off = parameter.map((_, n) => Math.abs(gradient[n]! - slope(n)) / (1 + Math.abs(gradient[n]!)));

      expect(Math.max(...off)).toBeLessThan(6e-3);
      expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(0.1);
    }
  });

  it("lets no position see what comes after it, nor another history", () => {
    const { memory, loss } = prepare(0);
    loss();
    const before = memory.f32("state", 0).slice();
    memory.u32("inputRow", 0)[7] = 1; // the last event of the second window's first history
    loss();
    const moved = [...Array(10).keys()].filter((n) =>
      memory
        .f32("state", 0)
        .subarray(16 * n, 16 * n + 16)
        .some((x, j) => x !== before[16 * n + j]),
    );

    expect(moved).toEqual([7]);
  });
});
