/**
 * Plain item neighbours (Sarwar et al. 2001), to compare aws-sims with: the cosine of two items' sets of users,
 * c(i, j) / sqrt(n(i) n(j)), over all users and items, without discount, minimum or filter. Written to be read, not to be fast.
 */
import { countDistinctUsers, popularityOf } from "../../local/recipes/popularity.ts";
import type { Model, Recipe, TrainingData } from "../../local/recipes/recipe.ts";

function usersByItem(data: TrainingData): Set<number>[] {
  const users = data.items.map(() => new Set<number>());
  for (let u = 0; u < data.users.length; u++) {
    for (let n = data.offsets[u]!; n < data.offsets[u + 1]!; n++) users[data.item[n]!]!.add(u);
  }
  return users;
}

function cosines(data: TrainingData, users: readonly Set<number>[], item: number): Map<number, number> {
  const together = new Map<number, number>();
  for (const u of users[item] ?? []) {
    for (const other of new Set(data.item.subarray(data.offsets[u], data.offsets[u + 1]))) {
      if (other !== item) together.set(other, (together.get(other) ?? 0) + 1);
    }
  }
  return new Map([...together].map(([other, c]) => [other, c / Math.sqrt(users[item]!.size * users[other]!.size)]));
}

function modelOf(data: TrainingData): Model {
  const users = usersByItem(data);
  const { order, rank } = popularityOf(countDistinctUsers(data));
  const neighbours = (item: number) => {
    const near = cosines(data, users, item);
    return [...near.keys()].sort((a, b) => near.get(b)! - near.get(a)! || rank[a]! - rank[b]!);
  };
  return {
    ...{ recipe: "plain-cosine", items: data.items, eventTypes: data.eventTypes },
    recommend({ item, count }) {
      const near = item === undefined ? [] : neighbours(item);
      const found = near.length > 0 ? near : [...order];
      return found.slice(0, count).map((each) => ({ item: each }));
    },
    rank: () => [],
  };
}

export const plainCosine: Recipe = {
  name: "plain-cosine",
  type: "RELATED_ITEMS",
  algorithm: [],
  featureTransformation: [],
  realTime: false,
  train: (data) => Promise.resolve(modelOf(data)),
  save: () => ({}),
  load: () => {
    throw new Error("plain-cosine is a yardstick; it is not kept");
  },
};
