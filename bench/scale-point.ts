/**
 * One point of the growth chart, measured in a process of its own, so that its peak memory is its own: generate the data, train
 * one recipe once. Of networks one epoch is trained; where that would take longer than the budget, its time is
 * reckoned from the share done by then.
 */
import { writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import * as z from "zod";
import { recipes } from "../local/recipes/index.ts";
import { defaultsOf } from "../local/recipes/parameters.ts";
import type { Recipe, TrainingData } from "../local/recipes/recipe.ts";
import { syntheticData } from "./data/synthetic.ts";

export const pointSchema = z.object({
  recipe: z.string(),
  interactions: z.number(),
  users: z.number(),
  items: z.number(),
  budgetSeconds: z.number(),
});
export type Point = z.infer<typeof pointSchema>;

export const resultSchema = z.object({
  seconds: z.number(),
  /** User and system time of all threads. */
  processorSeconds: z.number(),
  /** Resident memory at most, data and runtime included. */
  peakGigabytes: z.number(),
  /** The share of what `seconds` says that was really trained. */
  measuredShare: z.number(),
});
export type PointResult = z.infer<typeof resultSchema>;

class Enough extends Error {}

/** Trains once, or one epoch of several. @returns the share of an epoch that was trained; 1 for recipes without epochs */
async function trainOnce(recipe: Recipe, data: TrainingData, budgetSeconds: number): Promise<number> {
  const controller = new AbortController();
  const began = performance.now();
  let share = 1;
  const training = recipe.train(data, defaultsOf(recipe), {
    ...{ seed: 1, threads: 2, signal: controller.signal, afterEpoch: () => false },
    progress: ({ fraction, epochs }) => {
      const done = fraction * epochs;
      if (epochs > 1 && !controller.signal.aborted) {
        share = Math.min(1, done);
        if (done >= 1 || performance.now() - began > budgetSeconds * 1000) controller.abort(new Enough());
      }
    },
  });
  await training.catch((error: unknown) => {
    if (!(error instanceof Enough)) throw error;
  });
  return share;
}

const busySeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

export async function measurePoint(point: Point): Promise<PointResult> {
  const recipe = recipes[point.recipe];
  if (!recipe) throw new Error(`There is no recipe "${point.recipe}" to measure`);
  const data = syntheticData(point);
  const [began, busy] = [performance.now(), busySeconds()];
  const measuredShare = await trainOnce(recipe, data, point.budgetSeconds);
  const factor = 1 / Math.max(1e-6, measuredShare);
  return {
    seconds: ((performance.now() - began) / 1000) * factor,
    processorSeconds: (busySeconds() - busy) * factor,
    peakGigabytes: process.resourceUsage().maxRSS / 1e6, // kilobytes
    measuredShare,
  };
}

/** What the child process does. */
export async function servePoint(text: string, into: string): Promise<void> {
  writeFileSync(into, JSON.stringify(await measurePoint(pointSchema.parse(JSON.parse(text)))));
}
