/**
 * Co-interaction similarity between items: which items the same users touch, near each other in their histories, with the
 * popular ones discounted.
 *
 *   c(i, j)   = |{u : u has i and j within W interactions of each other}|              distinct users, c >= minimum
 *   a(i, j)   = Σ_u Σ_(p : h_u(p) = i) Σ_(q : h_u(q) = j, 0 < |q - p| <= W) w(q - p)     h_u = u's history, oldest first
 *   w(δ)      = δ^(-1/2) for δ > 0 (what comes after), b |δ|^(-1/2) for δ < 0
 *   s(i -> j) = a(i, j) / (n(j) + m)^d          n(j) = users of j, m = the mean of n, d = popularity discount
 *
 * Counting every pair of a history once, with d = 1/2 and m = 0, would be the cosine between the items' user sets (Sarwar et al.
 * 2001). A user's tastes move, so that near interactions say more than far ones, and what follows is what a recommendation is
 * asked for; m keeps a few users of a rare item from looking like certainty. An item to which its own users come back is
 * a neighbour of itself (j = i); lists that are asked for by the item leave it out.
 *
 * The window W bounds the work: O(interactions W), however long a history is.
 */
import { bestOf } from "../best-first.ts";

/** Interactions by user, oldest first: user r's items are values[offsets[r] .. offsets[r + 1]). */
export interface Histories {
  readonly offsets: Uint32Array;
  readonly values: Uint32Array;
}

/** Neighbours of every item, most similar first; item i owns `items[offsets[i] .. offsets[i + 1])`. */
export interface Neighbours {
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
}

export interface SimilarityOptions {
  readonly minimum: number;
  readonly discount: number;
  /** Neighbours kept per item. */
  readonly keep: number;
  /** Called every few milliseconds with the share done; awaited, so that the caller can yield or throw. */
  readonly pause: (fraction: number) => Promise<void>;
}

export const window = 100; // W
export const backward = 0.7; // b

/** w(δ) at index δ + W. */
const weights = Float64Array.from({ length: 2 * window + 1 }, (_, n) => {
  const distance = n - window;
  return distance === 0 ? 0 : (distance > 0 ? 1 : backward) * Math.abs(distance) ** -0.5;
});

/** Where each item occurs: item i owns offsets[i] .. offsets[i + 1) of `position` and of `row`, the user there. */
interface Occurrences {
  readonly offsets: Uint32Array;
  readonly position: Uint32Array;
  readonly row: Uint32Array;
}

