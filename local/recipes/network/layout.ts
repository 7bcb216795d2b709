/**
 * Where everything lies in the kernels' shared memory: parameters, their gradients and moments, each batch's inputs and each
 * thread's scratch. A plan is plain numbers, so that the coordinator can make it and every thread can bind to it.
 *
 * Letters: I items, R rows of the embedding table (items first, then event types and time gaps), H width, B lanes of a
 * thread, S steps of a window, P threads, C candidates of the softmax, G rows touched by a batch, F features of an event.
 */

export interface Sizes {
  readonly items: number; // I
  readonly rows: number; // R
  readonly width: number; // H, a multiple of four
  readonly lanes: number; // B
  readonly steps: number; // S
  readonly threads: number; // P
  readonly candidates: number; // C: I when the softmax is over the whole catalogue
  readonly touched: number; // G, the most rows that one batch can touch: R when C = I
  readonly features: number; // F
}

type Kind = "f32" | "u32";
interface Region {
  readonly kind: Kind;
  readonly offset: number;
  readonly length: number;
}
export type Plan = { readonly bytes: number; readonly regions: Readonly<Record<string, Region>> };

/** Rows of logits computed at a time, so that a block stays in the cache of the second or third level. */
export const blockRows = 128;
const packedColumns = (columns: number) => 8 * Math.ceil(columns / 8);

/** Length of all parameters outside the table in one vector: W (H, 3H), U (H, 3H), input bias (3H), recurrent bias (3H). */
export const denseLength = (width: number) => 6 * width * width + 6 * width;

const shared = (s: Sizes): Record<string, [Kind, number]> => ({
  control: ["u32", 64],
  table: ["f32", s.rows * s.width],
  tableMean: ["f32", s.rows * s.width],
  tableSquare: ["f32", s.rows * s.width],
  dense: ["f32", denseLength(s.width)],
  denseMean: ["f32", denseLength(s.width)],
  denseSquare: ["f32", denseLength(s.width)],
  candidate: ["u32", s.candidates],
  candidateOffset: ["f32", s.candidates],
  touchedRow: ["u32", s.touched],
  facts: ["f32", 64], // of the batch: see `fact` in step.ts
});

/** The softmax's blocks, gradients, and matrices packed for the multiplication. */
const packedOfThread = (s: Sizes): Record<string, [Kind, number]> => ({
  candidates: ["f32", s.candidates === s.items ? 0 : s.candidates * s.width],
  logits: ["f32", blockRows * s.candidates],
  tableGradient: ["f32", s.touched * s.width],
  denseGradient: ["f32", denseLength(s.width)],
  packedInput: ["f32", s.width * packedColumns(3 * s.width)],
  packedRecurrent: ["f32", s.width * packedColumns(3 * s.width)],
  packedInputBack: ["f32", 3 * s.width * packedColumns(s.width)],
  packedRecurrentBack: ["f32", 3 * s.width * packedColumns(s.width)],
  packedCandidates: ["f32", s.width * packedColumns(s.candidates)],
  packedCandidatesBack: ["f32", s.candidates * packedColumns(s.width)],
  packedPositions: ["f32", s.lanes * s.steps * packedColumns(3 * s.width)],
  packedBlock: ["f32", blockRows * packedColumns(s.width)],
});

const ofThread = (s: Sizes): Record<string, [Kind, number]> => {
  const positions = s.lanes * s.steps;
  return {
    ...packedOfThread(s),
    inputRow: ["u32", s.features * positions], // feature-major: row of the table per position
    inputTouched: ["u32", s.features * positions], // the same, as index into touchedRow
    target: ["u32", positions], // index into candidate
    weight: ["f32", positions], // 0 = nothing to predict here
    fresh: ["u32", positions], // 1 = a history begins here: the state is zero before it
    valid: ["u32", positions],
    validTarget: ["u32", positions],
    validWeight: ["f32", positions],
    input: ["f32", positions * s.width],
    feature: ["f32", positions * s.width],
    inputGates: ["f32", positions * 3 * s.width],
    recurrentGates: ["f32", s.lanes * 3 * s.width],
    gates: ["f32", positions * 4 * s.width],
    before: ["f32", positions * s.width],
    state: ["f32", positions * s.width],
    carried: ["f32", s.lanes * s.width],
    output: ["f32", positions * s.width],
    outputGradient: ["f32", positions * s.width],
    stateGradient: ["f32", positions * s.width],
    inputGatesGradient: ["f32", positions * 3 * s.width],
    recurrentGatesGradient: ["f32", positions * 3 * s.width],
    lane: ["f32", 2 * s.lanes * s.width],
    loss: ["f32", 16],
    scratch: ["f32", 24_704],
  };
};

/** Lays the regions one after another, each on a cache line of its own so that threads do not disturb one another. */
export function planMemory(sizes: Sizes): Plan {
  const regions: Record<string, Region> = {};
  let offset = 1024;
  const place = (name: string, [kind, length]: [Kind, number]) => {
    regions[name] = { kind, offset, length };
    offset += 64 * Math.ceil((4 * length + 64) / 64);
  };
  Object.entries(shared(sizes)).forEach(([name, region]) => place(name, region));
  for (let p = 0; p < sizes.threads; p++) {
    Object.entries(ofThread(sizes)).forEach(([name, region]) => place(`${p}.${name}`, region));
  }
  return { bytes: offset + 1024, regions };
}

/** Typed arrays over the plan's regions: `f32("table")`, or `f32("logits", p)` for thread p's. */
export interface Memory {
  f32(name: string, thread?: number): Float32Array;
  u32(name: string, thread?: number): Uint32Array;
}

export function bindMemory(plan: Plan, buffer: ArrayBufferLike): Memory {
  const region = (kind: Kind, name: string, thread?: number) => {
    const found = plan.regions[thread === undefined ? name : `${thread}.${name}`];
    if (found?.kind !== kind) throw new Error(`The plan has no ${kind} region ${name} of thread ${thread}`);
    return found;
  };
  return {
    f32: (name, thread) => {
      const { offset, length } = region("f32", name, thread);
      return new Float32Array(buffer, offset, length);
    },
    u32: (name, thread) => {
      const { offset, length } = region("u32", name, thread);
      return new Uint32Array(buffer, offset, length);
    },
  };
}
