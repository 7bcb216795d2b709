/** Writes a batch into the shared memory: what each thread's windows read and predict, among which candidates. */
import type { SideBatches } from "../features/side-batches.ts";
import { selectCandidates, type CandidateOptions } from "../parallel/candidates.ts";
import type { Memory } from "../parallel/plan.ts";
import { idle } from "../network/lanes.ts";
import type { TrainingData } from "../recipe.ts";
import { featureCount, seconds, writeRows, type Vocabulary } from "./events.ts";
import { trainingSizes, type Sizes } from "./layout.ts";
import type { Stream } from "./windows.ts";

export interface BatchMaker {
  /**
   * The windows from the stream's place `first` on; places beyond its end stay empty.
   *
   * @returns the summed weight of what is to be predicted
   */
  write(stream: Stream, first: number): number;
}

interface Options extends CandidateOptions {
  readonly data: Pick<TrainingData, "item" | "eventType" | "timestamp">;
  readonly vocabulary: Vocabulary;
  /** (N) how much it matters to predict each event. */
  readonly weight: Float32Array;
  readonly side: SideBatches | undefined;
}

export function makeBatches(memory: Memory, sizes: Sizes, options: Options): BatchMaker {
  const N = sizes.lanes * sizes.steps;
  const threads = [...Array(sizes.threads).keys()].map((p) => ({
    ...{ inputRow: memory.u32("inputRow", p), inputTouched: memory.u32("inputTouched", p) },
    ...{ target: memory.u32("target", p), weight: memory.f32("weight", p) },
    ...{ from: memory.u32("from", p), time: memory.u32("time", p), event: new Uint32Array(N) },
  }));
  const select = selectCandidates(memory, trainingSizes(sizes), options);
  return {
    write: (stream, first) => {
      let total = 0;
      for (const [p, thread] of threads.entries()) {
        for (let n = 0; n < N; n++) total += writePlace(thread, n, N, first + p * N + n, sizes, stream, options);
        options.side?.write(p, thread.event, (n) => thread.event[n] !== idle);
      }
      select(threads);
      options.side?.decide();
      return total;
    },
  };
}

interface Thread {
  readonly event: Uint32Array; // index in the data, `idle` beyond the stream's end
  readonly inputRow: Uint32Array;
  readonly target: Uint32Array;
  readonly weight: Float32Array;
  readonly from: Uint32Array;
  readonly time: Uint32Array;
}

function writePlace(
  t: Thread,
  n: number,
  N: number,
  place: number,
  { steps: S }: Sizes,
  { event, begin }: Stream,
  { data: { item, eventType, timestamp }, vocabulary, weight }: Options,
): number {
  const inWindow = n % S;
  if (place >= event.length) {
    for (let f = 0; f < featureCount; f++) t.inputRow[f * N + n] = 0;
    t.event[n] = idle;
    t.target[n] = 0;
    t.time[n] = 0;
    t.from[n] = inWindow;
    return (t.weight[n] = 0);
  }
  const e = event[place]!;
  t.event[n] = e;
  const from = Math.max(0, begin[place]! - (place - inWindow));
  const gap = place === begin[place] ? 0 : timestamp[e]! - timestamp[e - 1]!;
  writeRows({ item: item[e]!, eventType: eventType[e]!, gap }, vocabulary, t.inputRow, n, N);
  t.from[n] = from;
  t.time[n] = seconds(timestamp[e]! - timestamp[e - (inWindow - from)]!);
  t.target[n] = item[e + 1]!;
  return (t.weight[n] = weight[e + 1]!);
}