function occurrencesOf({ offsets, values }: Histories, itemCount: number): Occurrences {
  const starts = new Uint32Array(itemCount + 1);
  for (const item of values) starts[item + 1]!++;
  for (let i = 0; i < itemCount; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice(0, itemCount);
  const position = new Uint32Array(values.length);
  const row = new Uint32Array(values.length);
  for (let r = 0; r + 1 < offsets.length; r++) {
    for (let n = offsets[r]!; n < offsets[r + 1]!; n++) {
      const to = next[values[n]!]!++;
      position[to] = n;
      row[to] = r;
    }
  }
  return { offsets: starts, position, row };
}

/** What one item's neighbours add up to; cleared and filled again for each item. */
interface Sums {
  readonly nearness: Float64Array; // (I) a(i, j)
  readonly users: Uint32Array; // (I) c(i, j)
  readonly lastUser: Int32Array; // (I) who was counted last, -1 = nobody
  readonly touched: Uint32Array; // (I) the items met, in order of meeting
  length: number; // of touched
}

const makeSums = (itemCount: number): Sums => ({
  nearness: new Float64Array(itemCount),
  users: new Uint32Array(itemCount),
  lastUser: new Int32Array(itemCount).fill(-1),
  touched: new Uint32Array(itemCount),
  length: 0,
});

function clear(sums: Sums): void {
  for (let n = 0; n < sums.length; n++) {
    const j = sums.touched[n]!;
    sums.nearness[j] = sums.users[j] = 0;
    sums.lastUser[j] = -1;
  }
  sums.length = 0;
}

/** Adds the surroundings of occurrences from .. to of an item. @returns the pairs looked at */
function addSurroundings(sums: Sums, histories: Histories, found: Occurrences, from: number, to: number): number {
  const { offsets, values } = histories;
  const { nearness, users, lastUser, touched } = sums;
  let pairs = 0;
  for (let n = from; n < to; n++) {
    const p = found.position[n]!;
    const r = found.row[n]!;
    const first = Math.max(offsets[r]!, p - window);
    const last = Math.min(offsets[r + 1]!, p + window + 1);
    pairs += last - first;
    for (let q = first; q < last; q++) {
      if (q === p) continue;
      const j = values[q]!;
      nearness[j]! += weights[q - p + window]!;
      if (lastUser[j] === r) continue;
      if (lastUser[j] === -1) touched[sums.length++] = j;
      lastUser[j] = r;
      users[j]!++;
    }
  }
  return pairs;
}

/** n: distinct users of each item. */
function usersPerItem({ offsets, row }: Occurrences): Uint32Array {
  return Uint32Array.from({ length: offsets.length - 1 }, (_, i) => {
    let users = 0;
    for (let n = offsets[i]!; n < offsets[i + 1]!; n++) if (n === offsets[i] || row[n] !== row[n - 1]) users++;
    return users;
  });
}

function meanOf(users: Uint32Array): number {
  const known = users.filter((n) => n > 0);
  return known.reduce((sum, n) => sum + n, 0) / Math.max(1, known.length);
}

const workBetweenPauses = 4_000_000; // pairs; some tens of milliseconds
const occurrencesAtOnce = 10_000;

/** One item's co-interactions, as a visitor sees them; the arrays are cleared and used again after the visit. */
export interface Neighbourhood {
  readonly item: number;
  /** The items met near it, in no particular order; the visitor may rearrange them. */
  readonly others: Uint32Array;
  readonly nearness: Float64Array; // (I) a(item, j)
  readonly users: Uint32Array; // (I) c(item, j)
  readonly popularity: Uint32Array; // (I) n(j)
}

/**
 * Visits every item of the catalogue in order.
 *
 * @param itemCount number of items in the catalogue
 * @param pause called every few milliseconds with the share done; awaited, so that the caller can yield or throw
 */
export async function visitNeighbourhoods(
  histories: Histories,
  itemCount: number,
  pause: (fraction: number) => Promise<void>,
  visit: (neighbourhood: Neighbourhood) => void,
): Promise<void> {
  const found = occurrencesOf(histories, itemCount);
  const popularity = usersPerItem(found);
  const sums = makeSums(itemCount);
  let work = 0;
  for (let item = 0; item < itemCount; item++) {
    const end = found.offsets[item + 1]!;
    for (let from = found.offsets[item]!; from < end; from += occurrencesAtOnce) {
      work += addSurroundings(sums, histories, found, from, Math.min(end, from + occurrencesAtOnce));
      if (work < workBetweenPauses) continue;
      work = 0;
      await pause(from / Math.max(1, histories.values.length));
    }
    const { nearness, users, touched, length } = sums;
    visit({ item, others: touched.subarray(0, length), nearness, users, popularity });
    clear(sums);
  }
}

/** @param itemCount number of items in the catalogue */
export async function findNeighbours(
  histories: Histories,
  itemCount: number,
  { minimum, discount, keep, pause }: SimilarityOptions,
): Promise<Neighbours> {
  const offsets = new Uint32Array(itemCount + 1);
  const lists: Uint32Array[] = [];
  let factor: Float64Array | undefined; // (n(j) + m)^-d
  await visitNeighbourhoods(histories, itemCount, pause, ({ item, others, nearness, users, popularity }) => {
    factor ??= discounts(popularity, discount);
    const better = (a: number, b: number) =>
      (nearness[a]! - nearness[b]! || popularity[a]! - popularity[b]! || b - a) > 0;
    const candidates = others.filter((j) => users[j]! >= minimum);
    for (const j of candidates) nearness[j]! *= factor[j]!;
    const best = Uint32Array.from(bestOf(candidates, keep, better));
    lists.push(best);
    offsets[item + 1] = offsets[item]! + best.length;
  });
  return { offsets, items: joined(lists, offsets) };
}

function discounts(popularity: Uint32Array, discount: number): Float64Array {
  const mean = meanOf(popularity);
  return Float64Array.from(popularity, (n) => (n + mean) ** -discount);
}

function joined(lists: readonly Uint32Array[], offsets: Uint32Array): Uint32Array {
  const items = new Uint32Array(offsets.at(-1)!);
  lists.forEach((list, i) => items.set(list, offsets[i]));
  return items;
}
