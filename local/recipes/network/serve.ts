/**
 * The trained network at serving time: a history in, states out; a state in, one logit per item out. Holds its own kernels and
 * memory, and works on one query at a time (every call is synchronous).
 */
import { loadKernels, makeMemory, type Kernels } from "../../kernels/kernels.ts";
import { packRight } from "../../kernels/matrix.ts";
import type { SideVectors } from "../features/side-model.ts";
import type { History } from "../recipe.ts";
import { createCatalogue, type Catalogue } from "../scoring/catalogue.ts";
import { denseParts, type Unit } from "./dense.ts";
import { beginningsOf, inputRows, rowCount, type Vocabulary } from "./sequences.ts";
import { beginning } from "./sessions.ts";
import type { Weights } from "./train.ts";

export interface Network {
  readonly width: number; // H
  /**
   * The state after each of the newest `longest` events, (n, H). Reused by the next call.
   *
   * @param about (H) what is known of the user, added to each event's input
   */
  states(history: History, about?: Float32Array): Float32Array;
  /**
   * The state after the newest event, (H), where a network can go on from the state that it remembers of the history before.
   * Reused by the next call.
   */
  readonly last?: (history: History, about?: Float32Array) => Float32Array;
  /** (I) logits after one state, prior included. Reused by the next call. */
  logits(state: Float32Array): Float32Array;
  /** The same of each network that this one is made of, where it is made of several; before their weighted mean is taken. */
  opinions?(state: Float32Array): Float32Array[];
  /** What `logits` and the answers to several queries are read from. */
  readonly catalogue: Catalogue;
}

/** The same network for one who asks, with what is known of the user and the request. */
export const withKnowledge = (network: Network, { input, output }: SideVectors): Network => ({
  width: network.width,
  states: (history) => network.states(history, input),
  logits: (state) => network.logits(state.map((value, x) => value + output[x]!)),
  ...(network.opinions && { opinions: (state) => network.opinions!(state.map((value, x) => value + output[x]!)) }),
  catalogue: network.catalogue,
});

export interface ServingOptions {
  readonly vocabulary: Vocabulary;
  readonly prior: Float32Array; // (I)
  /** (I) the items' order of popularity, for equal scores; absent = by index. */
  readonly rank?: Uint32Array;
  /** Events of a history that are read; older ones no longer count. */
  readonly longest: number;
}

const panels = (columns: number) => 16 * Math.ceil(columns / 16); // multiplyRow writes two panels of eight at a time

export function serveNetwork(module: WebAssembly.Module, weights: Weights, options: ServingOptions): Network {
  const { vocabulary, prior, rank = Uint32Array.from(prior.keys()) } = options;
  const encoder = serveEncoder(module, weights, options);
  const { width } = encoder;
  const tables = [{ table: weights.table, width, scale: 1 }];
  const catalogue = createCatalogue(module, { items: vocabulary.items, width, prior, rank, tables });
  return { ...encoder, catalogue, logits: catalogue.logits };
}

