/**
 * The documented evaluation of every type of recipe as one thing: what trains, and the questions that the trained model is asked
 * one after the other. A training is split by it, and a search for hyperparameters splits the training part again.
 */
import type { Model, Recipe } from "../../recipes/recipe.ts";
import { trendPredictionAccuracy } from "../../recipes/trending-now/accuracy.ts";
import { countGrowth } from "../../recipes/trending-now/growth.ts";
import type { TrendingModel } from "../../recipes/trending-now/recipe.ts";
import { selectRows } from "../data/select-rows.ts";
import type { LoadedData } from "../data/training-data.ts";
import { createActionEvaluation, momentOf } from "./actions.ts";
import { createEvaluation, listLength, makeQuery } from "./evaluate.ts";
import type { Metrics } from "./evaluate.ts";
import { roundMetric } from "./metrics.ts";
import type { Ideal } from "./metrics.ts";
import { createSegmentEvaluation, segmentTests } from "./segments.ts";
import { chooseValidationUsers, splitForSegments, splitUsers, withoutUsers } from "./split.ts";

export interface EvaluationPlan {
  /** What the model may learn from; users and items keep their indices. */
  readonly training: LoadedData;
  readonly questions: number;
  begin(model: Model): Asking;
}

export interface Asking {
  /** Asks the question of this number, from 0. */
  ask(question: number): void;
  metrics(): Metrics;
}

export interface PlanOptions {
  /** Chooses who is tested. */
  readonly seed: number;
  readonly ideal?: Ideal;
}

type Kind = Pick<Recipe, "name" | "type">;

function planSegments({ name }: Kind, data: LoadedData, { seed }: PlanOptions): EvaluationPlan {
  const tests = segmentTests(data, name === "aws-item-attribute-affinity" ? "attribute" : "item", seed);
  return {
    training: splitForSegments(data),
    questions: tests.length,
    begin(model) {
      const evaluation = createSegmentEvaluation(model, data);
      return { ask: (question) => evaluation.ask(tests[question]!), metrics: evaluation.metrics };
    },
  };
}

/** The behaviour of these users only up to the moment that they are asked at. */
function upToTheQuestion(data: LoadedData, users: readonly number[]): LoadedData {
  const { behaviour } = data;
  if (!behaviour) return data;
  const until = new Map(users.map((user) => [user, momentOf(data, user)]));
  const rows = Uint32Array.from(behaviour.item.keys());
  const offsets = new Uint32Array(behaviour.offsets.length);
  let kept = 0;
  for (let u = 0; u < behaviour.users.length; u++) {
    const limit = until.get(u) ?? Infinity;
    for (let n = behaviour.offsets[u]!; n < behaviour.offsets[u + 1]!; n++) {
      if (behaviour.timestamp[n]! <= limit) rows[kept++] = n;
    }
    offsets[u + 1] = kept;
  }
  return { ...data, behaviour: selectRows(behaviour, rows.subarray(0, kept), offsets) };
}

function planActions(data: LoadedData, { seed }: PlanOptions): EvaluationPlan {
  const { testUsers } = splitUsers(data, seed);
  const validationUsers = chooseValidationUsers(data, seed);
  const asked = [
    ...Array.from(validationUsers, (user) => ({ user, part: "validation" as const })),
    ...Array.from(testUsers, (user) => ({ user, part: "test" as const })),
  ];
  const heldOut = asked.map(({ user }) => user);
  return {
    training: withoutUsers(upToTheQuestion(data, heldOut), heldOut),
    questions: asked.length,
    begin(model) {
      const evaluation = createActionEvaluation(model, data);
      const ask = (question: number) => evaluation.ask(asked[question]!.user, asked[question]!.part);
      return { ask, metrics: evaluation.metrics };
    },
  };
}

/** Of a model that knows trends: how well it foresaw those of the test users. */
function trendMetrics(model: Model, data: LoadedData, testUsers: Uint32Array): Metrics {
  if (!("intervals" in model)) return {};
  const { intervals } = model as TrendingModel;
  const rows = Uint32Array.from(
    Array.from(testUsers).flatMap((u) =>
      Array.from({ length: data.offsets[u + 1]! - data.offsets[u]! }, (_, n) => data.offsets[u]! + n),
    ),
  );
  const item = rows.map((row) => data.item[row]!);
  const timestamp = Float64Array.from(rows, (row) => data.timestamp[row]!);
  const recommended = model.recommend({ count: listLength, now: intervals.until }).map((each) => each.item);
  const growth = countGrowth({ item, timestamp }, data.items.length, intervals);
  return { trend_prediction_accuracy: roundMetric(trendPredictionAccuracy(recommended, growth)) };
}

function planLists({ type }: Kind, data: LoadedData, { seed, ideal }: PlanOptions): EvaluationPlan {
  const { training, testUsers } = splitUsers(data, seed);
  const { reward } = data;
  return {
    training,
    questions: testUsers.length,
    begin(model) {
      const evaluation = createEvaluation(model, data, { ...(ideal && { ideal }), ...(reward && { reward }) });
      return {
        ask: (question) => void evaluation.ask(makeQuery(data, testUsers[question]!, type)),
        metrics: () => ({ ...evaluation.metrics(), ...trendMetrics(model, data, testUsers) }),
      };
    },
  };
}

export function planEvaluation(recipe: Kind, data: LoadedData, options: PlanOptions): EvaluationPlan {
  if (recipe.type === "USER_SEGMENTATION") return planSegments(recipe, data, options);
  if (recipe.type === "PERSONALIZED_ACTIONS") return planActions(data, options);
  return planLists(recipe, data, options);
}
