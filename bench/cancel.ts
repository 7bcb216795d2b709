/**
 * How long a training goes on after it was told to stop: each recipe on a million synthetic interactions, told after a tenth of a second, one
 * second and three; the longest of the waits. Counted from the moment that was meant, so that a training which does not even let the
 * message through is seen. One that was done before has no wait.
 */
import { performance } from "node:perf_hooks";
import { recipes } from "../local/recipes/index.ts";
import { UnlearnableDataError } from "../local/recipes/learnable.ts";
import { defaultsOf } from "../local/recipes/parameters.ts";
import type { Recipe, TrainingData } from "../local/recipes/recipe.ts";
import { syntheticData } from "./data/synthetic.ts";
import type { Row } from "./row.ts";

const size = { interactions: 1_000_000, users: 100_000, items: 20_000 };
const moments = [100, 1000, 3000]; // milliseconds

/** Milliseconds from when it should have stopped; undefined when it was done before. */
async function waitAfter(recipe: Recipe, data: TrainingData, moment: number): Promise<number | undefined> {
  const controller = new AbortController();
  const due = performance.now() + moment;
  const timer = setTimeout(() => controller.abort(), moment);
  try {
    const { signal } = controller;
    await recipe.train(data, defaultsOf(recipe), { seed: 1, threads: 2, signal, progress: () => {} });
    return undefined;
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    return performance.now() - due;
  } finally {
    clearTimeout(timer);
  }
}

async function rowOf(recipe: Recipe, data: TrainingData): Promise<Row> {
  const what = `${recipe.name}, told to stop`;
  try {
    const waits: number[] = [];
    for (const moment of moments) waits.push((await waitAfter(recipe, data, moment)) ?? 0);
    return { what, measured: Math.max(...waits), unit: "ms", target: "<= 1000" };
  } catch (error) {
    if (!(error instanceof UnlearnableDataError)) throw error;
    return { what, measured: NaN, unit: "skipped: not for such data", target: "" };
  }
}

export async function bench(): Promise<Row[]> {
  const data = syntheticData(size);
  const rows: Row[] = [];
  for (const recipe of Object.values(recipes)) rows.push(await rowOf(recipe, data));
  return rows;
}
