/**
 * The trained transformer at serving time: a history, and what is known of its user, in; the query after each of its newest events out.
 * Holds its own kernels and memory, and works on one history at a time (every call is synchronous).
 */
import { loadKernels, makeMemory } from "../../kernels/kernels.ts";
import { bindMemory, planRegions } from "../parallel/plan.ts";
import type { History } from "../recipe.ts";
import { featureCount, seconds, writeRows, type Vocabulary } from "./events.ts";
import { makeLinear } from "../parallel/linear.ts";
import { forward, forwardArrays, makeLinears, packAll } from "./forward.ts";
import { denseParts, forwardRegions, type Shape } from "./layout.ts";
import type { Network } from "../network/serve.ts";
import type { Weights } from "../network/train.ts";

export interface EncoderOptions {
  readonly vocabulary: Vocabulary;
  readonly shape: Shape;
}

export function serveEncoder(
  module: WebAssembly.Module,
  weights: Weights,
  options: EncoderOptions,
): Pick<Network, "width" | "states"> {
  const { width: H, steps: S } = options.shape;
  const plan = planRegions({}, { dense: ["f32", weights.dense.length], ...forwardRegions(options.shape, S) }, 1);
  const shared = makeMemory(plan.bytes);
  const memory = bindMemory(plan, shared.buffer);
  const k = loadKernels(module, shared);
  const dense = memory.f32("dense", 0);
  dense.set(weights.dense);
  const a = forwardArrays(memory, denseParts(dense, options.shape), options.shape, 0);
  const linears = makeLinears(a, (layer) => makeLinear(k, layer));
  packAll(linears);
  const rows = new Uint32Array(featureCount * S);
  return {
    width: H,
    states: (history, about) => {
      const used = Math.min(S, history.item.length);
      readInputs(a, rows, weights.table, history, options);
      if (about) for (let n = 0; n < used; n++) about.forEach((value, x) => (a.stream[n * H + x]! += value));
      forward(k, a, linears, options.shape, { lanes: 1, used, dropout: 0, seed: () => 0 });
      return a.query.subarray(0, used * H);
    },
  };
}

function readInputs(
  a: { readonly stream: Float32Array; readonly from: Uint32Array; readonly time: Uint32Array },
  rows: Uint32Array,
  table: Float32Array,
  { item, eventType, timestamp }: History,
  { vocabulary, shape: { width: H, steps: S } }: EncoderOptions,
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
