/**
 * What a history says about an item besides the network's state. For items that the history holds:
 *
 *   φ_1 = 1 (seen)      φ_2 = ln(times seen)      φ_3 = ln(events since it was last seen, 1 for the newest)
 *
 * and for items that follow one of its newest ten, j_0 being the newest (t: transitions.ts, p: the item's share of events):
 *
 *   φ_4 = ln(1 + Σ_k 0.8^k t(j_k, i) / Σ_k 0.8^k / p(i))
 */
import type { Signals } from "./blend.ts";
import type { Transitions } from "./transitions.ts";

export const signalCount = 4;

const newest = 10;
const fading = 0.8;

/** @param prior (I) ln p */
export function signalsOf(history: Uint32Array, transitions: Transitions, prior: Float32Array): Signals {
  const rows = new Map<number, [number, number, number, number]>();
  const row = (item: number) => {
    const found = rows.get(item) ?? [0, 0, 0, 0];
    rows.set(item, found);
    return found;
  };
  history.forEach((item, n) => {
    const values = row(item);
    values[0] = 1;
    values[1]++; // times seen, until the logarithm below
    values[2] = Math.log(history.length - n);
  });
  for (const values of rows.values()) values[1] = Math.log(values[1]);
  addFollowers(history, transitions, (item, share) => (row(item)[3] += share));
  for (const [item, values] of rows) values[3] = Math.log1p(values[3] / Math.exp(prior[item]!));
  return { items: Uint32Array.from(rows.keys()), values: Float64Array.from([...rows.values()].flat()) };
}

function addFollowers(history: Uint32Array, t: Transitions, add: (item: number, share: number) => void): void {
  const reach = Math.min(newest, history.length);
  const total = (1 - fading ** reach) / (1 - fading);
  for (let k = 0; k < reach; k++) {
    const j = history[history.length - 1 - k]!;
    const weight = fading ** k / total;
    for (let n = t.offsets[j]!; n < t.offsets[j + 1]!; n++) add(t.items[n]!, weight * t.share[n]!);
  }
}
