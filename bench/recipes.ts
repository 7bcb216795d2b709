/**
 * Quality and cost of the recipes, by the documented protocol (reference, section 6). A seed chooses the test users and the
 * training's chance; a row gives the median over the seeds, and beside it their mean and spread.
 *
 *   npm run bench recipes -- --data click-watch --recipe aws-sims,aws-hrnn --seeds 5 --threads 2
 *
 * Without options: every data set that is here, every recipe, five seeds, two threads.
 */
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { evaluate } from "../local/personalize/evaluation/evaluate.ts";
import { splitUsers } from "../local/personalize/evaluation/split.ts";
import type { LoadedData } from "../local/personalize/data/training-data.ts";
import { recipes } from "../local/recipes/index.ts";
import { UnlearnableDataError } from "../local/recipes/learnable.ts";
import { defaultsOf } from "../local/recipes/parameters.ts";
import type { Recipe, RecipeType } from "../local/recipes/recipe.ts";
import { clickWatch } from "./data/click-watch.ts";
import { hasMovieLens, movieLensSmall } from "./data/movielens.ts";
import { simulatedShop } from "./data/shop.ts";
import type { Row } from "./row.ts";

export interface RecipeResult {
  readonly recipe: string;
  readonly seed: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** User time of all threads: what the wall clock would show on an idle machine with one core. */
  readonly processorSeconds: number;
}

const dataSets: Readonly<Record<string, { isHere: () => boolean; read: () => LoadedData }>> = {
  "movielens-small": { isHere: hasMovieLens, read: () => movieLensSmall() },
  "click-watch": { isHere: hasMovieLens, read: () => clickWatch() },
  shop: { isHere: () => true, read: simulatedShop },
};

/** The types of recipe whose lists of items the documented protocol judges. */
const judged: readonly RecipeType[] = [
  "USER_PERSONALIZATION",
  "POPULAR_ITEMS",
  "RELATED_ITEMS",
  "PERSONALIZED_RANKING",
];

/** Trains one recipe with its defaults on the training part and evaluates it on the test users. */
export async function measureRecipe(
  recipe: Recipe,
  data: LoadedData,
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

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values: readonly number[]): number {
  const order = sorted(values);
  const middle = order.length / 2;
  return order.length % 2 === 1
    ? (order[Math.floor(middle)] ?? NaN)
    : ((order[middle - 1] ?? NaN) + (order[middle] ?? NaN)) / 2;
}

/** "mean .1234, .1000 to .1500". */
function spread(values: readonly number[]): string {
  const order = sorted(values);
  const [lowest = NaN, highest = NaN] = [order[0], order.at(-1)];
  return `mean ${mean(values).toFixed(4)}, ${lowest.toFixed(4)} to ${highest.toFixed(4)}`;
}

const reported = [
  "mean_reciprocal_rank_at_25",
  "normalized_discounted_cumulative_gain_at_10",
  "normalized_discounted_cumulative_gain_at_25",
  "precision_at_5",
  "precision_at_25",
  "coverage",
];

interface Plan {
  readonly data: readonly string[];
  readonly recipes: readonly Recipe[];
  readonly seeds: readonly number[];
  readonly threads: number;
}

async function measureOne(name: string, recipe: Recipe, data: LoadedData, plan: Plan): Promise<Row[]> {
  const results: RecipeResult[] = [];
  try {
    for (const seed of plan.seeds) results.push(await measureRecipe(recipe, data, { seed, threads: plan.threads }));
  } catch (error) {
    if (!(error instanceof UnlearnableDataError)) throw error;
    return [{ what: `${name}, ${recipe.name}`, measured: NaN, unit: error.message, target: "" }];
  }
  const quality = reported.map((metric): Row => {
    const values = results.map(({ metrics }) => metrics[metric] ?? NaN);
    return { what: `${name}, ${recipe.name}, ${metric}`, measured: median(values), unit: spread(values), target: "" };
  });
  const processor = median(results.map(({ processorSeconds }) => processorSeconds));
  const cost: Row = {
    what: `${name}, ${recipe.name}, training on ${plan.threads} threads`,
    measured: median(results.map(({ seconds }) => seconds)),
    unit: `s (${processor.toFixed(1)} s of processor)`,
    target: name === "shop" && plan.threads > 1 ? "<= 20" : "",
  };
  return [...quality, cost];
}

const listed = (text: string | undefined) => text?.split(",").map((each) => each.trim());

/** Throws for a name that does not exist, naming those that do. */
function chosen<T>(kind: string, known: Readonly<Record<string, T>>, names: readonly string[]): T[] {
  return names.map((name) => {
    if (!(name in known)) throw new Error(`There is no ${kind} "${name}". There are: ${Object.keys(known).join(", ")}`);
    return known[name] as T;
  });
}

function planOf(args: readonly string[]): Plan {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ args: [...args], options: { data: text, recipe: text, seeds: text, threads: text } });
  const every = Object.keys(dataSets).filter((name) => dataSets[name]?.isHere());
  const data = listed(values.data) ?? every;
  chosen("data set", dataSets, data);
  const all = Object.keys(recipes).filter((name) => judged.includes(recipes[name]?.type as RecipeType));
  const count = (option: string | undefined, otherwise: number) =>
    Math.max(1, Number(option ?? otherwise) || otherwise);
  return {
    data,
    recipes: chosen("recipe", recipes, listed(values.recipe) ?? all),
    seeds: Array.from({ length: count(values.seeds, 5) }, (_, at) => at + 1),
    threads: count(values.threads, 2),
  };
}

export async function bench(args: readonly string[] = []): Promise<Row[]> {
  const plan = planOf(args);
  const rows: Row[] = [];
  for (const name of plan.data) {
    const set = dataSets[name];
    if (!set?.isHere()) {
      rows.push({ what: name, measured: NaN, unit: "skipped: no data beside the project", target: "" });
      continue;
    }
    const data = set.read();
    for (const recipe of plan.recipes) rows.push(...(await measureOne(name, recipe, data, plan)));
  }
  return rows;
}
