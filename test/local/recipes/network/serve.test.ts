/** What serving reads off a history is what training computed for it. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { History } from "../../../../local/recipes/recipe.ts";
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

  it("goes on from the state that it left before, in a session and at the beginning of another", () => {
    const { weights } = trained();
    const network = serveNetwork(wasm, weights, { vocabulary, prior: new Float32Array(6), longest: 256 });
    const upTo = (length: number, before?: History): History => ({
      item: history.item.slice(0, length),
      timestamp: history.timestamp.slice(0, length),
      eventType: history.eventType.slice(0, length),
      ...(before && { before: new WeakRef(before) }),
    });
    const whole = (length: number) => [...network.states(upTo(length)).slice(-8)];
    const four = upTo(4);
    const five = upTo(5, four);
    const seven = upTo(7, five);

    const states = [four, five, seven].map((each) => [...network.last!(each)]);

    expect(states).toEqual([whole(4), whole(5), whole(7)]);
    expect(states[1]).not.toEqual(states[0]);
  });

  it("reads everything again when it has no state of the history before, or may not read that far back", () => {
    const { weights } = trained();
    const options = { vocabulary, prior: new Float32Array(6), longest: 4 };
    const network = serveNetwork(wasm, weights, options);
    const unknown: History = { ...history, before: new WeakRef(history) };
    const expected = [...network.states(history).slice(-8)];

    expect([...network.last!(unknown)]).toEqual(expected);
    expect([...network.last!({ ...history, before: new WeakRef(unknown) })]).toEqual(expected);
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
