/**
 * Turns parted rows into the stored form of interactions: grouped by user (in order of the user's code), oldest first,
 * exact repeats gone. One partition of users is in memory at a time.
 */
import type { ColumnWriter } from "./column-file.ts";
import type { Values } from "./field-sinks.ts";
import { usersPerPartition } from "./partitioned-rows.ts";
import type { PartitionedRows } from "./partitioned-rows.ts";
import { createTimeSort, dropRepeats } from "./row-order.ts";

export interface UserSort {
  /** Columns in this order: user codes, timestamps, then the others. */
  readonly rows: PartitionedRows;
  readonly users: number;
  /** One for each column but the users'. */
  readonly writers: readonly ColumnWriter[];
}

/** Where each user's rows begin when grouped; (users + 1). */
function startsOf(user: Values, first: number, users: number): Uint32Array {
  const starts = new Uint32Array(users + 1);
  for (let row = 0; row < user.length; row++) {
    const after = (user[row] as number) - first + 1;
    starts[after] = (starts[after] as number) + 1;
  }
  for (let u = 0; u < users; u++) starts[u + 1] = (starts[u + 1] as number) + (starts[u] as number);
  return starts;
}

/** Where each row goes when grouped by user, rows of one user staying in their order. */
function placesOf(user: Values, first: number, starts: Uint32Array): Uint32Array {
  const next = starts.slice();
  const places = new Uint32Array(user.length);
  for (let row = 0; row < user.length; row++) {
    const u = (user[row] as number) - first;
    const place = next[u] as number;
    places[row] = place;
    next[u] = place + 1;
  }
  return places;
}

function scattered(values: Values, places: Uint32Array): Values {
  const grouped: Values =
    values instanceof Uint32Array ? new Uint32Array(values.length) : new Float64Array(values.length);
  for (let row = 0; row < places.length; row++) grouped[places[row] as number] = values[row] as number;
  return grouped;
}

function inOrder(values: Values, order: Uint32Array, count: number): Values {
  const sorted: Values = values instanceof Uint32Array ? new Uint32Array(count) : new Float64Array(count);
  for (let k = 0; k < count; k++) sorted[k] = values[order[k] as number] as number;
  return sorted;
}

/** Writes all columns; returns the (users + 1) offsets of the users' rows. */
export function writeSorted({ rows, users, writers }: UserSort): Uint32Array<ArrayBuffer> {
  const offsets = new Uint32Array(users + 1);
  const sortByTime = createTimeSort();
  let stored = 0;
  for (let p = 0; p < rows.partitions; p++) {
    const [user, ...columns] = rows.read(p);
    const first = p * usersPerPartition;
    const count = Math.min(usersPerPartition, users - first);
    const starts = startsOf(user as Values, first, count);
    const places = placesOf(user as Values, first, starts);
    const grouped = columns.map((values) => scattered(values, places));
    const timestamp = grouped[0] as Uint32Array;
    const others = grouped.slice(1);
    const order = places; // its places are used up; the same memory takes the order
    let kept = 0;
    for (let u = 0; u < count; u++) {
      const [from, to] = [starts[u] as number, starts[u + 1] as number];
      const ties = sortByTime(timestamp, from, to, order, kept);
      kept = ties ? dropRepeats(timestamp, others, order, kept, kept + to - from) : kept + to - from;
      offsets[first + u + 1] = stored + kept;
    }
    grouped.forEach((values, column) => writers[column]?.append(inOrder(values, order, kept)));
    stored += kept;
  }
  return offsets;
}
