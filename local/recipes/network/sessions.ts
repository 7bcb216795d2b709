/**
 * The upper half of the hierarchical network (Quadrana et al. 2017, "HRNN Init"): a recurrent unit per user that steps whenever one of
 * the user's sessions ends, and opens the next one. Where a session begins at step s,
 *
 *   u  = GRU_user(h_{s-1}, u)            the state in which the session before was left, into the user's state
 *   h  = tanh(u W_o + b_o)               what the session's own unit starts from, in place of h_{s-1}
 *
 * A history begins with u = 0. All of it is worked out for the beginnings of a window only, which are few; they are kept as rows in
 * order of time, those of one step next to each other.
 */
import type { Kernels } from "../../kernels/kernels.ts";
import { rowMajor, transposed } from "../parallel/next-item.ts";
import type { Memory } from "../parallel/plan.ts";
import type { Dense, Unit } from "./dense.ts";
import type { Sizes } from "./layout.ts";

/** What begins at an event, in `begins`. */
export const beginning = { nothing: 0, session: 1, history: 2 } as const;

export interface Sessions {
  /** Packs the weights; before the first step of a window. */
  pack(): void;
  /** Puts the opening states of what begins at step s into `before` (B, H), which holds h_{s-1}. Steps go upwards. */
  open(s: number, before: Float32Array): void;
  /** The way back: `leaving` (B, H) goes from ∂L/∂before to ∂L/∂h_{s-1}. Steps go downwards. */
  close(s: number, leaving: Float32Array): void;
  /** Adds the window's gradients of the weights. */
  gradients(): void;
}

type Arrays = ReturnType<typeof sessionArrays>;

export function bindSessions(k: Kernels, memory: Memory, sizes: Sizes, p: number, w: Dense, g: Dense): Sessions {
  const a = sessionArrays(memory, sizes, p);
  return {
    pack: () => pack(k, a, sizes, w),
    open: (s, before) => open(k, a, sizes, w, s, before),
    close: (s, leaving) => close(k, a, sizes, s, leaving),
    gradients: () => gradients(k, a, sizes, g),
  };
}

function sessionArrays(memory: Memory, { steps }: Sizes, p: number) {
  const f = (name: string) => memory.f32(name, p);
  return {
    begins: memory.u32("begins", p),
    /** (B, H) each lane's state of its user, carried from window to window. */
    user: f("user"),
    /** Rows of the beginnings, step s owning from[s] .. from[s + 1); up to `known[s]` those with a session before them. */
    ...{ position: memory.u32("beginning", p), from: new Uint32Array(steps + 1), known: new Uint32Array(steps) },
    ...{ sessionEnd: f("sessionEnd"), userBefore: f("userBefore"), userAfter: f("userAfter") },
    ...{ userGates: f("userGates"), opening: f("opening"), openingGradient: f("openingGradient") },
    ...{ inputGates: f("userInputGates"), recurrentGates: f("userRecurrentGates") },
    ...{ inputGatesGradient: f("userInputGatesGradient"), recurrentGatesGradient: f("userRecurrentGatesGradient") },
    ...{ arriving: f("userArriving"), leaving: f("userLeaving"), scratch: f("scratch") },
    ...{ packedInput: f("packedUserInput"), packedRecurrent: f("packedUserRecurrent") },
    ...{ packedInputBack: f("packedUserInputBack"), packedRecurrentBack: f("packedUserRecurrentBack") },
    ...{ packedOpening: f("packedOpening"), packedOpeningBack: f("packedOpeningBack") },
    packedPositions: f("packedPositions"),
  };
}

