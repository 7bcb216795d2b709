/** The k best of n scores: the slow twin of assembly/top-k.ts. */

/**
 * Highest score first; of equal scores the one with the lower rank. Items at -Infinity are never among the best.
 *
 * @param allowed bitmap over the items, bit i & 7 of byte i >> 3; absent = all
 * @param best (k) rewritten
 * @returns how many were found, at most k
 */
export function topK(
  scores: Float32Array,
  rank: Uint32Array,
  allowed: Uint8Array | undefined,
  n: number,
  k: number,
  best: Uint32Array,
): number {
  const may = (i: number) =>
    scores[i] !== -Infinity && (allowed === undefined || ((allowed[i >> 3]! >> (i & 7)) & 1) === 1);
  const order = Uint32Array.from({ length: n }, (_, i) => i)
    .filter(may)
    .sort((a, b) => scores[b]! - scores[a]! || rank[a]! - rank[b]!);
  best.set(order.subarray(0, k));
  return Math.min(k, order.length);
}
