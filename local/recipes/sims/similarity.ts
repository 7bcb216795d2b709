/**
 * Co-interaction similarity between items: which items the same users touched, with the popular ones discounted.
 *
 *   c(i, j)   = |{u : u interacted with both i and j}|                 distinct users, c >= minimum
 *   s(i -> j) = c(i, j) / (n(i)^(1/2) · n(j)^d)                        n(i) = distinct users of i, d = discount
 *
 * d = 1/2 is the cosine between the items' user sets (Sarwar et al. 2001), d = 0 leaves the plain co-count, d = 1 is up to a
 * factor of i the lift c / (n(i) n(j)) of association rules. n(i)^(1/2) does not change the order of i's neighbours.
 */

/** Rows of distinct values: row r owns `values[offsets[r] .. offsets[r + 1])`, ascending. */
export interface SparseRows {
  readonly offsets: Uint32Array;
  readonly values: Uint32Array;
}

/** Neighbours of every item, most similar first; item i owns `items[offsets[i] .. offsets[i + 1])`. */
export interface Neighbours {
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
  readonly similarity: Float32Array;
}

export interface SimilarityOptions {
  readonly minimum: number;
  readonly discount: number;
  /** Neighbours kept per item. */
  readonly keep: number;
  /** Called between items with the share done; awaited, so that the caller can yield or throw. */
  readonly pause: (fraction: number) => Promise<void>;
}

/** The rows of the transposed matrix: from the items of each user to the users of each item. */
export function transpose(rows: SparseRows, columns: number): SparseRows {
  const offsets = new Uint32Array(columns + 1);
  for (const value of rows.values) offsets[value + 1]!++;
  for (let c = 0; c < columns; c++) offsets[c + 1]! += offsets[c]!;
  const next = offsets.slice(0, columns);
  const values = new Uint32Array(rows.values.length);
  for (let row = 0; row + 1 < rows.offsets.length; row++) {
    for (let n = rows.offsets[row]!; n < rows.offsets[row + 1]!; n++) values[next[rows.values[n]!]!++] = row;
  }
  return { offsets, values };
}

/** Adds up, in `counts`, how many of item i's users touched each other item; returns the items touched. */
function countCointeractions(byUser: SparseRows, byItem: SparseRows, i: number, counts: Uint32Array): number[] {
  const touched: number[] = [];
  for (let n = byItem.offsets[i]!; n < byItem.offsets[i + 1]!; n++) {
    const u = byItem.values[n]!;
    for (let m = byUser.offsets[u]!; m < byUser.offsets[u + 1]!; m++) {
      const j = byUser.values[m]!;
      if (counts[j]!++ === 0 && j !== i) touched.push(j);
    }
  }
  return touched;
}

const workBetweenPauses = 4_000_000; // pairs counted; some ten milliseconds

/** @param byUser the distinct items of each user  @param itemCount number of items in the catalogue */
export async function findNeighbours(
  byUser: SparseRows,
  itemCount: number,
  { minimum, discount, keep, pause }: SimilarityOptions,
): Promise<Neighbours> {
  const byItem = transpose(byUser, itemCount);
  const users = Float64Array.from({ length: itemCount }, (_, i) => byItem.offsets[i + 1]! - byItem.offsets[i]!);
  const weight = users.map((n) => Math.max(1, n) ** -discount);
  const counts = new Uint32Array(itemCount);
  const similarity = new Float64Array(itemCount);
  const offsets = new Uint32Array(itemCount + 1);
  const items: number[] = [];
  const similarities: number[] = [];
  let work = 0;
  for (let i = 0; i < itemCount; i++) {
    const touched = countCointeractions(byUser, byItem, i, counts);
    for (const j of touched) similarity[j] = counts[j]! * weight[j]! * Math.max(1, users[i]!) ** -0.5;
    const best = touched
      .filter((j) => counts[j]! >= minimum)
      .sort((a, b) => similarity[b]! - similarity[a]! || users[b]! - users[a]! || a - b)
      .slice(0, keep);
    for (const j of best) {
      items.push(j);
      similarities.push(similarity[j]!);
    }
    offsets[i + 1] = items.length;
    work += touched.length + users[i]!;
    counts[i] = 0;
    for (const j of touched) counts[j] = 0;
    if (work > workBetweenPauses) {
      work = 0;
      await pause(i / itemCount);
    }
  }
  return { offsets, items: Uint32Array.from(items), similarity: Float32Array.from(similarities) };
}
