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

/**
 * nDCG@K where a hit gains its event's weight (eventsConfig): the sum over hits of weight / log(1 + position), divided by the same sum
 * with the hits moved to the front, the heaviest first.
 *
 * @param hits positions from 1 with the weight of what stands there, in any order
 */
export function weightedNdcgAt(k: number, hits: readonly { position: number; weight: number }[]): number {
  const found = hits.filter(({ position }) => position <= k);
  const sum = found.reduce((total, { position, weight }) => total + weight * gain(position), 0);
  const heaviest = found.map(({ weight }) => weight).sort((a, b) => b - a);
  const best = heaviest.reduce((total, weight, at) => total + weight * gain(at + 1), 0);
  return best === 0 ? 0 : sum / best;
}

/**
 * What one user's relevant recommendations were worth among the 25 most rewarding ones that were made, as a share of what all the
 * relevant ones were worth; undefined where those were worth nothing. Rewards below 0, and none, count as 0.
 *
 * @param list recommended items @param reward (I) by item
 */
export function rewardShare(
  list: readonly number[],
  truth: ReadonlySet<number>,
  reward: Float64Array,
  most = 25,
): number | undefined {
  const worth = (item: number) => Math.max(0, reward[item] || 0);
  const dearest = [...list].sort((a, b) => worth(b) - worth(a)).slice(0, most);
  const gained = (items: readonly number[]) =>
    items.reduce((sum, item) => sum + (truth.has(item) ? worth(item) : 0), 0);
  const all = gained(list);
  return all === 0 ? undefined : gained(dearest) / all;
}

/** Four decimals, as the service returns them. */
export function roundMetric(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
