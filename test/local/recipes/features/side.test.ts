/** The gradients of feature embeddings, of items, users and context, are what moving each of them shows. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { loadKernels, makeMemory } from "../../../../local/kernels/kernels.ts";
import type { FeatureRows } from "../../../../local/recipes/features/encode.ts";
import { featuresAt } from "../../../../local/recipes/features/side-memory.ts";
import { bindSide } from "../../../../local/recipes/features/side.ts";
import * as recurrent from "../../../../local/recipes/network/layout.ts";
import { makeRandom } from "../../../../local/recipes/network/random.ts";
import { beginning } from "../../../../local/recipes/network/sessions.ts";
import { bindStep as bindRecurrent } from "../../../../local/recipes/network/step.ts";
import { bindMemory } from "../../../../local/recipes/parallel/plan.ts";
import { fact } from "../../../../local/recipes/parallel/training-memory.ts";
import * as transformer from "../../../../local/recipes/transformer/layout.ts";
import { bindStep as bindTransformer } from "../../../../local/recipes/transformer/step.ts";
import { compileKernels } from "../../kernels/kernel-pair.ts";

let wasm: WebAssembly.Module;
beforeAll(() => {
  wasm = compileKernels();
});

const [items, positions] = [6, 8];
const rows = 8;
const common = {
  ...{ items, rows, lanes: 2, steps: 4, threads: 1, candidates: 6, touched: 8, features: 2 },
  side: { rows: 5, itemEntries: 2 * items, mostInputs: 1, mostOutputs: 2 },
};
const ofRecurrent: recurrent.Sizes = { ...common, width: 4 };
const ofTransformer: transformer.Sizes = {
  ...{ ...common, width: 8, heads: 1, blocks: 1, inner: 8, rowMoments: false },
};
const networks = {
  recurrent: {
    carried: ["carried", "user"], // from window to window
    ...{ plan: recurrent.planMemory(ofRecurrent), sizes: recurrent.trainingSizes(ofRecurrent) },
    bind: (...[kernels, memory]: Bound) => bindRecurrent(kernels, memory, ofRecurrent, 0),
  },
  transformer: {
    carried: [],
    ...{ plan: transformer.planMemory(ofTransformer), sizes: transformer.trainingSizes(ofTransformer) },
    bind: (...[kernels, memory]: Bound) => bindTransformer(kernels, memory, ofTransformer, 0),
  },
};
type Bound = [kernels: Parameters<typeof bindRecurrent>[0], memory: Parameters<typeof bindRecurrent>[1]];

/** Item i has features i mod 3 and 3; events have feature 4 as an input, and features 4 and 0 at the output. */
const write = (to: FeatureRows, perRecord: (n: number) => readonly (readonly [number, number])[], records: number) => {
  let end = 0;
  for (let n = 0; n < records; n++) {
    for (const [row, weight] of perRecord(n)) {
      to.rows[end] = row;
      to.weights[end++] = weight;
    }
    to.offsets[n + 1] = end;
  }
};

function prepare({ plan, sizes, bind, carried }: (typeof networks)[keyof typeof networks]) {
  const shared = makeMemory(plan.bytes);
  const memory = bindMemory(plan, shared.buffer);
  const random = makeRandom(3);
  for (const name of ["table", "dense", "side"]) memory.f32(name).forEach((_, n, a) => (a[n] = 0.5 * random.normal()));
  const facts = memory.f32("facts");
  facts[fact.candidates] = items;
  facts[fact.touched] = rows;
  memory.u32("touchedRow").forEach((_, row, all) => (all[row] = row));
  memory.f32("keep").forEach((_, row, all) => (all[row] = row === 2 ? 0 : row < items ? 0.5 + 0.1 * row : 1));
  write(featuresAt(memory, "item"), (i) => [[i % 3, 0.7], [3, 1]], items); // prettier-ignore
  write(featuresAt(memory, "input", 0), (n) => (n % 2 === 0 ? [[4, 0.5]] : []), positions);
  write(featuresAt(memory, "output", 0), (n) => [[4, 1], [0, 0.3 * n]], positions); // prettier-ignore
  for (let n = 0; n < positions; n++) {
    for (const [f, row] of [(n * 5) % items, items + (n % 2)].entries()) {
      memory.u32("inputRow", 0)[f * positions + n] = row;
      memory.u32("inputTouched", 0)[f * positions + n] = row;
    }
    memory.u32("target", 0)[n] = (n * 3) % items;
    memory.f32("weight", 0)[n] = n === 5 ? 0 : 0.5 + 0.1 * n;
    if (carried.length > 0) memory.u32("begins", 0)[n] = n < 2 ? beginning.history : 0;
  }
  const kernels = loadKernels(wasm, shared);
  const step = bind(kernels, memory);
  const side = bindSide(kernels, memory, sizes, 0)!;
  const loss = () => {
    for (const name of [...carried, "tableGradient", "denseGradient", "sideGradient"]) memory.f32(name, 0).fill(0);
    side.refresh();
    return step();
  };
  return { memory, loss, side };
}

describe.each(["recurrent", "transformer"] as const)("a step of the %s network with features", (name) => {
  const network = networks[name];

  it("has the gradient that moving each embedding shows, of items that keep their own vector and of one that does not", () => {
    const { memory, loss, side } = prepare(network);
    loss();
    const [own, features] = [memory.f32("tableGradient", 0), memory.f32("sideGradient", 0)];
    side.spread(own, 0, rows);
    const found = { table: own.slice(), side: features.slice() };
    const slope = (parameter: Float32Array, n: number) => {
      const [kept, step] = [parameter[n]!, 0.01];
      const [up, down] = [1, -1].map((sign) => {
        parameter[n] = kept + sign * step;
        return loss();
      });
      parameter[n] = kept;
      return (up! - down!) / (2 * step);
    };

    for (const name of ["table", "side"] as const) {
      const parameter = memory.f32(name);
      parameter.forEach((_, n) => expect(Math.abs(found[name][n]! - slope(parameter, n))).toBeLessThan(3e-3));
      expect(Math.max(...found[name].map(Math.abs))).toBeGreaterThan(0.1);
    }
    const { width } = network.sizes;
    expect(Math.max(...found.table.subarray(2 * width, 3 * width).map(Math.abs))).toBe(0); // item 2 does without its own
  });
});
