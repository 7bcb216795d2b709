/**
 * Among which items a batch's targets are to be found, and which rows of the table the batch touches: the whole catalogue, or the batch's
 * targets and a sample of the others.
 */
import type { Memory } from "./plan.ts";
import type { Random } from "../network/random.ts";
import { fact, type TrainingSizes } from "./training-memory.ts";

export interface CandidateOptions {
  /** (I) added to every logit: what the model knows of an item before any history, e.g. its share of all events. */
  readonly prior: Float32Array;
  /** (I) how often each item is drawn as a negative, relatively; only used when candidates are sampled. */
  readonly proposal: Float64Array;
  readonly random: Random;
}

export interface ThreadBatch {
  readonly inputRow: Uint32Array;
  readonly inputTouched: Uint32Array;
  readonly target: Uint32Array; // item on entry, place among the candidates on return
  readonly weight: Float32Array;
}
export type Select = (threads: readonly ThreadBatch[]) => void;

/** Once a batch, after every thread's rows, targets and weights are written. */
export function selectCandidates(memory: Memory, sizes: TrainingSizes, options: CandidateOptions): Select {
  return sizes.candidates === sizes.items
    ? everyItem(memory, sizes, options.prior)
    : sampledItems(memory, sizes, options);
}

function everyItem(memory: Memory, sizes: TrainingSizes, prior: Float32Array): Select {
  const touched = memory.u32("touchedRow");
  touched.forEach((_, row) => (touched[row] = row));
  memory.f32("candidateOffset").set(prior);
  const facts = memory.f32("facts");
  facts[fact.candidates] = sizes.items;
  facts[fact.touched] = sizes.rows;
  return (threads) => threads.forEach((t) => t.inputTouched.set(t.inputRow));
}

/**
 * Candidates are the batch's targets and `sizes.candidates - targets` draws from the proposal, each once. The offset of an item is
 * its prior minus ln of its chance to be a candidate, 1 - (1 - share of targets)^targets · (1 - proposal)^draws.
 */
function sampledItems(memory: Memory, sizes: TrainingSizes, { prior, proposal, random }: CandidateOptions): Select {
  const candidate = memory.u32("candidate");
  const offset = memory.f32("candidateOffset");
  const touchedRow = memory.u32("touchedRow");
  const facts = memory.f32("facts");
  const place = new Int32Array(sizes.rows).fill(-1);
  const total = proposal.reduce((sum, value) => sum + value, 0);
  const cumulative = proposal.slice();
  for (let i = 1; i < cumulative.length; i++) cumulative[i]! += cumulative[i - 1]!;
  const draw = () => firstAbove(cumulative, random.next() * total);
  return (threads) => {
    let touched = 0;
    const touch = (row: number) => {
      if (place[row]! < 0) {
        touchedRow[touched] = row;
        place[row] = touched++;
      }
      return place[row]!;
    };
    for (const t of threads)
      for (let n = 0; n < t.target.length; n++) if (t.weight[n]! > 0) t.target[n] = touch(t.target[n]!);
    const targets = touched;
    const draws = sizes.candidates - targets;
    for (let n = 0; n < draws; n++) touch(draw());
    for (let c = 0; c < touched; c++) {
      const item = touchedRow[c]!;
      candidate[c] = item;
      const drawn = -Math.expm1(draws * Math.log1p(-proposal[item]! / total));
      offset[c] = prior[item]! - (c < targets ? 0 : Math.log(drawn));
    }
    facts[fact.candidates] = touched;
    for (const t of threads) t.inputRow.forEach((row, n) => (t.inputTouched[n] = touch(row)));
    facts[fact.touched] = touched;
    for (let n = 0; n < touched; n++) place[touchedRow[n]!] = -1;
  };
}

/** The first place whose cumulative weight exceeds `value`. */
function firstAbove(cumulative: Float64Array, value: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
