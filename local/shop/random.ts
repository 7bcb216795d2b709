/** Seeded chance: every label has a stream of its own, so that drawing more in one place changes nothing in another. */

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, below). */
  int(below: number): number;
  /** Standard normal. */
  normal(): number;
  /** How many events of a Poisson process of this mean. */
  poisson(mean: number): number;
  /** An index with probability in proportion to its weight; -1 where all weights are 0. */
  weighted(weights: ArrayLike<number>): number;
  pick<T>(list: readonly T[]): T;
}

/** FNV-1a over the label, started from the seed. */
function hash(seed: number, label: string): number {
  let h = 0x811c9dc5 ^ seed;
  for (let i = 0; i < label.length; i++) h = Math.imul(h ^ label.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Uniform numbers from a 32-bit counter through a mixing function (Weyl sequence, two multiply-xorshift rounds). */
function uniform(seed: number, label: string): () => number {
  let state = hash(seed, label);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

function weightedIndex(weights: ArrayLike<number>, draw: number): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i] as number;
  let left = draw * total;
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i] as number;
    if (left < 0) return i;
  }
  return -1;
}

export function createRandom(seed: number, label: string): Random {
  const next = uniform(seed, label);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const poisson = (mean: number) => {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = next(); product > limit; product *= next()) count++;
    return count;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    ...{ next, int, normal, poisson },
    weighted: (weights) => weightedIndex(weights, next()),
    pick: <T>(list: readonly T[]): T => {
      if (list.length === 0) throw new Error("There is nothing to pick from an empty list");
      return list[int(list.length)] as T;
    },
  };
}
