/**
 * Which items follow which: counted, not embedded, so that it also knows pairs that are too rare for the network to learn.
 *
 *   n(j, i) = Σ 1/k over places where i comes k events after j, k = 1 .. 5, i ≠ j
 *   t(j, i) = n(j, i) / (Σ_i n(j, i) + 5)                     five pseudo-counts keep little evidence small
 */
import type { TrainingData } from "../recipe.ts";

/** Item j is followed by items[offsets[j] .. offsets[j + 1]) with these shares, most frequent first. */
export interface Transitions {
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
  readonly share: Float32Array;
}

const reach = 5;
const pseudoCounts = 5;
const keptFollowers = 100;

/** For each item the places in the data where one of `users` interacted with it, as rows of indices. */
function placesByItem(
  data: TrainingData,
  users: Uint32Array,
): { offsets: Uint32Array; places: Uint32Array; end: Uint32Array } {
  const offsets = new Uint32Array(data.items.length + 1);
  const end = new Uint32Array(data.item.length); // past the last event of the place's user
  const each = (visit: (n: number) => void) => {
    for (const u of users) for (let n = data.offsets[u]!; n < data.offsets[u + 1]!; n++) visit(n);
  };
  each((n) => offsets[data.item[n]! + 1]!++);
  for (let i = 0; i < data.items.length; i++) offsets[i + 1]! += offsets[i]!;
  const next = offsets.slice();
  const places = new Uint32Array(offsets[data.items.length]!);
  for (const u of users) {
    for (let n = data.offsets[u]!; n < data.offsets[u + 1]!; n++) {
      places[next[data.item[n]!]!++] = n;
      end[n] = data.offsets[u + 1]!;
    }
  }
  return { offsets, places, end };
}

/** The same at once: for data of ordinary size, or where nobody waits. */
export function learnTransitions(data: TrainingData, users: Uint32Array): Transitions {
  const parts = learnInParts(data, users);
  for (;;) {
    const { done, value } = parts.next();
    if (done) return value;
  }
}

/** @param breathe awaited often enough for an abort to be heard */
export async function learnTransitionsCalmly(
  data: TrainingData,
  users: Uint32Array,
  breathe: () => Promise<void>,
): Promise<Transitions> {
  const parts = learnInParts(data, users);
  for (;;) {
    const { done, value } = parts.next();
    if (done) return value;
    await breathe();
  }
}

const placesOfPart = 100_000; // visited between two yields, about

function* learnInParts(data: TrainingData, users: Uint32Array): Generator<undefined, Transitions> {
  const byItem = placesByItem(data, users);
  const count = data.items.length;
  const [counts, offsets] = [new Float64Array(count), new Uint32Array(count + 1)];
  let items = new Uint32Array(keptFollowers * 1024); // grows: most items have few followers
  let share = new Float32Array(items.length);
  let visited = 0;
  for (let j = 0; j < count; j++) {
    if (offsets[j]! + keptFollowers > items.length) [items, share] = [grown(items), grown(share)];
    const { followers, total } = countFollowers(data, byItem, j, counts);
    let to = offsets[j]!;
    for (const i of mostFrequent(followers, counts)) {
      items[to] = i;
      share[to++] = counts[i]! / total;
    }
    for (const i of followers) counts[i] = 0;
    offsets[j + 1] = to;
    visited += byItem.offsets[j + 1]! - byItem.offsets[j]!;
    if (visited > placesOfPart) {
      visited = 0;
      yield;
    }
  }
  return { offsets, items: items.slice(0, offsets[count]), share: share.slice(0, offsets[count]) };
}

function grown<A extends Uint32Array | Float32Array>(array: A): A {
  const larger = new (array.constructor as new (length: number) => A)(2 * array.length);
  larger.set(array);
  return larger;
}

/** Adds n(j, ·) to `counts`, which are zero before. */
function countFollowers(
  data: TrainingData,
  byItem: ReturnType<typeof placesByItem>,
  j: number,
  counts: Float64Array,
): { readonly followers: number[]; readonly total: number } {
  const followers: number[] = [];
  let total = pseudoCounts;
  for (let at = byItem.offsets[j]!; at < byItem.offsets[j + 1]!; at++) {
    const n = byItem.places[at]!;
    for (let k = 1; k <= reach && n + k < byItem.end[n]!; k++) {
      const i = data.item[n + k]!;
      if (i === j) continue;
      if (counts[i] === 0) followers.push(i);
      counts[i]! += 1 / k;
      total += 1 / k;
    }
  }
  return { followers, total };
}

/** The followers that are kept, most frequent first, the lower index first among equals; only these are sorted by both. */
function mostFrequent(followers: readonly number[], counts: Float64Array): number[] {
  const sorted = Float64Array.from(followers, (i) => counts[i]!).sort();
  const least = sorted[Math.max(0, sorted.length - keptFollowers)] ?? 0;
  const candidates = followers.filter((i) => counts[i]! >= least);
  return candidates.sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, keptFollowers);
}
