/**
 * Evaluates a recipe that recommends actions (reference, section 6). For every action interaction of a test user's newest
 * tenth the model gives the propensity with which the user takes that action; TAKEN is the truth, everything else its opposite.
 *
 *   AUC         the chance that a taken action has the higher propensity of the two, ties counted half (Hanley and McNeil 1982)
 *   precision   of those with a propensity at or above the threshold, the share that was taken
 *   recall      of those that were taken, the share at or above the threshold
 *
 * The threshold is the one with the best F1 on a validation set: the newest tenth of another tenth of the users.
 */
import type { Model, TrainingData } from "../../recipes/recipe.ts";
import { assertSameItems, historyOf } from "./evaluate.ts";
import type { Metrics } from "./evaluate.ts";
import { roundMetric } from "./metrics.ts";
import { truthCount } from "./split.ts";

/** One answer: how likely the model thought it, and whether it came so. */
export interface Judged {
  readonly propensity: number;
  readonly taken: boolean;
}

const isTaken = (eventType: string | undefined) => eventType?.toUpperCase().replace(/[ -]/g, "_") === "TAKEN";

function cutOf(data: TrainingData, user: number): { from: number; cut: number; to: number } {
  const [from, to] = [data.offsets[user] as number, data.offsets[user + 1] as number];
  return { from, cut: to - truthCount(to - from), to };
}

/** Epoch seconds as of which a user is asked about: the last interaction before the newest tenth. */
export const momentOf = (data: TrainingData, user: number): number =>
  data.timestamp[cutOf(data, user).cut - 1] as number;

export function judgeActions(model: Model, data: TrainingData, user: number): Judged[] {
  const { from, cut, to } = cutOf(data, user);
  const now = momentOf(data, user);
  const answers = model.recommend({ history: historyOf(data, from, cut), user, count: data.items.length, now });
  const propensity = new Map(answers.map(({ item, score }) => [item, score ?? 0]));
  return Array.from({ length: to - cut }, (_, at) => ({
    propensity: propensity.get(data.item[cut + at] as number) ?? 0,
    taken: isTaken(data.eventTypes[data.eventType[cut + at] as number]),
  }));
}

const counted = (judged: readonly Judged[], threshold: number) => {
  const above = judged.filter(({ propensity }) => propensity >= threshold);
  return { above: above.length, right: above.filter(({ taken }) => taken).length };
};

/** 0 where nothing is at or above the threshold, or nothing was taken. */
export function precisionAndRecall(judged: readonly Judged[], threshold: number) {
  const { above, right } = counted(judged, threshold);
  const taken = judged.filter((each) => each.taken).length;
  return { precision: above === 0 ? 0 : right / above, recall: taken === 0 ? 0 : right / taken };
}

/** The propensity among these with the best F1 as threshold, of equal ones the highest; 0.5 where nothing was taken. */
export function bestThreshold(judged: readonly Judged[]): number {
  let best = { f1: 0, threshold: 0.5 };
  for (const threshold of [...new Set(judged.map(({ propensity }) => propensity))].sort((a, b) => b - a)) {
    const { precision, recall } = precisionAndRecall(judged, threshold);
    const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    if (f1 > best.f1) best = { f1, threshold };
  }
  return best.threshold;
}

/** By ranks (Mann and Whitney); 0 where only one kind is there. */
export function areaUnderCurve(judged: readonly Judged[]): number {
  const order = [...judged].sort((a, b) => a.propensity - b.propensity);
  const positives = order.filter(({ taken }) => taken).length;
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return 0;
  let ranks = 0;
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && order[to]?.propensity === order[from]?.propensity) to++;
    const rank = (from + 1 + to) / 2;
    ranks += rank * order.slice(from, to).filter(({ taken }) => taken).length;
    from = to;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

export interface ActionEvaluation {
  ask(user: number, part: "test" | "validation"): void;
  metrics(): Metrics;
}

export function createActionEvaluation(model: Model, data: TrainingData): ActionEvaluation {
  assertSameItems(model, data);
  const judged: Record<"test" | "validation", Judged[]> = { test: [], validation: [] };
  return {
    ask: (user, part) => void judged[part].push(...judgeActions(model, data, user)),
    metrics() {
      const { precision, recall } = precisionAndRecall(judged.test, bestThreshold(judged.validation));
      return {
        precision: roundMetric(precision),
        recall: roundMetric(recall),
        AUC: roundMetric(areaUnderCurve(judged.test)),
      };
    },
  };
}
