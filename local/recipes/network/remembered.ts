/**
 * The best items of the histories asked for last, best first, so that a user who asks again costs a walk along an order instead of a pass
 * over the catalogue. What a filter leaves of the kept items is exactly the head of what it would leave of all: only when that is too
 * little are all scores worked out again, and then kept.
 */
import { isAllowed, topItems } from "../best-first.ts";
import type { Scores } from "../exploration/explore.ts";
import type { History, Query, Scored } from "../recipe.ts";
import type { Network } from "./serve.ts";

/** Kept of each history: enough for a page behind a filter that lets one item in ten through, and found while scores are hot. */
const mostKept = 256;

interface Kept {
  readonly norm: number;
  /** Best first, and the scores of these. */
  readonly best: Uint32Array;
  readonly scores: Float32Array;
  /** The answer given last. */
  answer?: { readonly count: number; readonly allowed: Uint8Array | undefined; readonly list: Scored[] };
}

/** A query about somebody with a history. */
export type Known = Query & { readonly history: History };

export const isKnown = (query: Query): query is Known => query.history !== undefined && query.history.item.length > 0;

export interface RememberedScores {
  /**
   * The best allowed items with their share of the softmax over the catalogue. Who asks the same again, with the same bitmap, gets the
   * very same list; it is frozen, so that others may keep what they make of it.
   */
  best(query: Known): Scored[];
  /** Every item's score. */
  all(query: Known): Scores;
}

/** @param scoresOf of all items; reused by its next call. Whose context is none: of a history alone they are kept. */
export function rememberScores(
  { catalogue }: Pick<Network, "catalogue">,
  rank: Uint32Array,
  scoresOf: (query: Known) => Float32Array,
): RememberedScores {
  // A history never changes; who keeps it keeps its scores. Recipes that explore or rank ask for all, the others for the best.
  const known = new WeakMap<History, Kept>();
  const whole = new WeakMap<History, Scores>();

  function keptOf(query: Known): Kept {
    const found = known.get(query.history);
    if (found) return found;
    const scores = scoresOf(query);
    const best = catalogue.best(scores, mostKept).slice();
    const kept = { norm: catalogue.norm(scores), best, scores: Float32Array.from(best, (item) => scores[item]!) };
    known.set(query.history, kept);
    return kept;
  }

  function all(query: Known): Scores {
    const found = whole.get(query.history);
    if (found) return found;
    const scores = scoresOf(query); // the catalogue works on its own memory only
    const made = { scores: scores.slice(), norm: catalogue.norm(scores) };
    whole.set(query.history, made);
    return made;
  }

  function find(query: Known, kept: Kept): Scored[] {
    const { count, allowed } = query;
    const found = firstOf(kept, count, allowed);
    if (found.length === count || kept.best.length < mostKept) return found;
    const { scores, norm } = all(query);
    const best = topItems(scores, rank, count, allowed);
    return best.map((item) => ({ item, score: Math.exp(scores[item]! - norm) }));
  }

  return {
    all,
    best(query) {
      const { count, allowed } = query;
      const kept = keptOf(query);
      const { answer } = kept;
      if (answer?.count === count && answer.allowed === allowed) return answer.list;
      const list = find(query, kept);
      Object.freeze(list);
      kept.answer = { count, allowed, list };
      return list;
    },
  };
}

function firstOf({ best, scores, norm }: Kept, count: number, allowed: Uint8Array | undefined): Scored[] {
  const found: Scored[] = [];
  for (let n = 0; n < best.length && found.length < count; n++) {
    const item = best[n]!;
    if (isAllowed(allowed, item)) found.push({ item, score: Math.exp(scores[n]! - norm) });
  }
  return found;
}
