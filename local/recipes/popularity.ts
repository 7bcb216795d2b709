/**
 * How popular items are: the number of distinct users who interacted with each. It is the whole of
 * aws-popularity-count, the fallback of every other recipe for unknown users and items, and what breaks equal scores.
 */
import type { TrainingData } from "./recipe.ts";

/** Items by popularity: `users[i]` distinct users of item i; `order` item indices, best first; `rank[i]` = i's place in `order`. */
export interface Popularity {
  readonly users: Uint32Array;
  readonly order: Uint32Array;
  readonly rank: Uint32Array;
}

/** Counts each user once per item, however often the user came back to it. */
export function countDistinctUsers(data: Pick<TrainingData, "users" | "items" | "offsets" | "item">): Uint32Array {
  const users = new Uint32Array(data.items.length);
  const lastSeenBy = new Int32Array(data.items.length).fill(-1);
  for (let u = 0; u < data.users.length; u++) {
    for (let n = data.offsets[u]!; n < data.offsets[u + 1]!; n++) {
      const i = data.item[n]!;
      if (lastSeenBy[i] === u) continue;
      lastSeenBy[i] = u;
      users[i]!++;
    }
  }
  return users;
}

/** Most users first; equal counts by the lower item index, so that the order never depends on the sort. */
export function popularityOf(users: Uint32Array): Popularity {
  const order = Uint32Array.from(users.keys()).sort((a, b) => users[b]! - users[a]! || a - b);
  const rank = new Uint32Array(users.length);
  order.forEach((item, place) => (rank[item] = place));
  return { users, order, rank };
}
