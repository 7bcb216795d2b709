/**
 * Evaluates a model that recommends items by the documented protocol: one query per test user, its top 25 against the truth:
 *
 *   personal and popular   asked with the user's input part
 *   related items          asked with the last item of the input part
 *   ranking                asked to rank the whole catalogue, which is what its `recommend` does
 *
 * Ties are pessimistic: among items with equal scores those that are not relevant count as ranked first. Items of the
 * input may be recommended and may be the truth, as in the service. "Now" is the user's last input interaction. The context of a
 * query is that of the first interaction to be found: what a caller would know when asking.
 */
import type { Column, History, Model, Query, RecipeType, Scored, TrainingData } from "../../recipes/recipe.ts";
import { ndcgAt, precisionAt, reciprocalRankAt, rewardShare, roundMetric, weightedNdcgAt } from "./metrics.ts";
import type { Ideal } from "./metrics.ts";
import { truthCount } from "./split.ts";

export interface TestQuery {
  readonly query: Query;
  /** Distinct items to be found. */
  readonly truth: ReadonlySet<number>;
  /** How much each of them counts, where the solution weighs events: the heaviest of its events. */
  readonly weights?: ReadonlyMap<number, number>;
}

export type Metrics = Readonly<Record<string, number>>;

export const listLength = 25;
/** Enough beyond 25 to see who else has the score of the 25th. */
const askedFor = 100;

/** The values of one position's context, as a request would spell them. */
export function contextAt(columns: readonly Column[], position: number): Record<string, string> {
  const textOf = (column: Column): string => {
    if (column.kind === "text") return column.values[position] ?? "";
    if (column.kind === "number") {
      const value = column.values[position] as number;
      return Number.isNaN(value) ? "" : String(value);
    }
    const codes = column.codes.subarray(column.offsets[position], column.offsets[position + 1]);
    return Array.from(codes, (code) => column.categories[code]).join("|");
  };
  return Object.fromEntries(columns.map((column) => [column.name, textOf(column)]).filter(([, text]) => text !== ""));
}

export function historyOf(data: TrainingData, from: number, to: number): History {
  return {
    item: data.item.subarray(from, to),
    timestamp: data.timestamp.subarray(from, to),
    eventType: data.eventType.subarray(from, to),
  };
}

function weightsOf({ item, eventWeight }: TrainingData, from: number, to: number): Map<number, number> | undefined {
  if (!eventWeight) return undefined;
  const weights = new Map<number, number>();
  for (let n = from; n < to; n++) {
    const i = item[n] as number;
    weights.set(i, Math.max(weights.get(i) ?? 0, eventWeight[n] as number));
  }
  return weights;
}

/** The user's interactions up to `cut` as the question, those from there to `to` as the answer; at least one each. */
export function queryAt(
  data: TrainingData,
  { user, cut, to }: { user: number; cut: number; to: number },
  type: RecipeType,
): TestQuery {
  const history = historyOf(data, data.offsets[user] as number, cut);
  const last = type === "RELATED_ITEMS" ? { item: data.item[cut - 1] as number } : {};
  const context = data.contextColumns.length > 0 ? { context: contextAt(data.contextColumns, cut) } : {};
  const weights = weightsOf(data, cut, to);
  return {
    query: { history, user, ...last, ...context, count: askedFor, now: data.timestamp[cut - 1] as number },
    truth: new Set(data.item.subarray(cut, to)),
    ...(weights && { weights }),
  };
}

export function makeQuery(data: TrainingData, user: number, type: RecipeType): TestQuery {
  const from = data.offsets[user] as number;
  const to = data.offsets[user + 1] as number;
  return queryAt(data, { user, cut: to - truthCount(to - from), to }, type);
}

/** Within each run of equal scores, irrelevant items first. Items without a score have no ties: their order is the list's. */
export function pessimisticOrder(list: readonly Scored[], truth: ReadonlySet<number>): number[] {
  const ordered: number[] = [];
  for (let start = 0; start < list.length;) {
    const { score } = list[start] as Scored;
    let end = start + 1;
    while (score !== undefined && end < list.length && Object.is(list[end]?.score, score)) end++;
    const run = list.slice(start, end).map(({ item }) => item);
    ordered.push(...run.filter((item) => !truth.has(item)), ...run.filter((item) => truth.has(item)));
    start = end;
  }
  return ordered;
}