/** The network without its items. */
export function serveEncoder(
  module: WebAssembly.Module,
  weights: Weights,
  options: Pick<ServingOptions, "vocabulary" | "longest">,
): Pick<Network, "width" | "states"> & Required<Pick<Network, "last">> {
  const H = weights.table.length / rowCount(options.vocabulary);
  const { kernels: k, arrays: a } = makeArrays(module, H, options);
  const { session, user, opening, openingBias } = denseParts(weights.dense, H);
  packUnit(session, a.packedInput, a.packedRecurrent, H);
  packUnit(user, a.packedUserInput, a.packedUserRecurrent, H);
  packRight({ data: opening, row: H, column: 1 }, H, H, a.packedOpening);

  const recur = (inputGates: Float32Array, packed: Float32Array, bias: Float32Array, before: Float32Array) => {
    a.recurrentGates.set(bias);
    k.multiplyRow(before, packed, a.recurrentGates, H, 3 * H, true);
    k.gruForward(inputGates, a.recurrentGates, before, a.gates, before, 1, H);
  };
  /** Takes leave of a session in `state` and begins the next one there. */
  const open = (state: Float32Array, kind: number) => {
    if (kind === beginning.history) a.user.fill(0);
    else {
      a.userGates.set(user.inputBias);
      k.multiplyRow(state, a.packedUserInput, a.userGates, H, 3 * H, true);
      recur(a.userGates, a.packedUserRecurrent, user.recurrentBias, a.user);
    }
    a.opening.set(openingBias);
    k.multiplyRow(a.user, a.packedOpening, a.opening, H, H, true);
    k.tanhForward(a.opening, H);
    state.set(a.opening.subarray(0, H));
  };
  /** Reads on, with the states of session and user before the stretch in place. */
  const read = (history: History, stretch: Stretch, about: Float32Array | undefined): Float32Array => {
    const { length, begins } = readInputs(a.input, weights.table, history, stretch, options.vocabulary, H);
    if (about) for (let n = 0; n < length; n++) about.forEach((value, x) => (a.input[n * H + x]! += value));
    for (let n = 0; n < length; n++) a.inputGates.set(session.inputBias, n * 3 * H);
    const rows = { data: a.input, row: H, column: 1 };
    k.multiplyPacked(rows, a.packedInput, a.inputGates, 3 * H, length, H, 3 * H, true, a.scratch);
    for (let n = 0; n < length; n++) {
      if (begins[n] !== beginning.nothing) open(a.state, begins[n]!);
      recur(a.inputGates.subarray(n * 3 * H), a.packedRecurrent, session.recurrentBias, a.state);
      a.states.set(a.state, n * H);
    }
    return a.states.subarray(0, length * H);
  };
  const newest = ({ item }: History): Stretch => ({
    first: Math.max(0, item.length - options.longest),
    continues: false,
  });
  const known = new WeakMap<History, { readonly state: Float32Array; readonly user: Float32Array }>();
  /** Puts the states after the history before in place; where they are not known, or too far back, all is read again. */
  const restOf = (history: History): Stretch => {
    const before = history.before?.deref();
    const left = before && known.get(before);
    if (!left || history.item.length > options.longest) return newest(history);
    a.state.set(left.state);
    a.user.set(left.user);
    return { first: before.item.length, continues: true };
  };
  return {
    width: H,
    states: (history, about) => read(history, newest(history), about),
    last: (history, about) => {
      const state = read(history, restOf(history), about).slice(-H);
      known.set(history, { state, user: a.user.slice() });
      return state;
    },
  };
}

function packUnit({ input, recurrent }: Unit, packedInput: Float32Array, packedRecurrent: Float32Array, H: number) {
  packRight({ data: input, row: 3 * H, column: 1 }, H, 3 * H, packedInput);
  packRight({ data: recurrent, row: 3 * H, column: 1 }, H, 3 * H, packedRecurrent);
}

function makeArrays(module: WebAssembly.Module, H: number, { longest }: Pick<ServingOptions, "longest">) {
  const lengths = {
    ...{ packedInput: H * panels(3 * H), packedRecurrent: H * panels(3 * H) },
    ...{ packedUserInput: H * panels(3 * H), packedUserRecurrent: H * panels(3 * H), packedOpening: H * panels(H) },
    ...{ input: longest * H, inputGates: longest * 3 * H, states: longest * H, state: H },
    ...{ user: H, userGates: panels(3 * H), opening: panels(H) },
    ...{ recurrentGates: panels(3 * H), gates: 4 * H, scratch: 24_704 },
  };
  const bytes = (length: number) => 64 * Math.ceil((4 * length) / 64);
  const reserved = 1024;
  const memory = makeMemory(Object.values(lengths).reduce((sum, length) => sum + bytes(length), reserved));
  const kernels: Kernels = loadKernels(module, memory);
  let offset = reserved;
  const place = (length: number) => {
    const array = new Float32Array(memory.buffer, offset, length);
    offset += bytes(length);
    return array;
  };
  const entries = Object.entries(lengths).map(([name, length]) => [name, place(length)] as const);
  const arrays = Object.fromEntries(entries) as Record<keyof typeof lengths, Float32Array>; // one per entry
  return { kernels, arrays };
}

/** Events of a history that are read in one go: from the `first` on, the state before it being known when it `continues`. */
interface Stretch {
  readonly first: number;
  readonly continues: boolean;
}

/** Writes the sum of each event's table rows; how many events there are, and what begins with each. */
function readInputs(
  input: Float32Array,
  table: Float32Array,
  { item, timestamp, eventType }: History,
  { first, continues }: Stretch,
  vocabulary: Vocabulary,
  H: number,
): { readonly length: number; readonly begins: Uint8Array } {
  const skipped = continues ? 1 : 0; // the event before says how much time has passed since
  const from = first - skipped;
  const times = timestamp.subarray(from);
  const recent = { item: item.subarray(from), timestamp: times, eventType: eventType.subarray(from) };
  const length = item.length - first;
  const rows = inputRows(recent, vocabulary, (n) => n === 0);
  input.fill(0, 0, length * H);
  for (let r = 0; r < rows.length; r++) {
    const n = (r % times.length) - skipped;
    if (n < 0) continue;
    const row = rows[r]! * H;
    for (let x = 0; x < H; x++) input[n * H + x]! += table[row + x]!;
  }
  return { length, begins: beginningsOf(times, (n) => n === 0).subarray(skipped) };
}