function pack(k: Kernels, a: Arrays, { width: H }: Sizes, { user, opening }: Dense): void {
  if (!a.begins.includes(beginning.session) && !a.begins.includes(beginning.history)) return;
  k.packRight(rowMajor(user.input, 3 * H), H, 3 * H, a.packedInput);
  k.packRight(rowMajor(user.recurrent, 3 * H), H, 3 * H, a.packedRecurrent);
  k.packRight(transposed(user.input, 3 * H), 3 * H, H, a.packedInputBack);
  k.packRight(transposed(user.recurrent, 3 * H), 3 * H, H, a.packedRecurrentBack);
  k.packRight(rowMajor(opening, H), H, H, a.packedOpening);
  k.packRight(transposed(opening, H), H, H, a.packedOpeningBack);
}

/** Lists the beginnings of step s, sessions before histories. */
function list(a: Arrays, s: number, B: number): void {
  let row = a.from[s]!;
  for (const kind of [beginning.session, beginning.history]) {
    for (let b = 0; b < B; b++) if (a.begins[s * B + b] === kind) a.position[row++] = s * B + b;
    if (kind === beginning.session) a.known[s] = row;
  }
  a.from[s + 1] = row;
}

function open(
  k: Kernels,
  a: Arrays,
  { width: H, lanes: B }: Sizes,
  { user, openingBias }: Dense,
  s: number,
  before: Float32Array,
): void {
  list(a, s, B);
  const [from, known, to] = [a.from[s]!, a.known[s]!, a.from[s + 1]!];
  if (from === to) return;
  const laneOf = (row: number) => a.position[row]! - s * B;
  for (let row = from; row < known; row++) {
    const lane = laneOf(row) * H;
    a.sessionEnd.set(before.subarray(lane, lane + H), row * H);
    a.userBefore.set(a.user.subarray(lane, lane + H), row * H);
    a.inputGates.set(user.inputBias, (row - from) * 3 * H);
    a.recurrentGates.set(user.recurrentBias, (row - from) * 3 * H);
  }
  const view = (array: Float32Array, row = from, width = H) => array.subarray(row * width);
  const [end, earlier] = [view(a.sessionEnd), view(a.userBefore)];
  const rows = known - from;
  k.multiplyPacked(rowMajor(end, H), a.packedInput, a.inputGates, 3 * H, rows, H, 3 * H, true, a.scratch);
  k.multiplyPacked(rowMajor(earlier, H), a.packedRecurrent, a.recurrentGates, 3 * H, rows, H, 3 * H, true, a.scratch);
  k.gruForward(a.inputGates, a.recurrentGates, earlier, view(a.userGates, from, 4 * H), view(a.userAfter), rows, H);
  a.userAfter.fill(0, known * H, to * H);
  for (let row = from; row < to; row++) a.opening.set(openingBias, row * H);
  const [after, opening] = [rowMajor(view(a.userAfter), H), view(a.opening)];
  k.multiplyPacked(after, a.packedOpening, opening, H, to - from, H, H, true, a.scratch);
  k.tanhForward(opening, (to - from) * H);
  for (let row = from; row < to; row++) {
    before.set(a.opening.subarray(row * H, (row + 1) * H), laneOf(row) * H);
    a.user.set(a.userAfter.subarray(row * H, (row + 1) * H), laneOf(row) * H);
  }
}

