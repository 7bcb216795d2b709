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
 * A query without an item uses the newest item of the history.
 */
import { firstAllowed, isAllowed } from "../best-first.ts";
import { bytesOf, bytesOfJson, floats, integers, json } from "../blobs.ts";
import { requireInteractions, percentile, usersWithin } from "../learnable.ts";
import { historyPercentiles, numberOf, type Parameters } from "../parameters.ts";
import { pause } from "../pause.ts";
import { countDistinctUsers, popularityOf, type Popularity } from "../popularity.ts";
import type { Hyperparameter, Model, Query, Recipe, Scored, TrainingData } from "../recipe.ts";
import { findNeighbours, type Neighbours, type SparseRows } from "./similarity.ts";

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

/** Item i is in its row once, however often the user came back; items outside the percentiles are left out. */
function distinctItemsByUser(data: TrainingData, users: Uint32Array, isSource: Uint8Array): SparseRows {
  const offsets = new Uint32Array(users.length + 1);
  const values: number[] = [];
  users.forEach((u, row) => {
    const distinct = new Set(data.item.subarray(data.offsets[u], data.offsets[u + 1]));
    for (const i of [...distinct].sort((a, b) => a - b)) if (isSource[i]) values.push(i);
    offsets[row + 1] = values.length;
  });
  return { offsets, values: Uint32Array.from(values) };
}

function sourceItems(data: TrainingData, parameters: Parameters): Uint8Array {
  const count = new Uint32Array(data.items.length);
  for (const i of data.item) count[i]!++;
  const known = Uint32Array.from(data.item, (i) => count[i]!);
  const least = percentile(known, numberOf(parameters, "min_item_interaction_count_percentile"));
  const most = percentile(known, numberOf(parameters, "max_item_interaction_count_percentile"));
  return Uint8Array.from(count, (n) => (n > 0 && n >= least && n <= most ? 1 : 0));
}

function neighboursFirst(neighbours: Neighbours, popularity: Popularity, item: number, query: Query): Scored[] {
  const found: Scored[] = [];
  const given = new Set([item]);
  for (let n = neighbours.offsets[item]!; n < neighbours.offsets[item + 1]! && found.length < query.count; n++) {
    const j = neighbours.items[n]!;
    given.add(j);
    if (isAllowed(query.allowed, j)) found.push({ item: j });
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
      const wanted = new Set(candidates);
      const item = sourceOf(query);
      const all = { ...query, count: items.length, allowed: undefined };
      const ordered =
        item === undefined || item >= items.length
          ? firstAllowed(popularity.order, items.length)
          : neighboursFirst(neighbours, popularity, item, all);
      const found = ordered.filter((scored) => wanted.has(scored.item));
      const missing = [...wanted].filter((candidate) => !found.some((scored) => scored.item === candidate));
      return [...found, ...missing.map((candidate) => ({ item: candidate }))];
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
    const byUser = distinctItemsByUser(data, usersWithin(data, percentiles, 1), sourceItems(data, parameters));
    const neighbours = await findNeighbours(byUser, data.items.length, {
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
      similarity: bytesOf(neighbours.similarity),
    };
  },
  load: (blobs) =>
    makeModel(json<Facts>(blobs, "facts"), integers(blobs, "users"), {
      offsets: integers(blobs, "neighbourOffsets"),
      items: integers(blobs, "neighbours"),
      similarity: floats(blobs, "similarity"),
    }),
};
