/**
 * The part of a training's shared memory that all networks have in common: an embedding table whose first rows are the items, a vector of
 * the other parameters, the moments of both, what is to be predicted among which candidates, and the facts of the batch.
 *
 * Letters: I items, R rows of the embedding table, H width, N positions of a thread, P threads, C candidates of the softmax, G
 * rows touched by a batch, D dense parameters.
 */
import { sharedSideRegions, sideRegionsOfThread, type SideSizes } from "../features/side-memory.ts";
import type { Regions } from "./plan.ts";

export interface TrainingSizes {
  readonly items: number; // I
  readonly rows: number; // R
  readonly width: number; // H, a multiple of four
  readonly positions: number; // N
  readonly threads: number; // P
  readonly candidates: number; // C: I when the softmax is over the whole catalogue
  readonly touched: number; // G, the most rows that one batch can touch: R when C = I
  readonly dense: number; // D, a multiple of four
  readonly features: number; // F, rows of the table that make up an event
  /** One second moment a row of the table and no mean, for catalogues whose Adam moments would not fit. */
  readonly rowMoments: boolean;
  /** Of networks that read features of items, users and context. */
  readonly side?: SideSizes;
}

/** The table that a step reads: with features, the effective one (features/side-memory.ts). */
export const readTable = ({ side }: Pick<TrainingSizes, "side">): string => (side ? "effective" : "table");

/** Numbers that change from batch to batch, at these places of the shared `facts`. */
export const fact = {
  ...{ candidates: 0, touched: 1, step: 2, inputDropout: 3, outputDropout: 4 },
  ...{ rate: 5, keepMean: 6, keepSquare: 7, epsilon: 8, decay: 9, scale: 10, branchDropout: 11 },
  /** Of the table: its rate as a multiple of `rate`, 0 for once; and with one moment a row, its rate. */
  ...{ tableRate: 12, rowRate: 13 },
} as const;

/** Rows of logits computed at a time, so that a block stays in the cache of the second or third level. */
export const blockRows = 128;
export const packedColumns = (columns: number): number => 8 * Math.ceil(columns / 8);
/** Floats that a multiplication packs its left matrix into. */
export const scratchLength = 24_704;

export const sharedRegions = (s: TrainingSizes): Regions => ({
  table: ["f32", s.rows * s.width],
  tableMean: ["f32", s.rowMoments ? 0 : s.rows * s.width],
  tableSquare: ["f32", s.rowMoments ? s.rows : s.rows * s.width],
  dense: ["f32", s.dense],
  denseMean: ["f32", s.dense],
  denseSquare: ["f32", s.dense],
  candidate: ["u32", s.candidates],
  candidateOffset: ["f32", s.candidates],
  touchedRow: ["u32", s.touched],
  facts: ["f32", 64],
  ...(s.side && sharedSideRegions(s.side, s)),
});

/** What a thread reads and predicts, its softmax's blocks, and its gradients. */
export const regionsOfThread = (s: TrainingSizes): Regions => ({
  inputRow: ["u32", s.features * s.positions], // feature-major: row of the table per position
  inputTouched: ["u32", s.features * s.positions], // the same, as index into touchedRow
  target: ["u32", s.positions], // index into candidate
  weight: ["f32", s.positions], // 0 = nothing to predict here
  valid: ["u32", s.positions],
  validTarget: ["u32", s.positions],
  validWeight: ["f32", s.positions],
  candidates: ["f32", s.candidates === s.items ? 0 : s.candidates * s.width],
  logits: ["f32", blockRows * s.candidates],
  output: ["f32", s.positions * s.width],
  outputGradient: ["f32", s.positions * s.width],
  tableGradient: ["f32", s.touched * s.width],
  denseGradient: ["f32", s.dense],
  packedCandidates: ["f32", s.width * packedColumns(s.candidates)],
  packedCandidatesBack: ["f32", s.candidates * packedColumns(s.width)],
  packedBlock: ["f32", blockRows * packedColumns(s.width)],
  loss: ["f32", 16],
  ...(s.side && sideRegionsOfThread(s.side, s.width, s.positions)),
  scratch: ["f32", scratchLength],
});
