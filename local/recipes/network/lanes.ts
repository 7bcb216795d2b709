/**
 * Which event each lane reads at each step. A lane is a stream of whole pieces one after another (session-parallel batches,
 * Hidasi et al. 2016), so that nothing is padded but the ends of an epoch. Pieces go in shuffled order to whichever
 * lane has least to read so far.
 */
import { shuffle, type Random } from "./random.ts";
import { beginning } from "./sessions.ts";
import type { Sequences } from "./sequences.ts";

export const idle = 0xffff_ffff;

/** Event of each lane and step, `idle` where there is none. */
export interface Lanes {
  readonly steps: number; // of the longest lane
  /** Fills `event` and `begins` (sessions.ts) for `lanes` lanes from `firstLane` and `steps` steps from `firstStep`, step-major. */
  fill(
    event: Uint32Array,
    begins: Uint32Array,
    firstLane: number,
    lanes: number,
    firstStep: number,
    steps: number,
  ): void;
}

export function spreadOverLanes(sequences: Sequences, lanes: number, random: Random): Lanes {
  const { starts, ends } = sequences;
  const order = Uint32Array.from(starts.keys());
  shuffle(order, random);
  const pieces: number[][] = Array.from({ length: lanes }, () => []); // of each lane, in order
  const places: number[][] = Array.from({ length: lanes }, () => []); // steps at which they begin
  const lengths = new Uint32Array(lanes);
  for (const piece of order) {
    let least = 0;
    for (let lane = 1; lane < lanes; lane++) if (lengths[lane]! < lengths[least]!) least = lane;
    pieces[least]!.push(piece);
    places[least]!.push(lengths[least]!);
    lengths[least]! += ends[piece]! - starts[piece]!;
  }
  const read = (lane: number, from: number, steps: number, put: (s: number, event: number, begins: number) => void) => {
    const [mine, begin] = [pieces[lane]!, places[lane]!];
    let at = lastNotAbove(begin, from);
    for (let s = 0; s < steps; s++) {
      if (from + s >= lengths[lane]!) put(s, idle, beginning.nothing);
      else {
        if (begin[at + 1] === from + s) at++;
        const event = starts[mine[at]!]! + from + s - begin[at]!;
        put(s, event, begin[at] === from + s ? beginning.history : sequences.begins[event]!);
      }
    }
  };
  return {
    steps: Math.max(...lengths),
    fill: (event, begins, firstLane, count, firstStep, steps) => {
      for (let b = 0; b < count; b++) {
        read(firstLane + b, firstStep, steps, (s, n, begin) => {
          event[s * count + b] = n;
          begins[s * count + b] = begin;
        });
      }
    },
  };
}

/** The last place of ascending values that is not above `value`; 0 when all are. */
function lastNotAbove(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
