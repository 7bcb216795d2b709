/**
 * Turns spilled rows into the stored form of interactions: grouped by user (in order of first appearance), oldest first,
 * exact repeats gone. Memory is bounded: users are taken in ranges of at most `memoryRows` rows, one pass over the spill
 * for each range; a single user with more rows than that gets a range alone.
 */
import type { ColumnWriter } from "./column-file.ts";
import type { Values } from "./field-sinks.ts";
import { dropRepeats, sortByTime } from "./row-order.ts";
import type { Spill } from "./spill.ts";

export interface UserSort {
  /** Columns in this order: user codes, timestamps, then the others. */
  readonly spill: Spill;
  readonly wide: readonly boolean[];
  /** (U) rows of each user in the spill. */
  readonly counts: Uint32Array;
  /** One for each column but the users'. */
  readonly writers: readonly ColumnWriter[];
  readonly memoryRows: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

function* userRanges(counts: Uint32Array, memoryRows: number): IterableIterator<Range> {
  for (let from = 0; from < counts.length;) {
    let to = from;
    let rows = 0;
    do rows += counts[to++] as number;
    while (to < counts.length && rows + (counts[to] as number) <= memoryRows);
    yield { from, to, rows };
    from = to;
  }
}

function scatter(values: Values, places: Uint32Array, chosen: Uint32Array, count: number, into: Values): void {
  for (let k = 0; k < count; k++) into[places[k] as number] = values[chosen[k] as number] as number;
}

/** The range's rows, grouped by user; each user's rows in spill order. */
function gather({ spill, wide, counts }: UserSort, { from, to, rows }: Range): Values[] {
  const next = new Uint32Array(to - from);
  for (let u = from + 1; u < to; u++) next[u - from] = (next[u - from - 1] as number) + (counts[u - 1] as number);
  const grouped = wide.slice(1).map((isWide): Values => (isWide ? new Float64Array(rows) : new Uint32Array(rows)));
  let places = new Uint32Array(0);
  let chosen = new Uint32Array(0);
  spill.forEach(([user, ...columns], blockRows) => {
    if (places.length < blockRows) [places, chosen] = [new Uint32Array(blockRows), new Uint32Array(blockRows)];
    let count = 0;
    for (let row = 0; row < blockRows; row++) {
      const u = (user as Values)[row] as number;
      if (u < from || u >= to) continue;
      const place = next[u - from] as number;
      next[u - from] = place + 1;
      places[count] = place;
      chosen[count++] = row;
    }
    columns.forEach((values, column) => scatter(values, places, chosen, count, grouped[column] as Values));
  });
  return grouped;
}

function inOrder(values: Values, order: Uint32Array, count: number): Values {
  const sorted: Values = values instanceof Uint32Array ? new Uint32Array(count) : new Float64Array(count);
  for (let k = 0; k < count; k++) sorted[k] = values[order[k] as number] as number;
  return sorted;
}

/** Writes all columns; returns the (U + 1) offsets of the users' rows. */
export function writeSorted(sort: UserSort): Uint32Array<ArrayBuffer> {
  const { counts, writers, memoryRows } = sort;
  const offsets = new Uint32Array(counts.length + 1);
  let stored = 0;
  for (const range of userRanges(counts, memoryRows)) {
    const grouped = gather(sort, range);
    const timestamp = grouped[0] as Uint32Array;
    const others = grouped.slice(1);
    const order = new Uint32Array(range.rows);
    let kept = 0;
    for (let u = range.from, first = 0; u < range.to; u++) {
      const count = counts[u] as number;
      sortByTime(timestamp, first, first + count, order, kept);
      kept = dropRepeats(timestamp, others, order, kept, kept + count);
      offsets[u + 1] = stored + kept;
      first += count;
    }
    grouped.forEach((values, column) => writers[column]?.append(inOrder(values, order, kept)));
    stored += kept;
  }
  return offsets;
}
