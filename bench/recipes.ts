/**
 * Quality and cost of the recipes, by the documented protocol: on MovieLens-small (every rating an interaction, where the
 * data are present) and on the simulated shop. Every number is a mean over seeds; a seed chooses the test users and the
 * training's chance. The ratios that matter stand in the same row as what they are ratios of.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { projectRoot } from "../local/cloud/project-root.ts";
import { evaluate } from "../local/personalize/evaluation/evaluate.ts";
import { splitUsers } from "../local/personalize/evaluation/split.ts";
import { recipes } from "../local/recipes/index.ts";
import { defaultsOf } from "../local/recipes/parameters.ts";
import type { Recipe, TrainingData } from "../local/recipes/recipe.ts";
import { simulateShop } from "../local/shop/simulate-shop.ts";
import type { Row } from "./row.ts";

export interface RecipeResult {
  readonly recipe: string;
  readonly seed: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** User time of all threads: what the wall clock would show on an idle machine with one core. */
  readonly processorSeconds: number;
}

interface Event {
  readonly user: string;
  readonly item: string;
  readonly timestamp: number;
  readonly eventType: string;
}

type Interactions = TrainingData & { readonly declaredCreation: Float64Array };

/** Columns as a recipe sees them; events of a user in order of time, ties in the given order. */
export function columnsOf(events: readonly Event[]): Interactions {
  const codes = (names: readonly string[]) => {
    const code = new Map<string, number>();
    for (const name of names) if (!code.has(name)) code.set(name, code.size);
    return code;
  };
  const [users, items] = [codes(events.map(({ user }) => user)), codes(events.map(({ item }) => item))];
  const eventTypes = codes(events.map(({ eventType }) => eventType));
  const ordered = events
    .map((event) => ({ ...event, u: users.get(event.user) ?? 0 }))
    .sort((a, b) => a.u - b.u || a.timestamp - b.timestamp); // stable
  const offsets = new Uint32Array(users.size + 1);
  for (const { u } of ordered) offsets[u + 1]!++;
  for (let u = 0; u < users.size; u++) offsets[u + 1]! += offsets[u]!;
  const itemCreated = new Float64Array(items.size).fill(Infinity);
  for (const { item, timestamp } of events) {
    const i = items.get(item) ?? 0;
    itemCreated[i] = Math.min(itemCreated[i]!, timestamp);
  }
  return {
    ...{ users: [...users.keys()], items: [...items.keys()], eventTypes: [...eventTypes.keys()], offsets, itemCreated },
    item: Uint32Array.from(ordered, ({ item }) => items.get(item) ?? 0),
    timestamp: Float64Array.from(ordered, ({ timestamp }) => timestamp),
    eventType: Uint16Array.from(ordered, ({ eventType }) => eventTypes.get(eventType) ?? 0),
    eventValue: new Float32Array(events.length).fill(NaN),
    ...{ contextColumns: [], itemColumns: [], userColumns: [] },
    declaredCreation: new Float64Array(items.size).fill(NaN),
  };
}

/** MovieLens' ratings.csv, every rating an interaction without event type. */
export function readRatings(folder: string): Interactions {
  const [, ...lines] = readFileSync(join(folder, "ratings.csv"), "utf8").trim().split("\n");
  return columnsOf(
    lines.map((line) => {
      const [user = "", item = "", , timestamp] = line.split(",");
      return { user, item, timestamp: Number(timestamp), eventType: "" };
    }),
  );
}

const shopEnds = Date.UTC(2026, 0, 1) / 1000;

export function simulatedInteractions(): Interactions {
  const { interactions } = simulateShop({ until: shopEnds });
  return columnsOf(interactions.map(({ userId, itemId, ...event }) => ({ ...event, user: userId, item: itemId })));
}

/** Trains one recipe with its defaults on the training part and evaluates it on the test users. */
export async function measureRecipe(
  recipe: Recipe,
  data: Interactions,
  { seed, threads }: { seed: number; threads: number },
): Promise<RecipeResult> {
  const { training, testUsers } = splitUsers(data, seed);
  const began = performance.now();
  const processor = process.cpuUsage();
  const model = await recipe.train(training, defaultsOf(recipe), {
    ...{ seed, threads },
    signal: new AbortController().signal,
    progress: () => {},
  });
  const seconds = (performance.now() - began) / 1000;
  const processorSeconds = process.cpuUsage(processor).user / 1e6;
  const metrics = evaluate({ model, type: recipe.type, data, testUsers });
  return { recipe: recipe.name, seed, metrics, seconds, processorSeconds };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: readonly number[]) => `${Math.min(...values).toFixed(4)} to ${Math.max(...values).toFixed(4)}`;

const compared = ["aws-popularity-count", "aws-sims", "aws-hrnn", "aws-user-personalization-v2"];
const reported = ["mean_reciprocal_rank_at_25", "precision_at_25", "normalized_discounted_cumulative_gain_at_25"];

async function measureAll(name: string, data: Interactions, seeds: readonly number[], threads: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const recipe of compared.map((wanted) => recipes[wanted]).filter((found) => found !== undefined)) {
    const results: RecipeResult[] = [];
    for (const seed of seeds) results.push(await measureRecipe(recipe, data, { seed, threads }));
    for (const metric of reported) {
      const values = results.map(({ metrics }) => metrics[metric] ?? NaN);
      rows.push({
        what: `${name}, ${recipe.name}, ${metric}`,
        measured: mean(values),
        unit: spread(values),
        target: "",
      });
    }
    const seconds = results.map((result) => result.seconds);
    const processor = mean(results.map(({ processorSeconds }) => processorSeconds));
    rows.push({
      what: `${name}, ${recipe.name}, training on ${threads} threads`,
      measured: mean(seconds),
      unit: `s (${processor.toFixed(1)} s of processor)`,
      target: name === "shop" && threads > 1 ? "<= 20" : "",
    });
  }
  return rows;
}

const movieLens = () => join(projectRoot(), "../shared/data/movielens-small");

/** Five seeds on each data set; MovieLens-small only where it lies beside the project. */
export async function bench(seeds: readonly number[] = [1, 2, 3, 4, 5], threads = 2): Promise<Row[]> {
  const rows = existsSync(movieLens())
    ? await measureAll("movielens-small", readRatings(movieLens()), seeds, threads)
    : [];
  return [...rows, ...(await measureAll("shop", simulatedInteractions(), seeds, threads))];
}
