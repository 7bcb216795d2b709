/** Writes a batch's features into the shared memory, and which items keep their own vector in it. */
import type { Random } from "../network/random.ts";
import type { Memory } from "../parallel/plan.ts";
import { fact, type TrainingSizes } from "../parallel/training-memory.ts";
import type { FeatureRows, Put } from "./encode.ts";
import { featuresAt, type SideSizes } from "./side-memory.ts";
import type { EventFeatures } from "./side-features.ts";

export interface SideInputs {
  readonly rows: number; // K
  readonly items: FeatureRows;
  readonly events: EventFeatures;
  /** (I) how far an item's own vector counts beside its features' in [0, 1]. */
  readonly trust: Float32Array;
  /** The chance that an item's own vector is left out of a batch, so that its features learn to do without. */
  readonly idDropout: number;
}

export const sideSizes = ({ rows, items, events }: SideInputs): SideSizes => ({
  rows,
  itemEntries: items.rows.length,
  mostInputs: events.mostInputs,
  mostOutputs: events.mostOutputs,
});

/** The chance that a request says nothing of its context. */
const contextDropout = 0.2;

export interface SideBatches {
  /** Thread p's events, step-major, as in lanes.ts; `isEvent(n)` false where a lane idles. */
  write(p: number, event: Uint32Array, isEvent: (n: number) => boolean): void;
  /** Once a batch, after the rows that it touches are known. */
  decide(): void;
}

/** Embeddings of features begin small, N(0, 1/H) / 3: many of them are added up. */
export function startSide(
  memory: Memory,
  sizes: TrainingSizes,
  { items, events, trust, idDropout }: SideInputs,
  random: Random,
): SideBatches {
  const side = memory.f32("side");
  for (let n = 0; n < side.length; n++) side[n] = random.normal() / (3 * Math.sqrt(sizes.width));
  const shared = featuresAt(memory, "item");
  shared.offsets.set(items.offsets);
  shared.rows.set(items.rows);
  shared.weights.set(items.weights);
  const [keep, touched, facts] = [memory.f32("keep"), memory.u32("touchedRow"), memory.f32("facts")];
  return {
    write: (p, event, isEvent) => {
      writeRows(featuresAt(memory, "input", p), event, isEvent, events.putInputs);
      const output = (n: number, put: Put) => events.putOutputs(n + 1, random.next() >= contextDropout, put);
      writeRows(featuresAt(memory, "output", p), event, isEvent, output);
    },
    decide: () => {
      const count = facts[fact.touched]!;
      for (let g = 0; g < count; g++) {
        const row = touched[g]!;
        const isKept = row >= sizes.items || idDropout === 0 || random.next() >= idDropout;
        keep[g] = isKept ? (trust[row] ?? 1) : 0;
      }
    },
  };
}

function writeRows(
  { offsets, rows, weights }: FeatureRows,
  event: Uint32Array,
  isEvent: (n: number) => boolean,
  put: (event: number, put: Put) => void,
): void {
  let end = 0;
  for (let n = 0; n < event.length; n++) {
    if (isEvent(n)) {
      put(event[n]!, (row, weight) => {
        rows[end] = row;
        weights[end++] = weight;
      });
    }
    offsets[n + 1] = end;
  }
}
