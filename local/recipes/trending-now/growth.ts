/**
 * How fast items gain interactions: each item's count in the newest interval against the one before it.
 *
 *   growth(i) = c(i, [T - L, T]) - c(i, [T - 2L, T - L))           interactions, L = trend_discovery_frequency
 */

/** Interactions in order of time. */
export interface Stream {
  readonly item: Uint32Array;
  readonly timestamp: Float64Array; // epoch seconds
}

export interface Intervals {
  readonly until: number; // T, epoch seconds, inclusive
  readonly seconds: number; // L
}

export interface Growth {
  readonly newest: Uint32Array; // (I) interactions in the newest interval
  readonly before: Uint32Array; // (I) and in the one before
}

/** Counts per item; interactions outside of the two intervals are left aside, in whatever order they come. */
export function countGrowth({ item, timestamp }: Stream, itemCount: number, { until, seconds }: Intervals): Growth {
  const newest = new Uint32Array(itemCount);
  const before = new Uint32Array(itemCount);
  for (let n = 0; n < item.length; n++) {
    const age = until - timestamp[n]!;
    if (age < 0 || age > 2 * seconds) continue;
    if (age <= seconds) newest[item[n]!]!++;
    else before[item[n]!]!++;
  }
  return { newest, before };
}

/** The growing items, fastest first; equal growth goes by the newest count, then by `rank` (more popular first). */
export function growingItems({ newest, before }: Growth, rank: Uint32Array): number[] {
  const growth = (i: number) => newest[i]! - before[i]!;
  return Array.from(newest.keys())
    .filter((i) => growth(i) > 0)
    .sort((a, b) => growth(b) - growth(a) || newest[b]! - newest[a]! || rank[a]! - rank[b]!);
}
