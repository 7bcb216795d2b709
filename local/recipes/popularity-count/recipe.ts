/**
 * aws-popularity-count: the items that most distinct users interacted with, the same list for everybody, without scores.
 * The baseline that every personalised model has to beat.
 *
 *   popularity(i) = |{u : u interacted with i}|
 *
 * Counting users rather than rows is the service's own definition ("the most interactions from unique users"). No
 * hyperparameters; sent events change nothing until the next training.
 */
import { bytesOf, bytesOfJson, integers, json } from "../blobs.ts";
import { firstAllowed } from "../best-first.ts";
import { requireInteractions } from "../learnable.ts";
import { countDistinctUsers, popularityOf } from "../popularity.ts";
import type { Model, Recipe } from "../recipe.ts";

interface PopularityModel extends Model {
  readonly users: Uint32Array; // (I) distinct users per item
}

interface Facts {
  readonly items: readonly string[];
  readonly eventTypes: readonly string[];
}

function makeModel({ items, eventTypes }: Facts, users: Uint32Array): PopularityModel {
  const { order, rank } = popularityOf(users);
  return {
    recipe: "aws-popularity-count",
    items,
    eventTypes,
    users,
    recommend: ({ count, allowed }) => firstAllowed(order, count, allowed),
    rank: (_query, candidates) =>
      Array.from(candidates, (item) => ({ item })).sort((a, b) => rank[a.item]! - rank[b.item]!),
  };
}

export const popularityCount: Recipe = {
  name: "aws-popularity-count",
  type: "POPULAR_ITEMS",
  algorithm: [],
  featureTransformation: [],
  realTime: false,
  train: async (data, _parameters, { signal, progress }) => {
    signal.throwIfAborted();
    requireInteractions(data);
    const model = makeModel({ items: [...data.items], eventTypes: [...data.eventTypes] }, countDistinctUsers(data));
    progress({ fraction: 1, epoch: 1, epochs: 1 });
    return model;
  },
  save: (model) => {
    const { items, eventTypes, users } = model as PopularityModel; // made by this recipe's train or load
    return { facts: bytesOfJson({ items, eventTypes }), users: bytesOf(users) };
  },
  load: (blobs) => makeModel(json<Facts>(blobs, "facts"), integers(blobs, "users")),
};
