/** Seeded chance for training: the same seed gives the same numbers on every machine. */

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Standard normal (Box and Muller). */
  normal(): number;
  /** Uniform integer in [0, n). */
  below(n: number): number;
  /** Where the sequence stands, for `restore`. */
  state(): number;
  restore(state: number): void;
}

/** The splitmix32 generator: a counter through a mixing function, so that any seed, 0 included, is a good one. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return ((x ^ (x >>> 15)) >>> 0) / 4_294_967_296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    ...{ next, normal, below: (n) => Math.floor(next() * n) },
    state: () => state,
    restore: (kept) => void (state = kept >>> 0),
  };
}

/** Fisher and Yates, in place. */
export function shuffle(values: Uint32Array, random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const kept = values[i]!;
    values[i] = values[j]!;
    values[j] = kept;
  }
}
