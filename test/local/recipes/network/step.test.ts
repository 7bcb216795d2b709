/** The network's backward pass is the derivative of its forward pass, measured by moving parameters a little. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { loadKernels, makeMemory } from "../../../../local/kernels/kernels.ts";
import { planMemory, type Sizes } from "../../../../local/recipes/network/layout.ts";
import { makeRandom } from "../../../../local/recipes/network/random.ts";
import { beginning } from "../../../../local/recipes/network/sessions.ts";
import { bindStep } from "../../../../local/recipes/network/step.ts";
import { bindMemory } from "../../../../local/recipes/parallel/plan.ts";
import { fact } from "../../../../local/recipes/parallel/training-memory.ts";
import { compileKernels } from "../../kernels/kernel-pair.ts";

let wasm: WebAssembly.Module;
beforeAll(() => {
  wasm = compileKernels();
});

const whole: Sizes = {
  ...{ items: 7, rows: 10, width: 4, lanes: 2, steps: 5, threads: 1, candidates: 7, touched: 10, features: 2 },
};

/**
 * A batch in which the second lane begins a new history in its middle and idles at its end, and both begin sessions: the first
 * lane two, one after the other, so that the gradient crosses the user's unit twice; the second one before its new history.
 */
const beginnings = [beginning.history, beginning.history, 0, beginning.session, beginning.session];
const laterBeginnings = [beginning.history, 0, 0, beginning.session, 0];

function prepare(sizes: Sizes, candidates: readonly number[], dropout: number) {
  const plan = planMemory(sizes);
  const shared = makeMemory(plan.bytes);
  const memory = bindMemory(plan, shared.buffer);
  const random = makeRandom(3);
  for (const name of ["table", "dense"]) memory.f32(name).forEach((_, n, all) => (all[n] = 0.5 * random.normal()));
  const [facts, positions] = [memory.f32("facts"), sizes.lanes * sizes.steps];
  facts[fact.candidates] = candidates.length;
  facts[fact.inputDropout] = dropout;
  facts[fact.outputDropout] = dropout;
  memory.u32("candidate").set(candidates);
  candidates.forEach((_, c) => (memory.f32("candidateOffset")[c] = 0.3 * c));
  const touched = [...new Set([...candidates, ...Array(sizes.rows).keys()])];
  memory.u32("touchedRow").set(touched);
  for (let n = 0; n < positions; n++) {
    for (const [f, row] of [(n * 5) % sizes.items, sizes.items + (n % 3)].entries()) {
      memory.u32("inputRow", 0)[f * positions + n] = row;
      memory.u32("inputTouched", 0)[f * positions + n] = touched.indexOf(row);
    }
    memory.u32("target", 0)[n] = (n * 3) % candidates.length;
    memory.f32("weight", 0)[n] = n === 9 ? 0 : 0.5 + 0.1 * n;
    memory.u32("begins", 0)[n] = [...beginnings, ...laterBeginnings][n]!;
  }
  const step = bindStep(loadKernels(wasm, shared), memory, sizes, 0);
  const loss = () => {
    for (const name of ["carried", "user", "tableGradient", "denseGradient"]) memory.f32(name, 0).fill(0);
    return step();
  };
  return { memory, loss, touched };
}

describe("one step of the network", () => {
  it.each([
    { why: "softmax over the whole catalogue", sizes: whole, candidates: [0, 1, 2, 3, 4, 5, 6], dropout: 0 },
    { why: "over a sample", sizes: { ...whole, candidates: 5 }, candidates: [6, 2, 4, 0, 3], dropout: 0 },
    {
      why: "with dropout, whose mask is the same both ways",
      sizes: whole,
      candidates: [0, 1, 2, 3, 4, 5, 6],
      dropout: 0.3,
    },
  ])("has the gradient that moving each parameter shows: $why", ({ sizes, candidates, dropout }) => {
    const { memory, loss, touched } = prepare(sizes, candidates, dropout);
    loss();
    const gradients = { table: memory.f32("tableGradient", 0).slice(), dense: memory.f32("denseGradient", 0).slice() };
    const slope = (parameter: Float32Array, n: number) => {
      const [kept, step] = [parameter[n]!, 0.01];
      const at = [1, -1].map((sign) => {
        parameter[n] = kept + sign * step;
        return loss();
      });
      parameter[n] = kept;
      return (at[0]! - at[1]!) / (2 * step);
    };

    const [table, dense] = [memory.f32("table"), memory.f32("dense")];
    table.forEach((_, n) => {
      const place = touched.indexOf(Math.floor(n / 4)) * 4 + (n % 4);
      expect(Math.abs(gradients.table[place]! - slope(table, n))).toBeLessThan(3e-3);
    });
    dense.forEach((_, n) => expect(Math.abs(gradients.dense[n]! - slope(dense, n))).toBeLessThan(3e-3));
    expect(Math.max(...gradients.dense.map(Math.abs))).toBeGreaterThan(0.1);
  });
});
