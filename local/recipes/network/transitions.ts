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

export function learnTransitions(data: TrainingData, users: Uint32Array): Transitions {
  const byItem = placesByItem(data, users);
  const counts = new Float64Array(data.items.length);
  const offsets = new Uint32Array(data.items.length + 1);
  const items: number[] = [];
  const share: number[] = [];
  for (let j = 0; j < data.items.length; j++) {
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
    followers.sort((a, b) => counts[b]! - counts[a]! || a - b);
    for (const i of followers.slice(0, keptFollowers)) {
      items.push(i);
      share.push(counts[i]! / total);
    }
    for (const i of followers) counts[i] = 0;
    offsets[j + 1] = items.length;
  }
  return { offsets, items: Uint32Array.from(items), share: Float32Array.from(share) };
}
