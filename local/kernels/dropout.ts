/** Dropout (Srivastava et al. 2014) whose mask is a function of seed and position: the slow twin of assembly/dropout.ts. */

/** The finaliser of a well-mixing 32-bit hash: every bit of x moves about half of the bits of the result. */
function hash(x: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/**
 * Zeroes a value with chance `rate` and divides it by 1 - rate otherwise. Running it on the gradient with the same seed is the
 * backward pass.
 *
 * @param values rewritten, `length` of them, a multiple of four
 */
export function dropout(values: Float32Array, length: number, rate: number, seed: number): void {
  const threshold = Math.floor(Math.fround(rate) * 2 ** 24);
  const scale = Math.fround(1 / Math.fround(1 - Math.fround(rate)));
  for (let n = 0; n < length; n++) values[n] = hash(hash(n) ^ seed) >>> 8 >= threshold ? values[n]! * scale : 0;
}
