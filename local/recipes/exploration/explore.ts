/**
 * A list that explores: among the most relevant items stand new ones of which little is known, so that something becomes known of them.
 *
 *   eligible   items that are allowed and were created within the cutoff, counted back from the newest interaction
 *   bonus(i)   = 1 / √(1 + n_i)                     n_i: interactions and impressions of item i so far
 *   value(i)   = z(i) + bonus(i) + noise            z: the item's score in standard deviations of the eligible ones' scores,
 *                                                   noise uniform in ±¼
 *
 * Place after place, the eligible item of the highest value that is not listed yet takes the place with the chance weight · bonus(i); it
 * is lifted to the score of the relevant item that stood there, which moves down. So an item that nobody has met takes, at weight 0.3,
 * three places in ten; one met 99 times three in a hundred; weight 0 is the order of relevance. Scores are a softmax over the
 * catalogue with the lifted scores in it: they sum to 1, and fall along the list. (What the service computes is not documented
 * beyond the counts, the cutoff and "small noise".)
 */
import { isAllowed, topItems } from "../best-first.ts";
import type { Exploration, Query, Scored } from "../recipe.ts";
import type { Novelty } from "./novelty.ts";

/** Scores of all items, and ln Σ exp of them. */
export interface Scores {
  readonly scores: Float32Array;
  readonly norm: number;
}

const day = 86_400;
const noise = 0.25;

export const bonusOf = (meetings: number): number => 1 / Math.sqrt(1 + meetings);

/** @param rank (I) breaks equal scores: the lower goes first */
export function explore(
  { scores, norm }: Scores,
  rank: Uint32Array,
  { count, allowed }: Pick<Query, "count" | "allowed">,
  novelty: Novelty,
  exploration: Exploration,
): Scored[] {
  const relevant = topItems(scores, rank, count, allowed);
  const candidates = exploration.weight > 0 ? candidatesOf(scores, rank, { count, allowed }, novelty, exploration) : [];
  const { list, lifted } = interleave(relevant, candidates, scores, novelty, exploration);
  let mass = 1; // Σ of the catalogue's softmax once items are lifted, in units of exp(norm)
  for (const [item, score] of lifted) mass += Math.exp(score - norm) - Math.exp(scores[item]! - norm);
  const total = norm + Math.log(mass);
  return list.map((item) => {
    const score = lifted.get(item);
    return score === undefined
      ? { item, score: Math.exp(scores[item]! - total) }
      : { item, score: Math.exp(score - total), reason: "Exploration" };
  });
}

/** Eligible items by value, at most as many as the list has places. */
function candidatesOf(
  scores: Float32Array,
  rank: Uint32Array,
  { count, allowed }: Pick<Query, "count" | "allowed">,
  { created, counts, newest }: Novelty,
  { itemAgeCutOffDays, random }: Exploration,
): number[] {
  const since = newest - itemAgeCutOffDays * day;
  const eligible: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    if (created[i]! >= since && scores[i]! > -Infinity && isAllowed(allowed, i)) eligible.push(i);
  }
  const { mean, deviation } = momentsOf(scores, eligible);
  const value = new Float32Array(scores.length).fill(-Infinity);
  for (const i of eligible) {
    value[i] = (scores[i]! - mean) / deviation + bonusOf(counts[i]!) + noise * (2 * random() - 1);
  }
  return topItems(value, rank, count);
}

function momentsOf(scores: Float32Array, items: readonly number[]) {
  const mean = items.reduce((sum, i) => sum + scores[i]!, 0) / Math.max(1, items.length);
  const square = items.reduce((sum, i) => sum + (scores[i]! - mean) ** 2, 0) / Math.max(1, items.length);
  return { mean, deviation: Math.sqrt(square) || 1 };
}

/** The list, and the scores to which explored items are lifted. */
function interleave(
  relevant: readonly number[],
  candidates: readonly number[],
  scores: Float32Array,
  { counts }: Novelty,
  { weight, random }: Exploration,
): { list: number[]; lifted: Map<number, number> } {
  const list: number[] = [];
  const listed = new Set<number>();
  const lifted = new Map<number, number>();
  let [next, candidate] = [0, 0];
  while (list.length < relevant.length) {
    while (listed.has(relevant[next]!)) next++;
    while (candidate < candidates.length && listed.has(candidates[candidate]!)) candidate++;
    const found = candidates[candidate];
    const isExplored = found !== undefined && found !== relevant[next] && random() < weight * bonusOf(counts[found]!);
    const item = isExplored ? found : relevant[next]!;
    if (isExplored) lifted.set(item, scores[relevant[next]!]!);
    list.push(item);
    listed.add(item);
  }
  return { list, lifted };
}
