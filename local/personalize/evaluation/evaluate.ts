/**
 * Evaluates a model by the documented protocol: one query per test user, its top 25 against the truth. Works for every
 * kind of recipe:
 *
 *   personal and popular   asked with the user's input part
 *   related items          asked with the last item of the input part
 *   ranking                asked to rank the whole catalogue, which is what its `recommend` does
 *
 * Ties are pessimistic: among items with equal scores those that are not relevant count as ranked first. Items of the
 * input may be recommended and may be the truth, as in the service. "Now" is the user's last input interaction.
 */
import type { History, Model, Query, RecipeType, Scored, TrainingData } from "../../recipes/recipe.ts";
import { ndcgAt, precisionAt, reciprocalRankAt, roundMetric } from "./metrics.ts";
import type { Ideal } from "./metrics.ts";
import { truthCount } from "./split.ts";

export interface TestQuery {
  readonly query: Query;
  /** Distinct items to be found. */
  readonly truth: ReadonlySet<number>;
}

export type Metrics = Readonly<Record<string, number>>;

const listLength = 25;
/** Enough beyond 25 to see who else has the score of the 25th. */
const askedFor = 100;

export function makeQuery(data: TrainingData, user: number, type: RecipeType): TestQuery {
  const from = data.offsets[user] as number;
  const to = data.offsets[user + 1] as number;
  const cut = to - truthCount(to - from);
  const history: History = {
    item: data.item.subarray(from, cut),
    timestamp: data.timestamp.subarray(from, cut),
    eventType: data.eventType.subarray(from, cut),
  };
  const now = data.timestamp[cut - 1] as number;
  const last = type === "RELATED_ITEMS" ? { item: data.item[cut - 1] as number } : {};
  return { query: { history, user, ...last, count: askedFor, now }, truth: new Set(data.item.subarray(cut, to)) };
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
  ask(query: TestQuery): void;
  metrics(): Metrics;
}

/** @param data whose items are the catalogue; the model's item indices must be theirs */
export function createEvaluation(model: Model, data: TrainingData, ideal: Ideal = "hits"): Evaluation {
  const catalogueSize = data.items.length;
  if (model.items.length !== catalogueSize || model.items.some((id, i) => id !== data.items[i])) {
    throw new Error(`${model.recipe}: the model's items are not the data's, so its indices mean something else`);
  }
  const sums: Record<string, number> = {
    mean_reciprocal_rank_at_25: 0,
    normalized_discounted_cumulative_gain_at_5: 0,
    normalized_discounted_cumulative_gain_at_10: 0,
    normalized_discounted_cumulative_gain_at_25: 0,
    precision_at_5: 0,
    precision_at_10: 0,
    precision_at_25: 0,
  };
  const recommended = new Set<number>();
  let queries = 0;
  const addTo = (name: string, value: number) => (sums[name] = (sums[name] as number) + value);

  function ask({ query, truth }: TestQuery): void {
    const list = model.recommend(query);
    for (const { item } of list.slice(0, listLength)) recommended.add(item);
    const hits = hitPositions(pessimisticOrder(list, truth).slice(0, listLength), truth);
    queries++;
    addTo("mean_reciprocal_rank_at_25", reciprocalRankAt(listLength, hits));
    for (const k of [5, 10, 25]) {
      addTo(`normalized_discounted_cumulative_gain_at_${k}`, ndcgAt(k, hits, ideal, truth.size));
      addTo(`precision_at_${k}`, precisionAt(k, hits));
    }
  }

  function metrics(): Metrics {
    const means = Object.entries(sums).map(([name, sum]) => [name, roundMetric(queries === 0 ? 0 : sum / queries)]);
    const coverage = roundMetric(catalogueSize === 0 ? 0 : recommended.size / catalogueSize);
    return { coverage, ...(Object.fromEntries(means) as Record<string, number>) };
  }

  return { ask, metrics };
}

export interface EvaluationInput {
  readonly model: Model;
  readonly type: RecipeType;
  /** All data, the test users' interactions included. */
  readonly data: TrainingData;
  readonly testUsers: Uint32Array;
  readonly ideal?: Ideal;
}

/** The whole evaluation in one go. */
export function evaluate({ model, type, data, testUsers, ideal }: EvaluationInput): Metrics {
  const evaluation = createEvaluation(model, data, ideal);
  for (const user of testUsers) evaluation.ask(makeQuery(data, user, type));
  return evaluation.metrics();
}

/** The same with the stricter ideal of nDCG, min(K, items to be found): for benches and other tools' numbers. */
export function evaluateStrictly(input: Omit<EvaluationInput, "ideal">): Metrics {
  return evaluate({ ...input, ideal: "truth" });
}
