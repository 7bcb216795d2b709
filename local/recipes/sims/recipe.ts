/**
 * aws-sims: items that the same users interact with ("who looked at this also looked at"). Formulas: similarity.ts.
 *
 * Which data it learns from (percentile filters of the service):
 *   users   whose number of interactions lies within [min, max]_user_history_length_percentile
 *   items   whose number of interactions lies within [min, max]_item_interaction_count_percentile of the interactions:
 *           with 0.9, the most popular items that together make up a tenth of all interactions are left out. (A tenth of
 *           the *items* would leave out most of the interactions of any real shop; the guide does not say which.)
 * Pairs of fewer than min_cointeraction_count users are dropped. An item that is unknown or left without neighbours
 * answers with popular items; a list that is too short is filled up with them. No scores, as in the service.
 * A query without an item uses the newest item of the history. Asked by an item alone, it leaves that item out; asked what a user
 * does next (a history is there, as in the evaluation), it may say that the user comes back to it.
 */
import { firstAllowed, isAllowed } from "../best-first.ts";
import { bytesOf, bytesOfJson, integers, json } from "../blobs.ts";
import { requireInteractions, usersWithin } from "../learnable.ts";
import { historyPercentiles, numberOf, type Parameters } from "../parameters.ts";
import { pause } from "../pause.ts";
import { countDistinctUsers, popularityOf, type Popularity } from "../popularity.ts";
import type { Hyperparameter, Model, Query, Recipe, Scored, TrainingData } from "../recipe.ts";
import { findNeighbours, type Histories, type Neighbours } from "./similarity.ts";

const keptNeighbours = 500; // the most that one GetRecommendations call may ask for

interface Facts {
  readonly items: readonly string[];
  readonly eventTypes: readonly string[];
}

interface SimsModel extends Model {
  readonly users: Uint32Array; // (I) distinct users per item
  readonly neighbours: Neighbours;
}

const share = { kind: "float", min: 0, max: 1 } as const;
const algorithm: readonly Hyperparameter[] = [
  { ...share, name: "popularity_discount_factor", default: "0.5", tunable: true },
  { kind: "integer", name: "min_cointeraction_count", default: "3", min: 0, max: 10, tunable: true },
];
const featureTransformation: readonly Hyperparameter[] = [
  ...historyPercentiles("0.005", "0.995"),
  { ...share, name: "min_item_interaction_count_percentile", default: "0.01", tunable: false },
  { ...share, name: "max_item_interaction_count_percentile", default: "0.9", tunable: false },
];

/** The interactions of these users with these items, in order. */
function historiesOf(data: TrainingData, users: Uint32Array, isSource: Uint8Array): Histories {
  const offsets = new Uint32Array(users.length + 1);
  const values = new Uint32Array(data.item.length);
  let kept = 0;
  users.forEach((u, row) => {
    for (let n = data.offsets[u]!; n < data.offsets[u + 1]!; n++) {
      const i = data.item[n]!;
      if (isSource[i]) values[kept++] = i;
    }
    offsets[row + 1] = kept;
  });
  return { offsets, values: values.slice(0, kept) };
}

/** The count of the item of the interaction at a share of all, the items in order of their counts (nearest rank). */
function countAtShare(counts: Uint32Array, interactions: number, share: number): number {
  const place = Math.max(1, Math.ceil(share * interactions));
  let passed = 0;
  for (const count of counts.slice().sort()) if ((passed += count) >= place) return count;
  return 0;
}

function sourceItems(data: TrainingData, parameters: Parameters): Uint8Array {
  const counts = new Uint32Array(data.items.length);
  for (const i of data.item) counts[i]!++;
  const at = (name: string) => countAtShare(counts, data.item.length, numberOf(parameters, name));
  const [least, most] = [at("min_item_interaction_count_percentile"), at("max_item_interaction_count_percentile")];
  return Uint8Array.from(counts, (n) => (n > 0 && n >= least && n <= most ? 1 : 0));
}

function neighboursFirst(neighbours: Neighbours, popularity: Popularity, item: number, query: Query): Scored[] {
  const found: Scored[] = [];
  const given = new Set([item]);
  const leftOut = query.history ? undefined : item;
  for (let n = neighbours.offsets[item]!; n < neighbours.offsets[item + 1]! && found.length < query.count; n++) {
    const j = neighbours.items[n]!;
    given.add(j);
    if (j !== leftOut && isAllowed(query.allowed, j)) found.push({ item: j });
  }
  for (let place = 0; place < popularity.order.length && found.length < query.count; place++) {
    const j = popularity.order[place]!;
    if (!given.has(j) && isAllowed(query.allowed, j)) found.push({ item: j });
  }
  return found;
}

function makeModel({ items, eventTypes }: Facts, users: Uint32Array, neighbours: Neighbours): SimsModel {
  const popularity = popularityOf(users);
  const sourceOf = (query: Query) => query.item ?? query.history?.item.at(-1);
  return {
    recipe: "aws-sims",
    items,
    eventTypes,
    users,
    neighbours,
    recommend: (query) => {
      const item = sourceOf(query);
      return item === undefined || item >= items.length
        ? firstAllowed(popularity.order, query.count, query.allowed)
        : neighboursFirst(neighbours, popularity, item, query);
    },
    rank: (query, candidates) => {
      const item = sourceOf(query);
      const known = item !== undefined && item < items.length;
      const near = known ? neighbours.items.subarray(neighbours.offsets[item], neighbours.offsets[item + 1]) : [];
      const place = new Map(Array.from(near, (j, at) => [j, at] as const));
      const order = (j: number) => place.get(j) ?? near.length + popularity.rank[j]!;
      return [...new Set(candidates)].sort((a, b) => order(a) - order(b)).map((j) => ({ item: j }));
    },
  };
}

export const sims: Recipe = {
  name: "aws-sims",
  type: "RELATED_ITEMS",
  algorithm,
  featureTransformation,
  realTime: false,
  train: async (data, parameters, { signal, progress }) => {
    signal.throwIfAborted();
    requireInteractions(data);
    const percentiles = {
      min: numberOf(parameters, "min_user_history_length_percentile"),
      max: numberOf(parameters, "max_user_history_length_percentile"),
    };
    const histories = historiesOf(data, usersWithin(data, percentiles, 1), sourceItems(data, parameters));
    const neighbours = await findNeighbours(histories, data.items.length, {
      minimum: numberOf(parameters, "min_cointeraction_count"),
      discount: numberOf(parameters, "popularity_discount_factor"),
      keep: keptNeighbours,
      pause: async (fraction) => {
        progress({ fraction, epoch: 1, epochs: 1 });
        await pause(signal);
      },
    });
    progress({ fraction: 1, epoch: 1, epochs: 1 });
    return makeModel(
      { items: [...data.items], eventTypes: [...data.eventTypes] },
      countDistinctUsers(data),
      neighbours,
    );
  },
  save: (model) => {
    const { items, eventTypes, users, neighbours } = model as SimsModel; // made by this recipe's train or load
    return {
      facts: bytesOfJson({ items, eventTypes }),
      users: bytesOf(users),
      neighbourOffsets: bytesOf(neighbours.offsets),
      neighbours: bytesOf(neighbours.items),
    };
  },
  load: (blobs) =>
    makeModel(json<Facts>(blobs, "facts"), integers(blobs, "users"), {
      offsets: integers(blobs, "neighbourOffsets"),
      items: integers(blobs, "neighbours"),
    }),
};