/** Positions, from 1, of the relevant items; an item that a list repeats counts once. */
export function hitPositions(items: readonly number[], truth: ReadonlySet<number>): number[] {
  return items.flatMap((item, at) => (truth.has(item) && items.indexOf(item) === at ? [at + 1] : []));
}

/** One model's sums over the queries asked so far. */
export interface Evaluation {
  /** @returns what this query gave, before rounding */
  ask(query: TestQuery): Metrics;
  metrics(): Metrics;
}

export interface EvaluationOptions {
  readonly ideal?: Ideal;
  /** (I) What an interaction with each item is worth to the solution's objective. */
  readonly reward?: Float64Array;
}

export function assertSameItems(model: Model, { items }: TrainingData): void {
  if (model.items.length !== items.length || model.items.some((id, i) => id !== items[i])) {
    throw new Error(`${model.recipe}: the model's items are not the data's, so its indices mean something else`);
  }
}

/** The metrics of one list; those that need weights only where there are some. */
function metricsOf(list: readonly Scored[], { truth, weights }: TestQuery, ideal: Ideal): Record<string, number> {
  const ordered = pessimisticOrder(list, truth).slice(0, listLength);
  const hits = hitPositions(ordered, truth);
  const heavy = weights && hits.map((position) => ({ position, weight: weights.get(ordered[position - 1]!) ?? 0 }));
  const metrics: Record<string, number> = { mean_reciprocal_rank_at_25: reciprocalRankAt(listLength, hits) };
  for (const k of [5, 10, 25]) {
    metrics[`normalized_discounted_cumulative_gain_at_${k}`] = ndcgAt(k, hits, ideal, truth.size);
    metrics[`precision_at_${k}`] = precisionAt(k, hits);
    if (heavy) metrics[`normalized_discounted_cumulative_gain_with_event_weights_at_${k}`] = weightedNdcgAt(k, heavy);
  }
  return metrics;
}

/** @param data whose items are the catalogue; the model's item indices must be theirs */
export function createEvaluation(model: Model, data: TrainingData, options: EvaluationOptions = {}): Evaluation {
  const { ideal = "hits", reward } = options;
  assertSameItems(model, data);
  const sums = metricsOf([], { query: { count: 0, now: 0 }, truth: new Set() }, ideal); // all 0
  const recommended = new Set<number>();
  const shares: number[] = [];
  let queries = 0;

  function ask(test: TestQuery): Metrics {
    const list = model.recommend(test.query);
    for (const { item } of list.slice(0, listLength)) recommended.add(item);
    const metrics = metricsOf(list, test, ideal);
    const items = list.map(({ item }) => item);
    const share = reward && rewardShare(items, test.truth, reward);
    if (share !== undefined) shares.push(share);
    queries++;
    for (const [name, value] of Object.entries(metrics)) sums[name] = (sums[name] ?? 0) + value;
    return metrics;
  }

  function metrics(): Metrics {
    const catalogueSize = data.items.length;
    const means = Object.entries(sums).map(([name, sum]) => [name, roundMetric(queries === 0 ? 0 : sum / queries)]);
    const coverage = roundMetric(catalogueSize === 0 ? 0 : recommended.size / catalogueSize);
    const rewards = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
    return {
      coverage,
      ...(Object.fromEntries(means) as Record<string, number>),
      ...(reward && { average_rewards_at_k: roundMetric(rewards) }),
    };
  }

  return { ask, metrics };
}

export interface EvaluationInput extends EvaluationOptions {
  readonly model: Model;
  readonly type: RecipeType;
  /** All data, the test users' interactions included. */
  readonly data: TrainingData;
  readonly testUsers: Uint32Array;
}

/** The whole evaluation in one go. */
export function evaluate({ model, type, data, testUsers, ...options }: EvaluationInput): Metrics {
  const evaluation = createEvaluation(model, data, options);
  for (const user of testUsers) evaluation.ask(makeQuery(data, user, type));
  return evaluation.metrics();
}

/** The same with the stricter ideal of nDCG, min(K, items to be found): for benches and other tools' numbers. */
export function evaluateStrictly(input: Omit<EvaluationInput, "ideal">): Metrics {
  return evaluate({ ...input, ideal: "truth" });
}
