/**
 * Puts the rows of each user in order of time (ties keep their order) and leaves out exact repeats. Pure; works on the
 * positions of rows, so that the columns themselves are moved only once.
 */

export type Values = Uint32Array | Float64Array;

/** Up to this many rows insertion sort is the fastest way. */
const shortRun = 24;
/** Above this many rows in one second a set of row texts beats comparing every pair. */
const smallTie = 8;

/**
 * Writes to order[at ...) the positions from ... to - 1 by rising timestamp, oldest first.
 */
export function sortByTime(timestamp: Uint32Array, from: number, to: number, order: Uint32Array, at: number): void {
  let sorted = true;
  for (let r = from; r < to; r++) {
    order[at + r - from] = r;
    if (r > from && (timestamp[r] as number) < (timestamp[r - 1] as number)) sorted = false;
  }
  if (sorted) return;
  if (to - from <= shortRun) insertionSort(timestamp, order, at, at + to - from);
  else keySort(timestamp, from, to, order, at);
}

function insertionSort(timestamp: Uint32Array, order: Uint32Array, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const row = order[i] as number;
    const time = timestamp[row] as number;
    let j = i - 1;
    while (j >= start && (timestamp[order[j] as number] as number) > time) order[j + 1] = order[j--] as number;
    order[j + 1] = row;
  }
}

/** Sorts doubles that hold time and place together: exact while (time span) x (rows) < 2^53, in parts above that. */
function keySort(timestamp: Uint32Array, from: number, to: number, order: Uint32Array, at: number): void {
  const count = to - from;
  if (count > 2 ** 20) {
    order.subarray(at, at + count).sort((a, b) => (timestamp[a] as number) - (timestamp[b] as number) || a - b);
    return;
  }
  const keys = new Float64Array(count);
  for (let i = 0; i < count; i++) keys[i] = (timestamp[from + i] as number) * 2 ** 20 + i;
  keys.sort();
  for (let i = 0; i < count; i++) order[at + i] = from + ((keys[i] as number) % 2 ** 20);
}

function sameRow(columns: readonly Values[], a: number, b: number): boolean {
  return columns.every((values) => Object.is(values[a], values[b]));
}

/**
 * Drops from order[start, end), which is sorted by time, each row that equals an earlier one in every column.
 * @returns the new end
 */
export function dropRepeats(
  timestamp: Uint32Array,
  columns: readonly Values[],
  order: Uint32Array,
  start: number,
  end: number,
): number {
  let kept = start;
  for (let i = start; i < end;) {
    const time = timestamp[order[i] as number];
    let tieEnd = i + 1;
    while (tieEnd < end && timestamp[order[tieEnd] as number] === time) tieEnd++;
    if (tieEnd === i + 1) order[kept++] = order[i] as number;
    else kept = keepDistinct(columns, order, { start: i, end: tieEnd, kept });
    i = tieEnd;
  }
  return kept;
}

/** One group of rows with the same time. */
function keepDistinct(
  columns: readonly Values[],
  order: Uint32Array,
  { start, end, kept }: { start: number; end: number; kept: number },
): number {
  const first = kept;
  const seen = end - start > smallTie ? new Set<string>() : undefined;
  for (let i = start; i < end; i++) {
    const row = order[i] as number;
    let isNew = true;
    if (seen) {
      const text = columns.map((values) => values[row]).join();
      isNew = !seen.has(text);
      seen.add(text);
    } else {
      for (let k = first; k < kept && isNew; k++) isNew = !sameRow(columns, order[k] as number, row);
    }
    if (isNew) order[kept++] = row;
  }
  return kept;
}
