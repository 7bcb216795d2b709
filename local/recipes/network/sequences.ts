/**
 * Histories as the network reads them: per event the table rows that make up its input, and the item that comes next.
 * Rows of the embedding table: items, then event types, then buckets of the time since the event before.
 */
import type { History, TrainingData } from "../recipe.ts";
import { UnlearnableDataError } from "../learnable.ts";
import { beginning } from "./sessions.ts";

export const gapBuckets = 16;

/** What the rows of the embedding table stand for. */
export interface Vocabulary {
  readonly items: number;
  readonly eventTypes: number;
}

export const featureCount = 3;

/** One row more than the event types, for types unknown at training time. */
export const rowCount = ({ items, eventTypes }: Vocabulary): number => items + eventTypes + 1 + gapBuckets;

/**
 * Bucket of the time since the event before, in octaves of four: 0 for none, 1 under 4 s, 2 under 16 s ... the last from 8 years on.
 */
export function gapBucket(seconds: number): number {
  if (!(seconds > 0)) return 0;
  return Math.min(gapBuckets - 1, 1 + Math.floor(Math.log2(Math.max(1, seconds)) / 2));
}

/**
 * Inactivity after which the next event begins a session: half an hour, as for the job board's visitors in Quadrana et al.
 * (2017) and as web analytics count visits.
 */
export const sessionGapSeconds = 1800;

/** For each event whether a session (1) or a history (2) begins with it: see sessions.ts. */
export function beginningsOf(timestamp: Float64Array, starts: (n: number) => boolean): Uint8Array {
  return Uint8Array.from(timestamp, (time, n) => {
    if (starts(n)) return beginning.history;
    return time - timestamp[n - 1]! > sessionGapSeconds ? beginning.session : beginning.nothing;
  });
}

/** Feature-major rows of every event: item, event type, gap. `starts(n)` says whether a history begins at event n. */
export function inputRows(
  events: Pick<History, "item" | "timestamp" | "eventType">,
  vocabulary: Vocabulary,
  starts: (n: number) => boolean,
): Uint32Array {
  const length = events.item.length;
  const rows = new Uint32Array(featureCount * length);
  const { items, eventTypes } = vocabulary;
  for (let n = 0; n < length; n++) {
    rows[n] = events.item[n]!;
    rows[length + n] = items + Math.min(eventTypes, events.eventType[n]!);
    const gap = starts(n) ? 0 : events.timestamp[n]! - events.timestamp[n - 1]!;
    rows[2 * length + n] = items + eventTypes + 1 + gapBucket(gap);
  }
  return rows;
}

/** Histories cut into pieces that one lane reads in one go; event n of a piece predicts item[n + 1] of the same user. */
export interface Sequences {
  readonly rows: Uint32Array; // feature-major, (F · N)
  readonly item: Uint32Array; // (N)
  readonly weight: Float32Array; // (N) how much it matters to predict event n
  readonly begins: Uint8Array; // (N) what begins with event n
  readonly starts: Uint32Array; // first event of each piece
  readonly ends: Uint32Array; // past its last event that predicts something
  readonly events: number; // Σ (end - start): predictions an epoch
}

/**
 * How much each event counts in training. Without recency bias all count 1; with it from 1/2 for the oldest event of all to 1 for
 * the newest, by rank in time (of events at the same time, that of the last). `given` weights (eventsConfig) multiply, over their mean:
 * only their ratios matter.
 */
export function eventWeights(timestamp: Float64Array, recency: boolean, given?: Float32Array): Float32Array {
  const weight = new Float32Array(timestamp.length).fill(1);
  if (recency) {
    const sorted = timestamp.slice().sort();
    timestamp.forEach((time, n) => (weight[n] = 0.5 + (0.5 * countUpTo(sorted, time)) / sorted.length));
  }
  if (!given) return weight;
  const mean = given.reduce((sum, value) => sum + value, 0) / given.length;
  if (!(mean > 0)) throw new UnlearnableDataError(weightless);
  return weight.map((value, n) => (value * given[n]!) / mean);
}

const weightless =
  "No event has a weight above 0, so there is nothing to learn: give an eventType of the data a weight in the solution's eventsConfig";

/** How many of the sorted values are not above `value`. */
function countUpTo(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Cut {
  readonly vocabulary: Vocabulary;
  readonly weight: Float32Array;
  /** Events of a piece; a longer history goes into several, each of which begins anew. */
  readonly longest: number;
  /** Only what is newer (epoch seconds) is to be learnt; pieces without such an event are left out. Absent = everything. */
  readonly newerThan?: number | undefined;
  /** Users who are read whole all the same, having done nothing new: so that what was learnt is not forgotten. */
  readonly replayed?: ReadonlySet<number> | undefined;
}

/** Events before the first new one that a piece reads along, when only new ones are to be learnt. */
const leadIn = 32;

export function cutSequences(data: TrainingData, users: Uint32Array, cut: Cut): Sequences {
  const { vocabulary, weight, longest, newerThan = -Infinity, replayed } = cut;
  const isFirst = new Uint8Array(data.item.length + 1);
  for (const offset of data.offsets) isFirst[offset] = 1;
  const starts: number[] = [];
  const ends: number[] = [];
  for (const u of users) {
    let first = data.offsets[u]!;
    const last = data.offsets[u + 1]! - 1;
    if (newerThan > -Infinity) {
      const old = countUpTo(data.timestamp.subarray(first, last + 1), newerThan);
      const isOld = first + old > last;
      if (isOld && !replayed?.has(u)) continue;
      if (!isOld) first += Math.max(0, old - leadIn);
    }
    // pieces end at the newest event, so that it is the oldest that stands in a short piece
    for (let end = last; end > first; end -= longest) {
      starts.push(Math.max(first, end - longest));
      ends.push(end);
    }
  }
  return {
    rows: inputRows(data, vocabulary, (n) => isFirst[n] === 1),
    item: data.item,
    weight,
    begins: beginningsOf(data.timestamp, (n) => isFirst[n] === 1),
    starts: Uint32Array.from(starts),
    ends: Uint32Array.from(ends),
    events: ends.reduce((sum, end, piece) => sum + end - starts[piece]!, 0),
  };
}
