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

/** Reads what histories' items, oldest first, say; one call at a time. */
export interface SignalReader {
  (history: Uint32Array): Signals;
  /** Adds Σ_k w_k+1 · φ_k to each item's score, as `addSignals` does with what is read. */
  addTo(scores: Float32Array, history: Uint32Array, weights: ArrayLike<number>): void;
}

/**
 * Has room for every item held ready: a query touches hundreds of items, and a map of them took more time than the network.
 *
 * @param prior (I) ln p
 */
export function createSignals(transitions: Transitions, prior: Float32Array): SignalReader {
  const share = Float64Array.from(prior, Math.exp); // (I) p
  const values = new Float64Array(signalCount * prior.length); // zero between calls
  const isTouched = new Uint8Array(prior.length);
  const touched = new Uint32Array(prior.length);
  let count = 0;
  const at = (item: number) => {
    if (isTouched[item] === 0) {
      isTouched[item] = 1;
      touched[count++] = item;
    }
    return signalCount * item;
  };

  /** Leaves the signals of the touched items in `values`. */
  function read(history: Uint32Array): void {
    for (let n = 0; n < history.length; n++) {
      const row = at(history[n]!);
      values[row] = 1;
      values[row + 1]!++; // times seen, until the logarithm below
      values[row + 2] = Math.log(history.length - n);
    }
    for (let n = 0; n < count; n++)
      values[signalCount * touched[n]! + 1] = Math.log(values[signalCount * touched[n]! + 1]!);
    addFollowers(history, transitions, (item, part) => (values[at(item) + 3]! += part));
    for (let n = 0; n < count; n++) {
      const row = signalCount * touched[n]!;
      values[row + 3] = Math.log1p(values[row + 3]! / share[touched[n]!]!);
    }
  }

  /** Leaves everything zero again. */
  function clear(): void {
    for (let n = 0; n < count; n++) {
      const row = signalCount * touched[n]!;
      for (let k = 0; k < signalCount; k++) values[row + k] = 0;
      isTouched[touched[n]!] = 0;
    }
    count = 0;
  }

  /** The touched rows in the order in which they were touched. */
  function take(history: Uint32Array): Signals {
    read(history);
    const items = touched.slice(0, count);
    const taken = new Float64Array(signalCount * count);
    for (let n = 0; n < count; n++) {
      for (let k = 0; k < signalCount; k++) taken[signalCount * n + k] = values[signalCount * items[n]! + k]!;
    }
    clear();
    return { items, values: taken };
  }

  function addTo(scores: Float32Array, history: Uint32Array, weights: ArrayLike<number>): void {
    read(history);
    for (let n = 0; n < count; n++) {
      const row = signalCount * touched[n]!;
      let sum = 0;
      for (let k = 0; k < signalCount; k++) sum += weights[k + 1]! * values[row + k]!;
      scores[touched[n]!]! += sum;
    }
    clear();
  }

  return Object.assign(take, { addTo });
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
