/**
 * Where the recurrent network's training keeps what ../parallel/training-memory.ts does not hold: gates, states and each thread's scratch.
 *
 * Letters: I items, R rows of the embedding table (items first, then event types and time gaps), H width, B lanes of a
 * thread, S steps of a window, P threads, C candidates of the softmax, G rows touched by a batch, F features of an event.
 */
import type { SideSizes } from "../features/side-memory.ts";
import { planRegions, type Plan, type Regions } from "../parallel/plan.ts";
import { packedColumns, regionsOfThread, sharedRegions, type TrainingSizes } from "../parallel/training-memory.ts";
import { denseLength } from "./dense.ts";

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
  readonly side?: SideSizes;
}

export const trainingSizes = ({ lanes, steps, ...sizes }: Sizes): TrainingSizes => ({
  ...sizes,
  ...{ positions: lanes * steps, dense: denseLength(sizes.width), rowMoments: false },
});

/** Matrices packed for the multiplication. */
const packed = (s: Sizes): Regions => ({
  packedInput: ["f32", s.width * packedColumns(3 * s.width)],
  packedRecurrent: ["f32", s.width * packedColumns(3 * s.width)],
  packedInputBack: ["f32", 3 * s.width * packedColumns(s.width)],
  packedRecurrentBack: ["f32", 3 * s.width * packedColumns(s.width)],
  packedPositions: ["f32", s.lanes * s.steps * packedColumns(3 * s.width)],
});

/** What sessions.ts keeps of the places where sessions begin, a row for each: at most every position of a window. */
const sessionsOfThread = (s: Sizes): Regions => {
  const [lanes, beginnings] = [s.lanes * s.width, s.lanes * s.steps * s.width];
  return {
    beginning: ["u32", s.lanes * s.steps], // position of each
    ...{ user: ["f32", lanes], userArriving: ["f32", lanes], userLeaving: ["f32", lanes] },
    ...{ sessionEnd: ["f32", beginnings], userBefore: ["f32", beginnings], userAfter: ["f32", beginnings] },
    ...{ userGates: ["f32", 4 * beginnings], opening: ["f32", beginnings], openingGradient: ["f32", beginnings] },
    ...{ userInputGates: ["f32", 3 * lanes], userRecurrentGates: ["f32", 3 * lanes] },
    ...{ userInputGatesGradient: ["f32", 3 * beginnings], userRecurrentGatesGradient: ["f32", 3 * beginnings] },
    ...{ packedUserInput: ["f32", s.width * packedColumns(3 * s.width)] },
    ...{ packedUserRecurrent: ["f32", s.width * packedColumns(3 * s.width)] },
    ...{ packedUserInputBack: ["f32", 3 * s.width * packedColumns(s.width)] },
    ...{ packedUserRecurrentBack: ["f32", 3 * s.width * packedColumns(s.width)] },
    ...{ packedOpening: ["f32", s.width * packedColumns(s.width)] },
    ...{ packedOpeningBack: ["f32", s.width * packedColumns(s.width)] },
  };
};

const ofThread = (s: Sizes): Regions => {
  const positions = s.lanes * s.steps;
  return {
    ...regionsOfThread(trainingSizes(s)),
    ...packed(s),
    begins: ["u32", positions], // what begins here: 0 nothing, 1 a session, 2 a history (see sessions.ts)
    input: ["f32", positions * s.width],
    feature: ["f32", positions * s.width],
    inputGates: ["f32", positions * 3 * s.width],
    recurrentGates: ["f32", s.lanes * 3 * s.width],
    gates: ["f32", positions * 4 * s.width],
    before: ["f32", positions * s.width],
    state: ["f32", positions * s.width],
    carried: ["f32", s.lanes * s.width],
    stateGradient: ["f32", positions * s.width],
    inputGatesGradient: ["f32", positions * 3 * s.width],
    recurrentGatesGradient: ["f32", positions * 3 * s.width],
    lane: ["f32", 2 * s.lanes * s.width],
    ...sessionsOfThread(s),
  };
};

export const planMemory = (sizes: Sizes): Plan =>
  planRegions(sharedRegions(trainingSizes(sizes)), ofThread(sizes), sizes.threads);
