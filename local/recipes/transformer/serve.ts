/**
 * The trained transformer at serving time: a history in, states out; a state in, one logit per item out. Holds its own kernels and
 * memory, and works on one query at a time (every call is synchronous).
 */
import { loadKernels, makeMemory } from "../../kernels/kernels.ts";
import { packRight } from "../../kernels/matrix.ts";
import { bindMemory, planRegions } from "../parallel/plan.ts";
import type { History } from "../recipe.ts";
import { featureCount, rowCount, seconds, writeRows, type Vocabulary } from "./events.ts";
import { makeLinear } from "../parallel/linear.ts";
import { forward, forwardArrays, makeLinears, packAll } from "./forward.ts";
import { denseParts, forwardRegions, type Shape } from "./layout.ts";
import type { Weights } from "./train.ts";
import type { Network } from "../network/serve.ts";

const panels = (columns: number) => 16 * Math.ceil(columns / 16); // multiplyRow writes two panels of eight at a time

export interface ServingOptions {
  readonly vocabulary: Vocabulary;
  readonly prior: Float32Array; // (I)
  readonly shape: Shape;
}

export function serveNetwork(module: WebAssembly.Module, weights: Weights, options: ServingOptions): Network {
  const { vocabulary, shape, prior } = options;
  const { width: H, steps: S } = shape;
  const regions = {
    dense: ["f32", weights.dense.length] as const,
    ...forwardRegions(shape, S),
    packedItems: ["f32", H * panels(vocabulary.items)] as const,
    ...{ asked: ["f32", H] as const, logits: ["f32", panels(vocabulary.items)] as const },
    prior: ["f32", vocabulary.items] as const,
  };
  const plan = planRegions({}, regions, 1);
  const shared = makeMemory(plan.bytes);
  const memory = bindMemory(plan, shared.buffer);
  const k = loadKernels(module, shared);
  const f = (name: string) => memory.f32(name, 0);
  f("dense").set(weights.dense);
  f("prior").set(prior);
  packRight({ data: weights.table, row: 1, column: H }, H, vocabulary.items, f("packedItems"));
  const a = forwardArrays(memory, denseParts(f("dense"), shape), shape, 0);
  const linears = makeLinears(a, (layer) => makeLinear(k, layer));
  packAll(linears);
  const rows = new Uint32Array(featureCount * S);
  const [packedItems, asked, logits, priors] = [f("packedItems"), f("asked"), f("logits"), f("prior")];
  return {
    width: H,
    states: (history) => {
      const used = Math.min(S, history.item.length);
      readInputs(a, rows, weights.table, history, options);
      forward(k, a, linears, shape, { lanes: 1, used, dropout: 0, seed: () => 0 });
      return a.query.subarray(0, used * H);
    },
    logits: (state) => {
      asked.set(state);
      k.multiplyRow(asked, packedItems, logits, H, vocabulary.items, false);
      k.addInto(logits, priors, vocabulary.items);
      return logits.subarray(0, vocabulary.items);
    },
  };
}

function readInputs(
  a: { readonly stream: Float32Array; readonly from: Uint32Array; readonly time: Uint32Array },
  rows: Uint32Array,
  table: Float32Array,
  { item, eventType, timestamp }: History,
  { vocabulary, shape: { width: H, steps: S } }: ServingOptions,
): void {
  const first = Math.max(0, item.length - S);
  a.stream.fill(0);
  for (let n = 0; n < item.length - first; n++) {
    const e = first + n;
    const gap = e === 0 ? 0 : timestamp[e]! - timestamp[e - 1]!;
    writeRows({ item: item[e]!, eventType: eventType[e]!, gap }, vocabulary, rows, n, S);
    a.from[n] = 0;
    a.time[n] = seconds(timestamp[e]! - timestamp[first]!);
    for (let r = 0; r < featureCount; r++) {
      const row = rows[r * S + n]! * H;
      for (let x = 0; x < H; x++) a.stream[n * H + x]! += table[row + x]!;
    }
  }
}
export { rowCount };
