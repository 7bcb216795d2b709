/**
 * The trained network at serving time: a history in, states out; a state in, one logit per item out. Holds its own kernels and
 * memory, and works on one query at a time (every call is synchronous).
 */
import { loadKernels, makeMemory, type Kernels } from "../../kernels/kernels.ts";
import { packRight } from "../../kernels/matrix.ts";
import type { History } from "../recipe.ts";
import { inputRows, rowCount, type Vocabulary } from "./sequences.ts";
import { denseParts } from "./step.ts";
import type { Weights } from "./train.ts";

export interface Network {
  readonly width: number; // H
  /** The state after each of the newest `longest` events, (n, H). Reused by the next call. */
  states(history: History): Float32Array;
  /** (I) logits after one state, prior included. Reused by the next call. */
  logits(state: Float32Array): Float32Array;
}

export interface ServingOptions {
  readonly vocabulary: Vocabulary;
  readonly prior: Float32Array; // (I)
  /** Events of a history that are read; older ones no longer count. */
  readonly longest: number;
}

const panels = (columns: number) => 16 * Math.ceil(columns / 16); // multiplyRow writes two panels of eight at a time

export function serveNetwork(module: WebAssembly.Module, weights: Weights, options: ServingOptions): Network {
  const H = weights.table.length / rowCount(options.vocabulary);
  const { kernels, arrays: a } = makeArrays(module, H, options);
  const { input, recurrent, inputBias, recurrentBias } = denseParts(weights.dense, H);
  packRight({ data: input, row: 3 * H, column: 1 }, H, 3 * H, a.packedInput);
  packRight({ data: recurrent, row: 3 * H, column: 1 }, H, 3 * H, a.packedRecurrent);
  packRight({ data: weights.table, row: 1, column: H }, H, options.vocabulary.items, a.packedItems);
  return {
    width: H,
    states: (history) => {
      const length = readInputs(a.input, weights.table, history, options, H);
      for (let n = 0; n < length; n++) a.inputGates.set(inputBias, n * 3 * H);
      const rows = { data: a.input, row: H, column: 1 };
      kernels.multiplyPacked(rows, a.packedInput, a.inputGates, 3 * H, length, H, 3 * H, true, a.scratch);
      a.states.fill(0, 0, H); // the state before the first event
      for (let n = 0; n < length; n++) {
        const before = a.states.subarray(n * H);
        a.recurrentGates.set(recurrentBias);
        kernels.multiplyRow(before, a.packedRecurrent, a.recurrentGates, H, 3 * H, true);
        const after = a.states.subarray((n + 1) * H);
        kernels.gruForward(a.inputGates.subarray(n * 3 * H), a.recurrentGates, before, a.gates, after, 1, H);
      }
      return a.states.subarray(H, (length + 1) * H);
    },
    logits: (state) => {
      a.state.set(state);
      kernels.multiplyRow(a.state, a.packedItems, a.logits, H, options.vocabulary.items, false);
      kernels.addInto(a.logits, a.prior, options.vocabulary.items);
      return a.logits.subarray(0, options.vocabulary.items);
    },
  };
}

function makeArrays(module: WebAssembly.Module, H: number, { vocabulary: { items }, longest, prior }: ServingOptions) {
  const lengths = {
    ...{ packedInput: H * panels(3 * H), packedRecurrent: H * panels(3 * H), packedItems: H * panels(items) },
    ...{ input: longest * H, inputGates: longest * 3 * H, states: (longest + 1) * H, state: H },
    ...{ recurrentGates: panels(3 * H), gates: 4 * H, logits: panels(items), prior: items, scratch: 24_704 },
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
  arrays.prior.set(prior);
  return { kernels, arrays };
}

/** Writes the sum of each event's table rows, for the newest `longest` events; returns how many there are. */
function readInputs(
  input: Float32Array,
  table: Float32Array,
  history: History,
  { vocabulary, longest }: ServingOptions,
  H: number,
): number {
  const from = Math.max(0, history.item.length - longest);
  const recent = {
    item: history.item.subarray(from),
    timestamp: history.timestamp.subarray(from),
    eventType: history.eventType.subarray(from),
  };
  const length = recent.item.length;
  const rows = inputRows(recent, vocabulary, (n) => n === 0);
  input.fill(0, 0, length * H);
  for (let r = 0; r < rows.length; r++) {
    const to = (r % length) * H;
    const row = rows[r]! * H;
    for (let x = 0; x < H; x++) input[to + x]! += table[row + x]!;
  }
  return length;
}