function close(k: Kernels, a: Arrays, { width: H, lanes: B, steps: S }: Sizes, s: number, leaving: Float32Array): void {
  if (s === S - 1) a.leaving.fill(0); // nothing reaches a user's state from beyond the window
  const [from, known, to] = [a.from[s]!, a.known[s]!, a.from[s + 1]!];
  if (from === to) return;
  const view = (array: Float32Array, width = H) => array.subarray(from * width);
  const gradient = view(a.openingGradient);
  gather(a, a.openingGradient, leaving, s, { H, B });
  k.tanhBackward(gradient, view(a.opening), (to - from) * H);
  for (let row = from; row < to; row++) {
    const lane = (a.position[row]! - s * B) * H;
    a.arriving.set(a.leaving.subarray(lane, lane + H), (row - from) * H);
  }
  const rows = known - from;
  k.multiplyPacked(rowMajor(gradient, H), a.packedOpeningBack, a.arriving, H, rows, H, H, true, a.scratch);
  const [input, recurrent] = [view(a.inputGatesGradient, 3 * H), view(a.recurrentGatesGradient, 3 * H)];
  input.fill(0, 0, (to - from) * 3 * H);
  recurrent.fill(0, 0, (to - from) * 3 * H);
  const back = a.recurrentGates; // free on the way back: (rows, H) of ∂L/∂u before, then of ∂L/∂h_{s-1}
  k.gruBackward(a.arriving, view(a.userBefore), view(a.userGates, 4 * H), input, recurrent, back, rows, H);
  k.multiplyPacked(rowMajor(recurrent, 3 * H), a.packedRecurrentBack, back, H, rows, 3 * H, H, true, a.scratch);
  spread(a, back, a.leaving, s, { H, B });
  k.multiplyPacked(rowMajor(input, 3 * H), a.packedInputBack, back, H, rows, 3 * H, H, false, a.scratch);
  spread(a, back, leaving, s, { H, B });
}

/** Rows of `to` from the lanes where something begins. */
function gather(a: Arrays, to: Float32Array, lanes: Float32Array, s: number, { H, B }: { H: number; B: number }): void {
  for (let row = a.from[s]!; row < a.from[s + 1]!; row++) {
    const lane = (a.position[row]! - s * B) * H;
    to.set(lanes.subarray(lane, lane + H), row * H);
  }
}

/** Rows go to their lanes; zeros to lanes where a history begins, before which there is nothing. */
function spread(
  a: Arrays,
  rows: Float32Array,
  lanes: Float32Array,
  s: number,
  { H, B }: { H: number; B: number },
): void {
  for (let row = a.from[s]!; row < a.from[s + 1]!; row++) {
    const [lane, at] = [(a.position[row]! - s * B) * H, (row - a.from[s]!) * H];
    if (row < a.known[s]!) lanes.set(rows.subarray(at, at + H), lane);
    else lanes.fill(0, lane, lane + H);
  }
}

function gradients(k: Kernels, a: Arrays, sizes: Sizes, g: Dense): void {
  const [H, rows] = [sizes.width, a.from[sizes.steps]!];
  if (rows === 0) return;
  unitGradients(k, a, { input: a.sessionEnd, before: a.userBefore }, g.user, rows, H);
  k.packRight(rowMajor(a.openingGradient, H), rows, H, a.packedPositions);
  k.multiplyPacked(transposed(a.userAfter, H), a.packedPositions, g.opening, H, H, rows, H, true, a.scratch);
  k.sumColumns(a.openingGradient, g.openingBias, rows, H);
}

/** What the gradients of a recurrent unit's weights are added up from, over `rows` of its steps. */
interface UnitArrays {
  readonly inputGatesGradient: Float32Array; // (rows, 3H)
  readonly recurrentGatesGradient: Float32Array; // (rows, 3H)
  readonly packedPositions: Float32Array;
  readonly scratch: Float32Array;
}

/** ∂L/∂W += inputᵀ · ∂L/∂a and ∂L/∂U += beforeᵀ · ∂L/∂q, ∂L/∂bias += the gates' column sums. */
export function unitGradients(
  k: Kernels,
  a: UnitArrays,
  states: { readonly input: Float32Array; readonly before: Float32Array },
  unit: Unit,
  rows: number,
  H: number,
): void {
  const add = (from: Float32Array, gates: Float32Array, weights: Float32Array, bias: Float32Array) => {
    k.packRight(rowMajor(gates, 3 * H), rows, 3 * H, a.packedPositions);
    k.multiplyPacked(transposed(from, H), a.packedPositions, weights, 3 * H, H, rows, 3 * H, true, a.scratch);
    k.sumColumns(gates, bias, rows, 3 * H);
  };
  add(states.before, a.recurrentGatesGradient, unit.recurrent, unit.recurrentBias);
  add(states.input, a.inputGatesGradient, unit.input, unit.inputBias);
}
