/**
 * Where the embeddings of features ("the side table") lie in a training's shared memory, beside the table of items. With it, what a network
 * reads is not the table but `effective`:
 *
 *   effective[i] = keep_i · table[i] + Σ_k w_ik · side[k]     over the features k of item i
 *
 * for the rows that a batch touches. Rows that are no items have no features, and keep 1.
 *
 * Letters as in parallel/training-memory.ts; K rows of the side table.
 */
import type { Regions } from "../parallel/plan.ts";
import type { FeatureRows } from "./encode.ts";

export interface SideSizes {
  readonly rows: number; // K
  readonly itemEntries: number; // features of all items together
  readonly mostInputs: number; // features that one event has at most as an input
  readonly mostOutputs: number; // and where the next item is predicted
}

interface Around {
  readonly items: number;
  readonly rows: number;
  readonly width: number;
  readonly touched: number;
}

export const sharedSideRegions = (side: SideSizes, { items, rows, width, touched }: Around): Regions => ({
  effective: ["f32", rows * width],
  keep: ["f32", touched],
  side: ["f32", side.rows * width],
  sideMean: ["f32", side.rows * width],
  sideSquare: ["f32", side.rows * width],
  itemFeatureOffsets: ["u32", items + 1],
  itemFeatureRows: ["u32", side.itemEntries],
  itemFeatureWeights: ["f32", side.itemEntries],
});

export const sideRegionsOfThread = (side: SideSizes, width: number, positions: number): Regions => ({
  sideGradient: ["f32", side.rows * width],
  inputFeatureOffsets: ["u32", positions + 1],
  inputFeatureRows: ["u32", side.mostInputs * positions],
  inputFeatureWeights: ["f32", side.mostInputs * positions],
  outputFeatureOffsets: ["u32", positions + 1],
  outputFeatureRows: ["u32", side.mostOutputs * positions],
  outputFeatureWeights: ["f32", side.mostOutputs * positions],
});

interface Regioned {
  f32(name: string, thread?: number): Float32Array;
  u32(name: string, thread?: number): Uint32Array;
}

/** The features of items, or of a thread's events at the input or the output. */
export const featuresAt = (memory: Regioned, place: "item" | "input" | "output", thread?: number): FeatureRows => ({
  offsets: memory.u32(`${place}FeatureOffsets`, thread),
  rows: memory.u32(`${place}FeatureRows`, thread),
  weights: memory.f32(`${place}FeatureWeights`, thread),
});
