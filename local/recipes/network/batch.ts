/** Writes a batch into the shared memory: what each thread's lanes read and predict, among which candidates. */
import type { SideBatches } from "../features/side-batches.ts";
import { selectCandidates, type CandidateOptions } from "../parallel/candidates.ts";
import type { Memory } from "../parallel/plan.ts";
import { idle, type Lanes } from "./lanes.ts";
import { trainingSizes, type Sizes } from "./layout.ts";
import type { Sequences } from "./sequences.ts";

export interface BatchMaker {
  /** @returns the summed weight of what is to be predicted */
  write(lanes: Lanes, firstStep: number): number;
}

interface Options extends CandidateOptions {
  readonly sequences: Sequences;
  readonly side: SideBatches | undefined;
}

export function makeBatches(memory: Memory, sizes: Sizes, { sequences, side, ...options }: Options): BatchMaker {
  const { lanes: B, steps: S, threads: P, features: F } = sizes;
  const threads = [...Array(P).keys()].map((p) => ({
    ...{ inputRow: memory.u32("inputRow", p), inputTouched: memory.u32("inputTouched", p) },
    ...{ target: memory.u32("target", p), weight: memory.f32("weight", p), begins: memory.u32("begins", p) },
    event: new Uint32Array(B * S),
  }));
  const length = sequences.item.length;
  const select = selectCandidates(memory, trainingSizes(sizes), options);
  return {
    write: (lanes, firstStep) => {
      let total = 0;
      for (const [p, t] of threads.entries()) {
        lanes.fill(t.event, t.begins, p * B, B, firstStep, S);
        for (let n = 0; n < B * S; n++) {
          const event = t.event[n]!;
          const reads = event !== idle;
          for (let f = 0; f < F; f++) t.inputRow[f * B * S + n] = reads ? sequences.rows[f * length + event]! : 0;
          t.target[n] = reads ? sequences.item[event + 1]! : 0;
          t.weight[n] = reads ? sequences.weight[event + 1]! : 0;
          total += t.weight[n]!;
        }
        side?.write(p, t.event, (n) => t.event[n] !== idle);
      }
      select(threads);
      side?.decide();
      return total;
    },
  };
}
