/** Histories as the transformer reads them: per event the rows of the table that make up its input, and when it was. */
import { gapBucket, gapBuckets } from "../network/sequences.ts";

/** What the rows of the table stand for: items, then event types and one for unknown types, then gaps since the event before. */
export interface Vocabulary {
  readonly items: number;
  readonly eventTypes: number;
}

export const featureCount = 3;

export const rowCount = ({ items, eventTypes }: Vocabulary): number => items + eventTypes + 1 + gapBuckets;

export interface Event {
  readonly item: number;
  readonly eventType: number;
  /** Seconds since the event before; 0 for the first. */
  readonly gap: number;
}

/** The `featureCount` rows of one event go to rows[at], rows[at + stride], ... */
export function writeRows(
  { item, eventType, gap }: Event,
  { items, eventTypes }: Vocabulary,
  rows: Uint32Array,
  at: number,
  stride: number,
): void {
  rows[at] = item;
  rows[at + stride] = items + Math.min(eventTypes, eventType);
  rows[at + 2 * stride] = items + eventTypes + 1 + gapBucket(gap);
}

/** Seconds as the attention reads them, up to 136 years. */
export const seconds = (difference: number): number => Math.min(0xffff_ffff, Math.max(0, difference));
