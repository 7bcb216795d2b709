/**
 * What a history says about an item besides the network's state. For items that the history holds:
 *
 *   φ_1 = 1 (seen)      φ_2 = ln(times seen)      φ_3 = ln(events since it was last seen, 1 for the newest)
 */
import type { Signals } from "./blend.ts";

export const signalCount = 3;

export function signalsOf(items: Uint32Array): Signals {
  const times = new Map<number, number>();
  const newest = new Map<number, number>();
  items.forEach((item, n) => {
    times.set(item, (times.get(item) ?? 0) + 1);
    newest.set(item, n);
  });
  const values = new Float64Array(signalCount * times.size);
  let at = 0;
  for (const [item, count] of times) {
    values.set([1, Math.log(count), Math.log(items.length - newest.get(item)!)], at);
    at += signalCount;
  }
  return { items: Uint32Array.from(times.keys()), values };
}
