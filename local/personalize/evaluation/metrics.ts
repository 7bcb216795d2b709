/**
 * The ranking metrics of GetSolutionMetrics for one list (reference/personalize.md section 6.3). A list is given by the
 * positions, from 1, at which it has a relevant item.
 *
 *   precision@K = hits in the top K / K                      K stays K when fewer were returned
 *   RR@K        = 1 / position of the first hit, 0 without one in the top K
 *   nDCG@K      = sum over hits of 1 / log(1 + position)  /  the same sum with the hits moved to the front
 *
 * The ideal counts only the hits that are in the list ("hits"), as in the guide's example and as the published numbers
 * suggest; the strict ideal ("truth"), for comparing with other tools, counts everything that could have been found.
 */
export type Ideal = "hits" | "truth";

const gain = (position: number) => 1 / Math.log2(1 + position);

function gainOfFirst(count: number): number {
  let sum = 0;
  for (let position = 1; position <= count; position++) sum += gain(position);
  return sum;
}

function within(hits: readonly number[], k: number): number[] {
  return hits.filter((position) => position <= k);
}

export function precisionAt(k: number, hits: readonly number[]): number {
  return within(hits, k).length / k;
}

export function reciprocalRankAt(k: number, hits: readonly number[]): number {
  const found = within(hits, k);
  return found.length === 0 ? 0 : 1 / Math.min(...found);
}

/** @param relevant how many items were to be found; only the strict ideal asks */
export function ndcgAt(k: number, hits: readonly number[], ideal: Ideal = "hits", relevant = hits.length): number {
  const found = within(hits, k);
  if (found.length === 0) return 0;
  const best = ideal === "hits" ? found.length : Math.min(k, relevant);
  return found.reduce((sum, position) => sum + gain(position), 0) / gainOfFirst(best);
}

/** Four decimals, as the service returns them. */
export function roundMetric(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
