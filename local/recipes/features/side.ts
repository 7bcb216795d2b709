/**
 * One thread's share of the work on feature embeddings during training, around the network's own step (parallel/program.ts):
 *
 *   refresh   the effective rows of its slice of what the batch touches, before the step
 *   step      features of events join the input and the output; gradients of both go into the thread's sideGradient
 *   update    the gradient of an effective row goes to the item's features, and scaled by keep to the item's own row
 *   settle    its slice of the side table: gradients added in thread order, one step of Adam
 *
 * Slices are by row and sums in thread order, so that the same seed and number of threads give the same model.
 */
import type { Kernels } from "../../kernels/kernels.ts";
import type { Memory } from "../parallel/plan.ts";
import { fact, type TrainingSizes } from "../parallel/training-memory.ts";
import { adamOf, slice } from "../parallel/share.ts";
import { addFeatures, type FeatureRows } from "./encode.ts";
import { featuresAt } from "./side-memory.ts";

export interface Side {
  refresh(): void;
  /** Adds each position's features to its row of `input` (N, H). */
  addInputs(input: Float32Array): void;
  inputGradients(gradient: Float32Array): void;
  /** The same for the output, whose row v is position valid[v]. */
  addOutputs(output: Float32Array, valid: Uint32Array, count: number): void;
  outputGradients(gradient: Float32Array, valid: Uint32Array, count: number): void;
  /** Turns the gradients of effective rows into those of the table's, for touched rows `from` to `to`. */
  spread(gradient: Float32Array, from: number, to: number): void;
  settle(): void;
}

/** Undefined for networks without features. */
export function bindSide(kernels: Kernels, memory: Memory, sizes: TrainingSizes, p: number): Side | undefined {
  if (!sizes.side) return undefined;
  const { width: H, items, positions } = sizes;
  const [table, effective, side] = [memory.f32("table"), memory.f32("effective"), memory.f32("side")];
  const [keep, touched, facts] = [memory.f32("keep"), memory.u32("touchedRow"), memory.f32("facts")];
  const gradient = memory.f32("sideGradient", p);
  const itemFeatures = featuresAt(memory, "item");
  const [inputs, outputs] = [featuresAt(memory, "input", p), featuresAt(memory, "output", p)];
  return {
    refresh: () => {
      const [from, to] = slice(facts[fact.touched]!, p, sizes.threads);
      for (let g = from; g < to; g++) {
        const row = touched[g]!;
        const at = row * H;
        const kept = keep[g]!;
        for (let x = at; x < at + H; x++) effective[x] = kept * table[x]!;
        if (row < items) addFeatures(itemFeatures, row, side, H, effective, at);
      }
    },
    addInputs: (input) => {
      for (let n = 0; n < positions; n++) addFeatures(inputs, n, side, H, input, n * H);
    },
    inputGradients: (from) => {
      for (let n = 0; n < positions; n++) addToFeatures(inputs, n, from, n * H, H, gradient);
    },
    addOutputs: (output, valid, count) => {
      for (let v = 0; v < count; v++) addFeatures(outputs, valid[v]!, side, H, output, v * H);
    },
    outputGradients: (from, valid, count) => {
      for (let v = 0; v < count; v++) addToFeatures(outputs, valid[v]!, from, v * H, H, gradient);
    },
    spread: (rows, from, to) => {
      for (let g = from; g < to; g++) {
        const at = (g - from) * H;
        if (touched[g]! < items) addToFeatures(itemFeatures, touched[g]!, rows, at, H, gradient);
        const kept = keep[g]!;
        if (kept !== 1) for (let x = at; x < at + H; x++) rows[x]! *= kept;
      }
    },
    settle: bindSettle(kernels, memory, sizes, p),
  };
}

/** Adds one gradient, `source` from `at`, to the rows of record n's features, by their weights. */
function addToFeatures(
  { offsets, rows, weights }: FeatureRows,
  n: number,
  source: Float32Array,
  at: number,
  width: number,
  gradient: Float32Array,
): void {
  for (let k = offsets[n]!; k < offsets[n + 1]!; k++) {
    const to = rows[k]! * width;
    const weight = weights[k]!;
    for (let x = 0; x < width; x++) gradient[to + x]! += weight * source[at + x]!;
  }
}

function bindSettle(
  kernels: Kernels,
  memory: Memory,
  { width: H, threads, side }: TrainingSizes,
  p: number,
): () => void {
  const [from, to] = slice(side?.rows ?? 0, p, threads).map((row) => row * H) as [number, number];
  const view = (name: string, thread?: number) => memory.f32(name, thread).subarray(from, to);
  const [values, mean, square] = [view("side"), view("sideMean"), view("sideSquare")];
  const gradients = [...Array(threads).keys()].map((q) => view("sideGradient", q));
  const facts = memory.f32("facts");
  return () => {
    for (const other of gradients.slice(1)) kernels.addInto(gradients[0]!, other, to - from);
    kernels.adam(values, gradients[0]!, mean, square, to - from, adamOf(facts));
    for (const gradient of gradients) gradient.fill(0);
  };
}
