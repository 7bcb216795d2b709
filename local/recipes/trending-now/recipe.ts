/**
 * aws-trending-now: the items whose interactions grow fastest over the last two intervals (growth.ts), then the popular ones. No
 * scores. When nothing happened in the last two intervals, the popular items alone.
 *
 * The intervals end when the training was asked for, and `refreshed` gives the model as it stands at a later time, with
 * the events sent since; the service does so every trend_discovery_frequency.
 */
import { firstAllowed } from "../best-first.ts";
import { bytesOf, bytesOfJson, doubles, integers, json } from "../blobs.ts";
import { requireInteractions } from "../learnable.ts";
import type { Parameters } from "../parameters.ts";
import { countDistinctUsers, popularityOf } from "../popularity.ts";
import type { Hyperparameter, Model, Recipe, TrainingData } from "../recipe.ts";
import { countGrowth, growingItems, type Intervals, type Stream } from "./growth.ts";

const [minute, hour] = [60, 3600];
export const intervalSeconds: Readonly<Record<string, number>> = {
  "30 minutes": 30 * minute,
  "1 hour": hour,
  "2 hours": 2 * hour,
  "3 hours": 3 * hour,
  "1 day": 24 * hour,
};

const featureTransformation: readonly Hyperparameter[] = [
  {
    kind: "choice",
    name: "trend_discovery_frequency",
    default: "2 hours",
    values: Object.keys(intervalSeconds),
    tunable: false,
  },
];

interface Facts extends Intervals {
  readonly items: readonly string[];
  readonly eventTypes: readonly string[];
}

export interface TrendingModel extends Model {
  readonly intervals: Intervals;
  readonly users: Uint32Array; // (I) distinct users per item
  /** The interactions of the last two intervals: what a later look may still need. */
  readonly recent: Stream;
  refreshed(events: Stream, now: number): TrendingModel;
}

export function intervalOf(parameters: Parameters): number {
  const given = parameters["trend_discovery_frequency"] ?? "";
  const found = Object.entries(intervalSeconds).find(([name]) => name === given.toLowerCase());
  if (!found)
    throw new Error(`Hyperparameter trend_discovery_frequency is ${JSON.stringify(given)}, no known interval`);
  return found[1];
}

function recentOnly({ item, timestamp }: Stream, { until, seconds }: Intervals): Stream {
  const kept = Array.from(timestamp.keys()).filter((n) => timestamp[n]! >= until - 2 * seconds);
  return {
    item: Uint32Array.from(kept, (n) => item[n]!),
    timestamp: Float64Array.from(kept, (n) => timestamp[n]!),
  };
}

const joined = (a: Stream, b: Stream): Stream => ({
  item: Uint32Array.from([...a.item, ...b.item]),
  timestamp: Float64Array.from([...a.timestamp, ...b.timestamp]),
});

function makeModel(facts: Facts, users: Uint32Array, recent: Stream): TrendingModel {
  const { items, eventTypes, until, seconds } = facts;
  const popularity = popularityOf(users);
  const growing = growingItems(countGrowth(recent, items.length, facts), popularity.rank);
  const isGrowing = new Set(growing);
  const order = Uint32Array.from([...growing, ...popularity.order.filter((i) => !isGrowing.has(i))]);
  const rank = new Uint32Array(items.length);
  order.forEach((item, place) => (rank[item] = place));
  return {
    recipe: "aws-trending-now",
    items,
    eventTypes,
    intervals: { until, seconds },
    users,
    recent,
    recommend: ({ count, allowed }) => firstAllowed(order, count, allowed),
    rank: (_query, candidates) =>
      Array.from(candidates, (item) => ({ item })).sort((a, b) => rank[a.item]! - rank[b.item]!),
    refreshed: (events, now) => {
      const later = { until: Math.max(now, until), seconds };
      return makeModel({ ...facts, ...later }, users, recentOnly(joined(recent, events), later));
    },
  };
}

const newestOf = ({ timestamp }: Pick<TrainingData, "timestamp">) =>
  timestamp.reduce((newest, time) => Math.max(newest, time), -Infinity);

export const trendingNow: Recipe = {
  name: "aws-trending-now",
  type: "POPULAR_ITEMS",
  algorithm: [],
  featureTransformation,
  realTime: false,
  train: async (data, parameters, { signal, progress, now }) => {
    signal.throwIfAborted();
    requireInteractions(data);
    const intervals = { until: now ?? newestOf(data), seconds: intervalOf(parameters) };
    const facts = { ...intervals, items: [...data.items], eventTypes: [...data.eventTypes] };
    const model = makeModel(facts, countDistinctUsers(data), recentOnly(data, intervals));
    progress({ fraction: 1, epoch: 1, epochs: 1 });
    return model;
  },
  save: (model) => {
    const { items, eventTypes, intervals, users, recent } = model as TrendingModel; // made by this recipe's train or load
    return {
      facts: bytesOfJson({ items, eventTypes, ...intervals }),
      users: bytesOf(users),
      recentItems: bytesOf(recent.item),
      recentTimestamps: bytesOf(recent.timestamp),
    };
  },
  load: (blobs) =>
    makeModel(json<Facts>(blobs, "facts"), integers(blobs, "users"), {
      item: integers(blobs, "recentItems"),
      timestamp: doubles(blobs, "recentTimestamps"),
    }),
};
