/**
 * Interactions of any size, generated straight into columns: a few items are in most of them (Zipf), users differ in how much
 * they do, and each has a taste. The same sizes and seed give the same data; 10 million take seconds.
 */
import type { LoadedData } from "../../local/personalize/data/training-data.ts";
import { makeRandom, type Random } from "../../local/recipes/network/random.ts";

export interface SyntheticSize {
  readonly interactions: number;
  readonly users: number;
  readonly items: number;
}

const tastes = 50;
const fromTaste = 0.5; // the share of a user's interactions
const spanSeconds = 365 * 86_400;
const endsAt = Date.UTC(2026, 0, 1) / 1000;

/** (users + 1) How many interactions each user has: at least one, log-normal beyond (σ = 1), adding up to `interactions`. */
function offsetsOf({ interactions, users }: SyntheticSize, random: Random): Uint32Array {
  const share = Float64Array.from({ length: users }, () => Math.exp(random.normal()));
  const total = share.reduce((sum, value) => sum + value, 0);
  const offsets = new Uint32Array(users + 1);
  let [passed, more] = [0, interactions - users];
  for (let u = 0; u < users; u++) {
    passed += share[u]!;
    offsets[u + 1] = u + 1 + Math.round((more * passed) / total);
  }
  more = offsets[users]!;
  if (more !== interactions) throw new Error(`${interactions} interactions of ${users} users: each user needs one`);
  return offsets;
}

/** Place from 0, the chance of place n in proportion to about 1 / (n + 1). */
const zipf = (count: number, random: Random) => Math.min(count, Math.floor((count + 1) ** random.next())) - 1;

/** Item n is liked by the taste n mod `tastes`; low numbers are popular. */
function itemFor(taste: number, items: number, random: Random): number {
  if (random.next() >= fromTaste) return zipf(items, random);
  const mine = Math.floor((items - 1 - taste) / tastes) + 1;
  return mine < 1 ? zipf(items, random) : taste + tastes * zipf(mine, random);
}

export function syntheticData(size: SyntheticSize, seed = 1): LoadedData {
  const random = makeRandom(seed);
  const offsets = offsetsOf(size, random);
  const item = new Uint32Array(size.interactions);
  const timestamp = new Float64Array(size.interactions);
  const itemCreated = new Float64Array(size.items).fill(endsAt);
  for (let u = 0; u < size.users; u++) {
    const [from, to] = [offsets[u]!, offsets[u + 1]!];
    const taste = random.below(tastes);
    for (let n = from; n < to; n++) {
      item[n] = itemFor(taste, size.items, random);
      timestamp[n] = endsAt - Math.floor(spanSeconds * random.next());
    }
    timestamp.subarray(from, to).sort();
    for (let n = from; n < to; n++) itemCreated[item[n]!] = Math.min(itemCreated[item[n]!]!, timestamp[n]!);
  }
  return {
    users: Array.from({ length: size.users }, (_, u) => `user-${u}`),
    items: Array.from({ length: size.items }, (_, i) => `item-${i}`),
    ...{ offsets, item, timestamp, itemCreated },
    eventType: new Uint16Array(size.interactions),
    eventTypes: [""],
    eventValue: new Float32Array(size.interactions).fill(NaN),
    declaredCreation: new Float64Array(size.items).fill(NaN),
    ...{ contextColumns: [], itemColumns: [], userColumns: [] },
  };
}
