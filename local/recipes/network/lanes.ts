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
  const order = Uint32Array.from(sequences.starts.keys());
  shuffle(order, random);
  const streams: number[][] = Array.from({ length: lanes }, () => []);
  const starting: Set<number>[] = Array.from({ length: lanes }, () => new Set());
  for (const piece of order) {
    let least = 0;
    for (let lane = 1; lane < lanes; lane++) if (streams[lane]!.length < streams[least]!.length) least = lane;
    const stream = streams[least]!;
    starting[least]!.add(stream.length);
    for (let n = sequences.starts[piece]!; n < sequences.ends[piece]!; n++) stream.push(n);
  }
  return {
    steps: Math.max(...streams.map((stream) => stream.length)),
    fill: (event, begins, firstLane, count, firstStep, steps) => {
      for (let s = 0; s < steps; s++) {
        for (let b = 0; b < count; b++) {
          const stream = streams[firstLane + b]!;
          const n = stream[firstStep + s] ?? idle;
          event[s * count + b] = n;
          const isFirst = starting[firstLane + b]!.has(firstStep + s);
          begins[s * count + b] = isFirst ? beginning.history : n === idle ? beginning.nothing : sequences.begins[n]!;
        }
      }
    },
  };
}
