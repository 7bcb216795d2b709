/**
 * Puts the rows of each user in order of time (ties keep their order) and leaves out exact repeats. Pure; works on the
 * positions of rows, so that the columns themselves are moved only once.
 */

export type Values = Uint32Array | Float64Array;

/** Up to this many rows insertion sort is the fastest way. */
const shortRun = 40;
/** Most rows whose place fits beside the time in one double: 2^32 times x 2^20 places = 2^52. */
const longestRun = 2 ** 20;
/** Above this many rows in one second a set of row texts beats comparing every pair. */
const smallTie = 8;

/**
 * Writes to order[at ...) the positions from ... to - 1 by rising timestamp, oldest first.
 * @returns whether any two rows share a timestamp
 */
export type TimeSort = (timestamp: Uint32Array, from: number, to: number, order: Uint32Array, at: number) => boolean;

/** Are the rows in order already? Then their positions are the answer. */
function writeIfSorted(timestamp: Uint32Array, from: number, to: number, order: Uint32Array, at: number): boolean {
  for (let r = from + 1; r < to; r++) if ((timestamp[r] as number) < (timestamp[r - 1] as number)) return false;
  for (let r = from; r < to; r++) order[at + r - from] = r;
  return true;
}

/** Sorts doubles in place, which hold time and place together, so that ties keep their order. */
function sortKeys(keys: Float64Array, count: number): void {
  if (count > shortRun) {
    keys.subarray(0, count).sort();
    return;
  }
  for (let i = 1; i < count; i++) {
    const key = keys[i] as number;
    let j = i - 1;
    while (j >= 0 && (keys[j] as number) > key) {
      keys[j + 1] = keys[j] as number;
      j--;
    }
    keys[j + 1] = key;
  }
}

function hasTies(timestamp: Uint32Array, order: Uint32Array, start: number, end: number): boolean {
  for (let i = start + 1; i < end; i++) {
    if (timestamp[order[i] as number] === timestamp[order[i - 1] as number]) return true;
  }
  return false;
}

/** A sort with scratch memory of its own. */
export function createTimeSort(): TimeSort {
  let keys = new Float64Array(1024);
  return (timestamp, from, to, order, at) => {
    const count = to - from;
    if (writeIfSorted(timestamp, from, to, order, at)) return hasTies(timestamp, order, at, at + count);
    if (count > longestRun) {
      for (let i = 0; i < count; i++) order[at + i] = from + i;
      order.subarray(at, at + count).sort((a, b) => (timestamp[a] as number) - (timestamp[b] as number) || a - b);
      return hasTies(timestamp, order, at, at + count);
    }
    if (count > keys.length) keys = new Float64Array(2 * count);
    for (let i = 0; i < count; i++) keys[i] = (timestamp[from + i] as number) * longestRun + i;
    sortKeys(keys, count);
    let [ties, before] = [false, -1];
    for (let i = 0; i < count; i++) {
      const time = Math.floor((keys[i] as number) / longestRun);
      order[at + i] = from + (keys[i] as number) - time * longestRun;
      ties ||= time === before;
      before = time;
    }
    return ties;
  };
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
