/** Small training data for recipe tests: written out by hand, or walked by a seeded wanderer with habits. */
import type { TrainingData, TrainingEnvironment } from "../../../local/recipes/recipe.ts";
import { makeRandom } from "../../../local/recipes/network/random.ts";

/** One user per list of item names, a minute between events. Further `items` may be in the catalogue untouched. */
export function dataOf(histories: readonly (readonly string[])[], items: readonly string[] = []): TrainingData {
  const names = [...new Set([...histories.flat(), ...items])].sort();
  const offsets = new Uint32Array(histories.length + 1);
  histories.forEach((history, u) => (offsets[u + 1] = offsets[u]! + history.length));
  const events = histories.flat();
  const timestamp = Float64Array.from(histories.flatMap((history, u) => history.map((_, n) => 1e9 + u * 5e4 + n * 60)));
  return {
    ...{ users: histories.map((_, u) => `user-${u}`), items: names, offsets, timestamp },
    ...{ item: Uint32Array.from(events, (name) => names.indexOf(name)), eventType: new Uint16Array(events.length) },
    ...{ eventTypes: [""], eventValue: new Float32Array(events.length).fill(NaN) },
    ...{ contextColumns: [], itemColumns: [], userColumns: [], itemCreated: new Float64Array(names.length).fill(1e9) },
  };
}

/** Users who go around a ring of items, mostly to the next one: nothing is popular, what comes next is learnable. */
export function ringWalkers(users: number, items: number, seed = 5): TrainingData {
  const random = makeRandom(seed);
  const name = (item: number) => `item-${String(item).padStart(3, "0")}`;
  const walk = () => {
    let at = random.below(items);
    return Array.from({ length: 12 + random.below(20) }, () => {
      at = random.next() < 0.85 ? (at + 1) % items : random.below(items);
      return name(at);
    });
  };
  return dataOf(Array.from({ length: users }, walk));
}

export function environment(over: Partial<TrainingEnvironment> = {}): TrainingEnvironment {
  return { seed: 1, threads: 1, signal: new AbortController().signal, progress: () => {}, ...over };
}

/** A history of the named items, a minute apart. */
export function historyOf(data: TrainingData, names: readonly string[]) {
  return {
    item: Uint32Array.from(names, (name) => data.items.indexOf(name)),
    timestamp: Float64Array.from(names, (_, n) => 2e9 + 60 * n),
    eventType: new Uint16Array(names.length),
  };
}
