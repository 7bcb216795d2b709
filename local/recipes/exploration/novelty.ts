/** How new items are and how much is known of each: what exploration goes by. Saved with the model. */
import { bytesOf, doubles, integers, type Blobs } from "../blobs.ts";
import type { TrainingData } from "../recipe.ts";

export interface Novelty {
  readonly created: Float64Array; // (I) epoch seconds
  /** (I) interactions and impressions: how often somebody met the item. */
  readonly counts: Uint32Array;
  /** Epoch seconds of the newest interaction; an item's age counts back from here. */
  readonly newest: number;
}

export function noveltyOf(data: TrainingData): Novelty {
  const counts = new Uint32Array(data.items.length);
  for (const item of data.item) counts[item]!++;
  for (const item of data.impressions?.items ?? []) counts[item]!++;
  return { created: data.itemCreated, counts, newest: newestOf(data.timestamp) };
}

export const newestOf = (timestamp: Float64Array): number =>
  timestamp.reduce((newest, time) => Math.max(newest, time), 0);

export const saveNovelty = ({ created, counts, newest }: Novelty): Record<string, Uint8Array> => ({
  created: bytesOf(created),
  meetings: bytesOf(counts),
  newest: bytesOf(Float64Array.of(newest)),
});

/** Undefined for a model that was saved without. */
export function loadNovelty(blobs: Blobs): Novelty | undefined {
  if (!blobs["created"]) return undefined;
  return {
    created: doubles(blobs, "created"),
    counts: integers(blobs, "meetings"),
    newest: doubles(blobs, "newest")[0] ?? 0,
  };
}
