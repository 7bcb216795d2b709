/**
 * Where the transformer's parameters, activations and gradients lie in the shared memory.
 *
 * Letters as in ../parallel/training-memory.ts, and B lanes of a thread, S steps of a window, K blocks, A heads, H width, F width inside
 * the feed-forward part.
 */
import { elapsedBuckets } from "../../kernels/attention.ts";
import { packedLength, type LinearPart } from "../parallel/linear.ts";
import { planRegions, type Plan, type Regions } from "../parallel/plan.ts";
import { regionsOfThread, scratchLength, sharedRegions, type TrainingSizes } from "../parallel/training-memory.ts";

/** What decides the number of parameters outside the table. */
export interface Shape {
  readonly width: number; // H = A · head width, which is a multiple of eight
  readonly heads: number; // A
  readonly blocks: number; // K
  readonly inner: number; // F
  readonly steps: number; // S, the longest history that a window sees
}

export interface Sizes extends Shape, Omit<TrainingSizes, "positions" | "dense"> {
  readonly lanes: number; // B
}

export interface Norm {
  readonly gain: Float32Array;
  readonly bias: Float32Array;
}

export interface BlockParts {
  readonly attentionNorm: Norm;
  readonly qkv: LinearPart;
  readonly mix: LinearPart;
  readonly distance: Float32Array; // (A, S)
  readonly elapsed: Float32Array; // (A, 36)
  readonly innerNorm: Norm;
  readonly up: LinearPart;
  readonly down: LinearPart;
}

export interface DenseParts {
  readonly blocks: readonly BlockParts[];
  readonly norm: Norm; // of the last block's output
  readonly head: LinearPart; // from there to where items are looked for
}

const linearLength = (inputs: number, outputs: number) => inputs * outputs + outputs;

export function denseLength({ width: H, heads: A, blocks, inner: F, steps: S }: Shape): number {
  const linears = linearLength(H, 3 * H) + linearLength(H, H) + linearLength(H, F) + linearLength(F, H);
  const biases = 4 * Math.ceil((A * S) / 4) + A * elapsedBuckets;
  return blocks * (linears + biases + 4 * H) + 2 * H + linearLength(H, H);
}

/** The parts of the dense parameter vector, or of its gradient. */
export function denseParts(dense: Float32Array, { width: H, heads: A, blocks, inner: F, steps: S }: Shape): DenseParts {
  let offset = 0;
  const take = (length: number) => dense.subarray(offset, (offset += length));
  const norm = (): Norm => ({ gain: take(H), bias: take(H) });
  const linear = (inputs: number, outputs: number): LinearPart => ({
    weights: take(inputs * outputs),
    bias: take(outputs),
  });
  const block = (): BlockParts => ({
    attentionNorm: norm(),
    qkv: linear(H, 3 * H),
    mix: linear(H, H),
    distance: take(4 * Math.ceil((A * S) / 4)),
    elapsed: take(A * elapsedBuckets),
    innerNorm: norm(),
    up: linear(H, F),
    down: linear(F, H),
  });
  return { blocks: Array.from({ length: blocks }, block), norm: norm(), head: linear(H, H) };
}

export const trainingSizes = (s: Sizes): TrainingSizes => ({
  ...{ items: s.items, rows: s.rows, width: s.width, threads: s.threads, candidates: s.candidates },
  ...{ touched: s.touched, features: s.features, rowMoments: s.rowMoments },
  ...{ positions: s.lanes * s.steps, dense: denseLength(s) },
  ...(s.side && { side: s.side }),
});

/** What the way forward leaves for the way back, in one block, for N positions. */
const blockActivations = ({ width: H, heads: A, inner: F, steps: S }: Shape, N: number) => ({
  ...{ attentionInput: N * H, attentionNormal: N * H, attentionScale: N },
  ...{ qkv: N * 3 * H, p: N * A * S, attended: N * H },
  ...{ innerInput: N * H, innerNormal: N * H, innerScale: N, before: N * F, after: N * F },
});

/** Regions that a forward pass over N positions needs. */
export const forwardRegions = (s: Shape, N: number): Regions => ({
  ...Object.fromEntries(
    Array.from({ length: s.blocks }, (_, block) =>
      Object.entries(blockActivations(s, N)).map(([name, length]) => [`${block}.${name}`, ["f32", length] as const]),
    ).flat(),
  ),
  packed: ["f32", s.blocks * packedOfBlock(s) + packedLength(s.width, s.width)],
  from: ["u32", N], // first position of the window that a position sees
  time: ["u32", N], // seconds since the first position that it sees
  stream: ["f32", N * s.width], // the residual stream
  branch: ["f32", N * s.width],
  feature: ["f32", N * s.width],
  state: ["f32", N * s.width],
  stateNormal: ["f32", N * s.width],
  stateScale: ["f32", N],
  query: ["f32", N * s.width],
  scratch: ["f32", scratchLength],
});

/** Of W or of Wᵀ, whichever takes more. */
const packedOfBlock = ({ width: H, inner: F }: Shape) =>
  packedLength(3 * H, H) + packedLength(H, 3 * H) + packedLength(H, H) + packedLength(H, F) + packedLength(F, H);

const backwardRegions = (s: Shape, N: number): Regions => ({
  packedBack: ["f32", s.blocks * packedOfBlock(s) + packedLength(s.width, s.width)],
  packedRows: ["f32", packedLength(N, Math.max(3 * s.width, s.inner))],
  queryGradient: ["f32", N * s.width],
  stateGradient: ["f32", N * s.width],
  streamGradient: ["f32", N * s.width],
  qkvGradient: ["f32", N * 3 * s.width],
  innerGradient: ["f32", N * s.inner],
  attentionScratch: ["f32", s.steps],
});

export function planMemory(sizes: Sizes): Plan {
  const common = trainingSizes(sizes);
  const ofThread = {
    ...regionsOfThread(common),
    ...forwardRegions(sizes, common.positions),
    ...backwardRegions(sizes, common.positions),
  };
  return planRegions(sharedRegions(common), ofThread, sizes.threads);
}
