/**
 * "Trend prediction accuracy", the metric of aws-trending-now: how much of the test data's growth the recommended items have.
 *
 *   accuracy = max(0, Σ_(i recommended) growth(i)) / Σ_(i of the k fastest) growth(i)        k = 25, growth: growth.ts
 *
 * Growth is counted in the interactions of the test users, whom the model has not seen. Nothing grows there: 0.
 */
import type { Growth } from "./growth.ts";

export function trendPredictionAccuracy(recommended: readonly number[], { newest, before }: Growth, k = 25): number {
  const growth = Array.from(newest, (count, i) => count - before[i]!);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const most = sum(
    growth
      .filter((value) => value > 0)
      .sort((a, b) => b - a)
      .slice(0, k),
  );
  const found = sum([...new Set(recommended.slice(0, k))].map((i) => growth[i] ?? 0));
  return most === 0 ? 0 : Math.max(0, found) / most;
}
