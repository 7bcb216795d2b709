/**
 * trainingMode UPDATE: what an earlier model gives to the training of a new one. Rows of the embedding table are found again by what
 * they stand for (item id, event type, gap), new ones begin at random, and pieces of history with events since then are learnt, with
 * a fifth of the others read along so that the network does not forget (rehearsal, Robins 1995):
 *
 *   FULL      `epochs` over everything, from random weights; a blend fitted on users kept apart
 *   UPDATE    as many over that, from the earlier weights, at half the rate; the earlier blend, because who was kept apart then is not known
 */
import type { SideParts } from "../features/side-model.ts";
import type { Model, TrainingData } from "../recipe.ts";
import type { PersonalizerModel } from "./model.ts";
import { makeRandom } from "./random.ts";
import { gapBuckets, rowCount, type Vocabulary } from "./sequences.ts";
import type { NetworkOptions, Weights } from "./train.ts";

const replayedShare = 0.2;

export interface WarmStart {
  readonly weights: Weights;
  /** Epoch seconds of the newest event that the earlier model has seen. */
  readonly newerThan: number;
  readonly options: NetworkOptions;
  /** What the earlier model knows of features. */
  readonly side: SideParts | undefined;
  /** Fitted on users whom the earlier network had not seen. */
  readonly blend: Float64Array;
}

/** Undefined where the earlier model cannot be built upon, having another width or no record of what it saw: train in full then. */
export function warmStart(
  base: Model | undefined,
  data: TrainingData,
  options: NetworkOptions,
  seed: number,
): WarmStart | undefined {
  if (!base) return undefined;
  const { weights, facts, side, blend } = (base as PersonalizerModel).parts; // of the same recipe, says the contract
  const width = 4 * Math.ceil(options.width / 4);
  const before: Vocabulary = { items: facts.items.length, eventTypes: facts.eventTypes.length };
  if (facts.newest === undefined || weights.table.length !== rowCount(before) * width) return undefined;
  const now: Vocabulary = { items: data.items.length, eventTypes: data.eventTypes.length };
  const random = makeRandom(seed ^ 0x0dd5);
  const table = Float32Array.from({ length: rowCount(now) * width }, () => random.normal() / Math.sqrt(width));
  rowsBefore(data, facts, before).forEach((row, n) => {
    if (row !== undefined) table.set(weights.table.subarray(row * width, (row + 1) * width), n * width);
  });
  return {
    weights: { ...weights, table },
    ...{ side, blend },
    newerThan: facts.newest,
    options: { ...options, rate: options.rate / 2 },
  };
}

/**
 * Users whose old histories are read along, chosen by the seed. Nobody when nothing is new.
 */
export function replayedOf(
  users: Uint32Array,
  { timestamp }: Pick<TrainingData, "timestamp">,
  { newerThan }: Pick<WarmStart, "newerThan">,
  seed: number,
): ReadonlySet<number> {
  if (!timestamp.some((time) => time > newerThan)) return new Set();
  const random = makeRandom(seed ^ 0x01d);
  return new Set(users.filter(() => random.next() < replayedShare));
}

interface Names {
  readonly items: readonly string[];
  readonly eventTypes: readonly string[];
}

/** For each row of the new table the earlier one's row, in the order of sequences.ts. */
function rowsBefore(now: Names, past: Names, { items, eventTypes }: Vocabulary): (number | undefined)[] {
  const itemAt = new Map(past.items.map((id, i) => [id, i]));
  const typeAt = new Map(past.eventTypes.map((type, i) => [type, items + i]));
  const unknownType = items + eventTypes;
  return [
    ...now.items.map((id) => itemAt.get(id)),
    ...now.eventTypes.map((type) => typeAt.get(type) ?? unknownType),
    ...Array.from({ length: 1 + gapBuckets }, (_, k) => unknownType + k), // unknown type, then the gaps
  ];
}
