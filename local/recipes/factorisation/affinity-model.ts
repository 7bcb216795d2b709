/**
 * The model of both segmentation recipes: how likely each user is to interact with each item, from factors (als.ts).
 *
 *   affinity(u, S) = √n(u) · x_u · Σ_(i in S) y_i          n(u) = distinct items of u: x · y says how likely, n how often
 *
 * Of one item, users who have met it count by how much users return to items at all: times min(1, 2 r), r = the share of the
 * interactions that are with an item already met. Where nobody returns, as with films, they are not who comes next.
 *
 * A user without affinity to anything counts by how many items they interacted with, and so does everybody when nothing is known
 * of the items asked for. `recommend` answers the same from the user's side, for the training's own evaluation.
 */
import { rankBySoftmax, topItems } from "../best-first.ts";
import { popularityOf } from "../popularity.ts";
import type { Model, Query, ScoredUser, SegmentQuery } from "../recipe.ts";
import type { Factors } from "./als.ts";

export interface AffinityFacts {
  readonly recipe: string;
  readonly items: readonly string[];
  readonly users: readonly string[];
  readonly eventTypes: readonly string[];
  /** What counts of a user's affinity to an item already met, from 0 to 1. */
  readonly returning: number;
}

/** Who has met each item: item i owns users[offsets[i] .. offsets[i + 1]). */
export interface Meetings {
  readonly offsets: Uint32Array;
  readonly users: Uint32Array;
}

export interface AffinityModel extends Model {
  readonly userIds: readonly string[];
  readonly factors: Factors;
  /** (U) distinct items of each user, and (I) distinct users of each item. */
  readonly activity: Uint32Array;
  readonly popularity: Uint32Array;
  readonly meetings: Meetings;
  readonly returning: number;
  segment(query: SegmentQuery): ScoredUser[];
}

export interface AffinityParts {
  readonly facts: AffinityFacts;
  readonly factors: Factors;
  readonly activity: Uint32Array;
  readonly popularity: Uint32Array;
  readonly meetings: Meetings;
  /** The items that a segment is asked for. */
  readonly itemsOf: (query: SegmentQuery) => Iterable<number>;
}

/** table · vector for every row of the table. */
function products(table: Float32Array, vector: Float32Array): Float32Array {
  const width = vector.length;
  const out = new Float32Array(table.length / width);
  for (let row = 0; row < out.length; row++) {
    let sum = 0;
    for (let a = 0; a < width; a++) sum += table[row * width + a]! * vector[a]!;
    out[row] = sum;
  }
  return out;
}

const whoMet = ({ offsets, users }: Meetings, item = offsets.length): Uint32Array =>
  users.subarray(offsets[item] ?? 0, offsets[item + 1] ?? 0);

export function makeAffinityModel(parts: AffinityParts): AffinityModel {
  const { facts, factors, activity, popularity, meetings, itemsOf } = parts;
  const { width, users, items } = factors;
  const { rank: userRank } = popularityOf(activity);
  const { rank: itemRank } = popularityOf(popularity);
  const scoresFor = ({ user }: Query) =>
    user === undefined || user >= facts.users.length
      ? Float32Array.from(popularity)
      : products(items, users.subarray(user * width, (user + 1) * width));

  return {
    recipe: facts.recipe,
    items: facts.items,
    eventTypes: facts.eventTypes,
    userIds: facts.users,
    factors,
    activity,
    popularity,
    meetings,
    returning: facts.returning,
    segment: (query) => {
      const wanted = new Float32Array(width);
      for (const i of itemsOf(query)) {
        for (let a = 0; a < width; a++) wanted[a]! += items[i * width + a]!;
      }
      const scores = products(users, wanted).map((score, u) => score * Math.sqrt(activity[u]!));
      for (const u of whoMet(meetings, query.item)) scores[u]! *= facts.returning;
      return topItems(scores, userRank, query.count, query.allowed).map((user) => ({ user, score: scores[user]! }));
    },
    recommend: (query) => topItems(scoresFor(query), itemRank, query.count, query.allowed).map((item) => ({ item })),
    rank: (query, candidates) => rankBySoftmax(candidates, scoresFor(query), itemRank),
  };
}
