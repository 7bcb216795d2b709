/**
 * A stricter protocol than the service's, for benches and for choosing the gate's margins. The data are split at one moment: everything
 * before it trains, and every user who was there before and came back after is asked once, as of that moment. Nobody's future is
 * in anybody's training, nDCG's ideal counts everything that could have been found, and each mean has a confidence interval:
 * the percentiles of means over users drawn with replacement (Efron and Tibshirani 1993, chapter 13), seeded.
 */
import { makeRandom } from "../../recipes/network/random.ts";
import type { Model, RecipeType } from "../../recipes/recipe.ts";
import type { LoadedData } from "../data/training-data.ts";
import { createEvaluation, queryAt } from "./evaluate.ts";
import { keepOldest } from "./split.ts";

/** A user to be asked: positions [.., cut) are the question, [cut, to) the answer. */
export interface TestCase {
  readonly user: number;
  readonly cut: number;
  readonly to: number;
}

export interface TimeSplit {
  readonly training: LoadedData;
  readonly tests: readonly TestCase[];
  /** Epoch seconds of the moment. */
  readonly at: number;
}

/** @param share of the interactions that lies before the moment */
export function splitByTime(data: LoadedData, share = 0.9): TimeSplit {
  const sorted = data.timestamp.slice().sort();
  const at = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const keptOf = (user: number, n: number) => {
    const from = data.offsets[user] as number;
    let kept = 0;
    while (kept < n && (data.timestamp[from + kept] as number) < at) kept++;
    return kept;
  };
  const tests: TestCase[] = [];
  for (let user = 0; user < data.users.length; user++) {
    const [from, to] = [data.offsets[user] as number, data.offsets[user + 1] as number];
    const cut = from + keptOf(user, to - from);
    if (cut > from && cut < to) tests.push({ user, cut, to });
  }
  return { training: keepOldest(data, keptOf), tests, at };
}

export interface Interval {
  readonly mean: number;
  /** Bounds of the 95 % confidence interval. */
  readonly low: number;
  readonly high: number;
  /** Standard deviation of the means that were drawn. */
  readonly standardError: number;
  /** How many users the mean is of. */
  readonly users: number;
}

const meanOf = (values: ArrayLike<number>) => {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n] as number;
  return values.length === 0 ? 0 : sum / values.length;
};

export function bootstrap(
  values: readonly number[],
  { seed, draws = 1000 }: { readonly seed: number; readonly draws?: number },
): Interval {
  const random = makeRandom(seed);
  const means = new Float64Array(draws);
  for (let draw = 0; draw < draws && values.length > 0; draw++) {
    let sum = 0;
    for (let n = 0; n < values.length; n++) sum += values[random.below(values.length)] as number;
    means[draw] = sum / values.length;
  }
  means.sort();
  const center = meanOf(means);
  const variance = meanOf(means.map((value) => (value - center) ** 2));
  const at = (share: number) => means[Math.min(draws - 1, Math.floor(share * draws))] ?? 0;
  return {
    mean: meanOf(values),
    ...{ low: at(0.025), high: at(0.975), standardError: Math.sqrt(variance), users: values.length },
  };
}

/** Every metric of a list with its interval, by name; the intervals of all metrics draw the same users. */
export function evaluateByTime(
  model: Model,
  type: RecipeType,
  data: LoadedData,
  { split: { tests, at }, seed }: { readonly split: TimeSplit; readonly seed: number },
): Record<string, Interval> {
  const evaluation = createEvaluation(model, data, { ideal: "truth" });
  const values = new Map<string, number[]>();
  for (const test of tests) {
    const asked = queryAt(data, test, type);
    const metrics = evaluation.ask({ ...asked, query: { ...asked.query, now: at } });
    for (const [name, value] of Object.entries(metrics)) {
      const list = values.get(name);
      if (list) list.push(value);
      else values.set(name, [value]);
    }
  }
  return Object.fromEntries([...values].map(([name, list]) => [name, bootstrap(list, { seed })]));
}
