/** What serving reads off a history is what training computed for it. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { loadKernels, makeMemory } from "../../../../local/kernels/kernels.ts";
import { planMemory, type Sizes } from "../../../../local/recipes/network/layout.ts";
import { makeRandom } from "../../../../local/recipes/network/random.ts";
import { beginningsOf, featureCount, inputRows, rowCount } from "../../../../local/recipes/network/sequences.ts";
import { serveNetwork } from "../../../../local/recipes/network/serve.ts";
import { bindStep } from "../../../../local/recipes/network/step.ts";
import { bindMemory } from "../../../../local/recipes/parallel/plan.ts";
import { fact } from "../../../../local/recipes/parallel/training-memory.ts";
import { compileKernels } from "../../kernels/kernel-pair.ts";

let wasm: WebAssembly.Module;
beforeAll(() => {
  wasm = compileKernels();
});

const vocabulary = { items: 6, eventTypes: 2 };
const steps = 8;
const sizes: Sizes = {
  ...{ items: 6, rows: rowCount(vocabulary), width: 8, lanes: 1, steps, threads: 1, features: featureCount },
  ...{ candidates: 6, touched: rowCount(vocabulary) },
};

/** Three sessions: two events, four, two. */
const history = {
  item: Uint32Array.of(0, 3, 5, 5, 1, 2, 4, 0),
  timestamp: Float64Array.of(0, 60, 5000, 5001, 5002, 6000, 90_000, 90_060),
  eventType: Uint16Array.of(0, 1, 0, 0, 1, 2, 1, 0),
};

/** States that a training step leaves, for weights drawn at random. */
function trained() {
  const plan = planMemory(sizes);
  const shared = makeMemory(plan.bytes);
  const memory = bindMemory(plan, shared.buffer);
  const random = makeRandom(11);
  for (const name of ["table", "dense"]) memory.f32(name).forEach((_, n, all) => (all[n] = 0.4 * random.normal()));
  memory.f32("facts")[fact.candidates] = sizes.candidates;
  const first = (n: number) => n === 0;
  memory.u32("inputRow", 0).set(inputRows(history, vocabulary, first));
  memory.u32("begins", 0).set(beginningsOf(history.timestamp, first));
  memory.f32("weight", 0).fill(1);
  bindStep(loadKernels(wasm, shared), memory, sizes, 0)();
  const weights = { table: memory.f32("table").slice(), dense: memory.f32("dense").slice() };
  return { weights, states: memory.f32("state", 0).slice() };
}

describe("the network at serving", () => {
  it("has the states of training, through the ends of sessions", () => {
    const { weights, states } = trained();
    const network = serveNetwork(wasm, weights, { vocabulary, prior: new Float32Array(6), longest: 256 });

    const served = network.states(history);

    expect(served).toHaveLength(states.length);
    served.forEach((value, n) => expect(value).toBeCloseTo(states[n]!, 5));
  });

  it("forgets what was before the events that it reads", () => {
    const { weights } = trained();
    const network = serveNetwork(wasm, weights, { vocabulary, prior: new Float32Array(6), longest: 3 });
    const newest = {
      item: history.item.slice(-3),
      timestamp: history.timestamp.slice(-3),
      eventType: history.eventType.slice(-3),
    };

    const served = network.states(history).slice();

    expect(served).toEqual(network.states(newest).slice());
  });
});
