/**
 * aws-similar-items: items like a given one, by what the same users did and by metadata. Vectors: embeddings.ts.
 *
 *   s(i -> j) = x_i · y_j + ¼ (1 - d) ln(n(j) + 1)          n = users of the item, d = popularity_discount_factor
 *
 * x_i · y_j stands for the pointwise mutual information, how much more likely j follows i than its popularity says. With d = 1
 * that is all; with less, popularity counts. The quarter was measured: at one, popular items crowd out the similar ones,
 * because few dimensions tell the mutual information too low. The item itself is never among its similar ones. An
 * unknown item, or one of which nothing is known, gives popular items. No scores, as in the service.
 */
import { firstAllowed, topItems } from "../best-first.ts";
import { bytesOf, bytesOfJson, floats, integers, json } from "../blobs.ts";
import { requireInteractions } from "../learnable.ts";
import { numberOf } from "../parameters.ts";
import { pause } from "../pause.ts";
import { countDistinctUsers, popularityOf } from "../popularity.ts";
import type { Hyperparameter, Model, Query, Recipe } from "../recipe.ts";
import { embedItems, type Embeddings } from "./embeddings.ts";

const dimension = { kind: "integer", default: "100", min: 30, max: 200, tunable: true } as const;
const algorithm: readonly Hyperparameter[] = [
  { kind: "float", name: "popularity_discount_factor", default: "0.0", min: 0, max: 1, tunable: false },
  { ...dimension, name: "item_id_hidden_dim" },
  { ...dimension, name: "item_metadata_hidden_dim" },
];

const popularityWeight = 0.25;

interface Facts {
  readonly items: readonly string[];
  readonly eventTypes: readonly string[];
  readonly discount: number;
  readonly width: number;
}

interface SimilarItemsModel extends Model {
  readonly users: Uint32Array; // (I) distinct users per item
  readonly embeddings: Embeddings;
  readonly discount: number;
}

function makeModel(facts: Facts, users: Uint32Array, embeddings: Embeddings): SimilarItemsModel {
  const { items, eventTypes, discount } = facts;
  const { order, rank } = popularityOf(users);
  const { width, from, to } = embeddings;
  const prior = Float64Array.from(users, (n) => popularityWeight * (1 - discount) * Math.log(n + 1));

  const sourceOf = ({ item, history }: Query) => item ?? history?.item.at(-1);

  /** Undefined for an item of which nothing is known. */
  function scoresFor(query: Query): Float32Array | undefined {
    const item = sourceOf(query);
    if (item === undefined || item >= items.length) return undefined;
    const x = from.subarray(item * width, (item + 1) * width);
    if (x.every((value) => value === 0)) return undefined;
    const scores = Float32Array.from(prior, (score, j) => {
      let sum = score;
      for (let a = 0; a < width; a++) sum += x[a]! * to[j * width + a]!;
      return sum;
    });
    scores[item] = -Infinity;
    return scores;
  }

  const popularBut = (item: number | undefined, { count, allowed }: Query) =>
    firstAllowed(order, count + 1, allowed)
      .filter((scored) => scored.item !== item)
      .slice(0, count);

  return {
    recipe: "aws-similar-items",
    items,
    eventTypes,
    users,
    embeddings,
    discount,
    recommend: (query) => {
      const scores = scoresFor(query);
      if (!scores) return popularBut(sourceOf(query), query);
      return topItems(scores, rank, query.count, query.allowed).map((item) => ({ item }));
    },
    rank: (query, candidates) => {
      const scores = scoresFor(query);
      const score = (i: number) => scores?.[i] ?? 0;
      return [...new Set(candidates)]
        .sort((a, b) => (score(a) === score(b) ? rank[a]! - rank[b]! : score(b) - score(a)))
        .map((item) => ({ item }));
    },
  };
}

export const similarItems: Recipe = {
  name: "aws-similar-items",
  type: "RELATED_ITEMS",
  algorithm,
  featureTransformation: [],
  realTime: false,
  train: async (data, parameters, { seed, signal, progress }) => {
    signal.throwIfAborted();
    requireInteractions(data);
    const users = countDistinctUsers(data);
    const embeddings = await embedItems(data, { offsets: data.offsets, values: data.item }, users, {
      idWidth: numberOf(parameters, "item_id_hidden_dim"),
      metadataWidth: numberOf(parameters, "item_metadata_hidden_dim"),
      seed,
      pause: async (fraction) => {
        progress({ fraction, epoch: 1, epochs: 1 });
        await pause(signal);
      },
    });
    progress({ fraction: 1, epoch: 1, epochs: 1 });
    const discount = numberOf(parameters, "popularity_discount_factor");
    const facts = { items: [...data.items], eventTypes: [...data.eventTypes], discount, width: embeddings.width };
    return makeModel(facts, users, embeddings);
  },
  save: (model) => {
    const { items, eventTypes, users, embeddings, discount } = model as SimilarItemsModel; // made by this recipe's train or load
    return {
      facts: bytesOfJson({ items, eventTypes, discount, width: embeddings.width } satisfies Facts),
      users: bytesOf(users),
      from: bytesOf(embeddings.from),
      to: bytesOf(embeddings.to),
    };
  },
  load: (blobs) => {
    const facts = json<Facts>(blobs, "facts");
    const embeddings = { width: facts.width, from: floats(blobs, "from"), to: floats(blobs, "to") };
    return makeModel(facts, integers(blobs, "users"), embeddings);
  },
};
