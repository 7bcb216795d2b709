/**
 * Histories as the network reads them: per event the table rows that make up its input, and the item that comes next.
 * Rows of the embedding table: items, then event types, then buckets of the time since the event before.
 */
import type { History, TrainingData } from "../recipe.ts";
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
 * the newest, by rank in time.
 */
export function eventWeights(timestamp: Float64Array, recency: boolean): Float32Array {
  const weight = new Float32Array(timestamp.length).fill(1);
  if (!recency) return weight;
  const order = Uint32Array.from(timestamp.keys()).sort((a, b) => timestamp[a]! - timestamp[b]! || a - b);
  order.forEach((n, place) => (weight[n] = 0.5 + (0.5 * (place + 1)) / order.length));
  return weight;
}

/** @param longest events of a piece; a longer history goes into several, each of which begins with a zero state */
export function cutSequences(
  data: TrainingData,
  users: Uint32Array,
  { vocabulary, weight, longest }: { vocabulary: Vocabulary; weight: Float32Array; longest: number },
): Sequences {
  const firsts = new Set(data.offsets);
  const starts: number[] = [];
  const ends: number[] = [];
  for (const u of users) {
    const last = data.offsets[u + 1]! - 1;
    // pieces end at the newest event, so that it is the oldest that stands in a short piece
    for (let end = last; end > data.offsets[u]!; end -= longest) {
      starts.push(Math.max(data.offsets[u]!, end - longest));
      ends.push(end);
    }
  }
  return {
    rows: inputRows(data, vocabulary, (n) => firsts.has(n)),
    item: data.item,
    weight,
    begins: beginningsOf(data.timestamp, (n) => firsts.has(n)),
    starts: Uint32Array.from(starts),
    ends: Uint32Array.from(ends),
    events: ends.reduce((sum, end, piece) => sum + end - starts[piece]!, 0),
  };
}
