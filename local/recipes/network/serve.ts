/**
 * The trained network at serving time: a history in, one score per item out. Holds its own kernels and memory, for one query at a time.
 */
import { loadKernels, makeMemory } from "../../kernels/kernels.ts";
import type { History } from "../recipe.ts";
import { featureCount, inputRows, rowCount, type Vocabulary } from "./sequences.ts";
import { denseParts } from "./step.ts";
import type { Weights } from "./train.ts";

export interface Network {
  readonly width: number;
  /** (I) logits, prior included. The array is reused by the next call. */
  score(history: History): Float32Array;
}

const multipleOf8 = (n: number) => 8 * Math.ceil(n / 8) + 8;

export function serveNetwork(
  module: WebAssembly.Module,
  { table, dense }: Weights,
  { vocabulary, prior, longest }: { vocabulary: Vocabulary; prior: Float32Array; longest: number },
): Network {
  const H = table.length / rowCount(vocabulary);
  const I = vocabulary.items;
  const memory = makeMemory(
    4 * (2 * H * multipleOf8(3 * H) + H * multipleOf8(I) + longest * 4 * H + 32 * H + 24_704 + multipleOf8(I)) + 4096,
  );
  const kernels = loadKernels(module, memory);
  let offset = 1024;
  const array = (length: number) => {
    const made = new Float32Array(memory.buffer, offset, length);
    offset += 16 * Math.ceil((4 * length) / 16);
    return made;
  };
  const packedInput = array(H * multipleOf8(3 * H));
  const packedRecurrent = array(H * multipleOf8(3 * H));
  const packedItems = array(H * multipleOf8(I));
  const input = array(longest * H);
  const inputGates = array(longest * 3 * H);
  const [recurrentGates, gates, state] = [array(multipleOf8(3 * H)), array(4 * H), array(H)];
  const logits = array(multipleOf8(I));
  const scratch = array(24_704);
  const weights = denseParts(dense, H);
  // pack through the space that scores and inputs use later
  const pack = (data: Float32Array, row: number, column: number, depth: number, columns: number, to: Float32Array) => {
    const at = multipleOf8(columns) * depth;
    void at;
    packWith(to, data, row, column, depth, columns);
  };
  pack(weights.input, 3 * H, 1, H, 3 * H, packedInput);
  pack(weights.recurrent, 3 * H, 1, H, 3 * H, packedRecurrent);
  pack(table, 1, H, H, I, packedItems);
  return {
    width: H,
    score: (history) => {
      const from = Math.max(0, history.item.length - longest);
      const recent = {
        item: history.item.subarray(from),
        timestamp: history.timestamp.subarray(from),
        eventType: history.eventType.subarray(from),
      };
      const length = recent.item.length;
      const rows = inputRows(recent, vocabulary, (n) => n === 0);
      for (let n = 0; n < length; n++) {
        const row = input.subarray(n * H, (n + 1) * H);
        row.fill(0);
        for (let f = 0; f < featureCount; f++) {
          const at = rows[f * length + n]! * H;
          for (let x = 0; x < H; x++) row[x]! += table[at + x]!;
        }
        inputGates.set(weights.inputBias, n * 3 * H);
      }
      const strided = { data: input, row: H, column: 1 };
      kernels.multiplyPacked(strided, packedInput, inputGates, 3 * H, length, H, 3 * H, true, scratch);
      state.fill(0);
      for (let n = 0; n < length; n++) {
        recurrentGates.set(weights.recurrentBias);
        kernels.multiplyRow(state, packedRecurrent, recurrentGates, H, 3 * H, true);
        kernels.gruForward(inputGates.subarray(n * 3 * H), recurrentGates, state, gates, state, 1, H);
      }
      kernels.multiplyRow(state, packedItems, logits, H, I, false);
      for (let i = 0; i < I; i++) logits[i]! += prior[i]!;
      return logits.subarray(0, I);
    },
  };
}

/** What the kernel packRight does, for a source outside of the kernels' memory. */
function packWith(packed: Float32Array, b: Float32Array, row: number, column: number, depth: number, columns: number) {
  for (let j = 0, to = 0; j < columns; j += 8) {
    for (let k = 0; k < depth; k++) {
      for (let x = 0; x < 8; x++) packed[to++] = j + x < columns ? b[k * row + (j + x) * column]! : 0;
    }
  }
}
