/**
 * Quality and cost of the recipes, by the documented protocol (reference, section 6). A seed chooses the test users and the
 * training's chance; a row gives the median over the seeds, and beside it their mean and spread.
 *
 *   npm run bench recipes -- --data click-watch --recipe aws-sims,aws-hrnn --seeds 5 --threads 2 --protocol both
 *
 * Without options: every data set that is here, every recipe, five seeds, two threads. The protocol is "documented", "strict"
 * (split by time, see evaluation/strict.ts: one training, with confidence intervals) or "both", which is the default.
 */
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { createEvaluation, makeQuery } from "../local/personalize/evaluation/evaluate.ts";
import { splitUsers } from "../local/personalize/evaluation/split.ts";
import { bootstrap, evaluateByTime, splitByTime } from "../local/personalize/evaluation/strict.ts";
import type { LoadedData } from "../local/personalize/data/training-data.ts";
import { recipes } from "../local/recipes/index.ts";
import { UnlearnableDataError } from "../local/recipes/learnable.ts";
import { defaultsOf } from "../local/recipes/parameters.ts";
import type { Recipe, RecipeType, TrainingEnvironment } from "../local/recipes/recipe.ts";
import { clickWatch } from "./data/click-watch.ts";
import { hasMovieLens, movieLensSmall } from "./data/movielens.ts";
import { simulatedShop } from "./data/shop.ts";
import { plainCosine } from "./reference/cosine.ts";
import type { Row } from "./row.ts";
import { verdictsOf } from "./verdicts.ts";

export interface RecipeResult {
  readonly recipe: string;
  readonly seed: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** nDCG@25 of each test user, the metric that the gate looks at first. */
  readonly gains: readonly number[];
  /** User time of all threads: what the wall clock would show on an idle machine with one core. */
  readonly processorSeconds: number;
}

const dataSets: Readonly<Record<string, { isHere: () => boolean; read: () => LoadedData }>> = {
  "movielens-small": { isHere: hasMovieLens, read: () => movieLensSmall() },
  "click-watch": { isHere: hasMovieLens, read: () => clickWatch() },
  shop: { isHere: () => true, read: simulatedShop },
};

/** The project's recipes, and what they are compared with. */
const known: Readonly<Record<string, Recipe>> = { ...recipes, [plainCosine.name]: plainCosine };

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
  const model = await recipe.train(training, defaultsOf(recipe), environmentOf(seed, threads));
  const seconds = (performance.now() - began) / 1000;
  const processorSeconds = process.cpuUsage(processor).user / 1e6;
  const evaluation = createEvaluation(model, data);
  const asked = Array.from(testUsers, (user) => evaluation.ask(makeQuery(data, user, recipe.type)));
  const gains = asked.map((each) => each["normalized_discounted_cumulative_gain_at_25"] ?? 0);
  return { recipe: recipe.name, seed, metrics: evaluation.metrics(), gains, seconds, processorSeconds };
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

const protocols = { documented: ["documented"], strict: ["strict"], both: ["documented", "strict"] } as const;

interface Plan {
  readonly protocol: readonly ("documented" | "strict")[];
  readonly data: readonly string[];
  readonly recipes: readonly Recipe[];
  readonly seeds: readonly number[];
  readonly threads: number;
}

const environmentOf = (seed: number, threads: number): TrainingEnvironment => ({
  ...{ seed, threads },
  signal: new AbortController().signal,
  progress: () => {},
});

/** How much smaller than the gate's bound, sqrt(m (1 - m) / n), the noise of the primary metric really is: what `noise.k` can be. */
function noiseRow(name: string, { recipe, gains, seed }: RecipeResult): Row {
  const { mean: m, standardError, users } = bootstrap(gains, { seed });
  const bound = Math.sqrt((m * (1 - m)) / users);
  const unit = `${standardError.toFixed(4)} of ${bound.toFixed(4)}, ${users} test users`;
  return {
    what: `${name}, ${recipe}, standard error of nDCG@25 / its bound`,
    measured: standardError / bound,
    unit,
    target: "",
  };
}

interface Measured {
  readonly rows: readonly Row[];
  readonly medians: Readonly<Record<string, number>>;
}

async function measureOne(name: string, recipe: Recipe, data: LoadedData, plan: Plan): Promise<Measured> {
  const results: RecipeResult[] = [];
  for (const seed of plan.seeds) results.push(await measureRecipe(recipe, data, { seed, threads: plan.threads }));
  const valuesOf = (metric: string) => results.map(({ metrics }) => metrics[metric] ?? NaN);
  const medians = Object.fromEntries(reported.map((metric) => [metric, median(valuesOf(metric))]));
  const quality = reported.map((metric): Row => {
    const unit = spread(valuesOf(metric));
    return { what: `${name}, ${recipe.name}, ${metric}`, measured: medians[metric] ?? NaN, unit, target: "" };
  });
  const processor = median(results.map(({ processorSeconds }) => processorSeconds));
  const cost: Row = {
    what: `${name}, ${recipe.name}, training on ${plan.threads} threads`,
    measured: median(results.map(({ seconds }) => seconds)),
    unit: `s (${processor.toFixed(1)} s of processor)`,
    target: name === "shop" && plan.threads > 1 ? "<= 20" : "",
  };
  const noise = results.slice(0, 1).map((result) => noiseRow(name, result));
  return { rows: [...quality, ...noise, cost], medians };
}

const strictlyReported = reported.filter((metric) => metric !== "coverage");

/** One training on what came before a moment, asked of everybody who came back. */
async function measureStrictly(name: string, recipe: Recipe, data: LoadedData, plan: Plan): Promise<Row[]> {
  const [seed = 1] = plan.seeds;
  const split = splitByTime(data);
  const model = await recipe.train(split.training, defaultsOf(recipe), environmentOf(seed, plan.threads));
  const intervals = evaluateByTime(model, recipe.type, data, { split, seed });
  return strictlyReported.flatMap((metric): Row[] => {
    const interval = intervals[metric];
    if (!interval) return [];
    const { mean: measured, low, high, standardError, users } = interval;
    const unit = `${low.toFixed(4)} to ${high.toFixed(4)}, standard error ${standardError.toFixed(4)}, ${users} users`;
    return [{ what: `${name} by time, ${recipe.name}, ${metric}`, measured, unit, target: "" }];
  });
}

/** What cannot be learnt from is a row as well. */
async function orWhyNot<T>(what: string, work: Promise<T>): Promise<T | Row> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof UnlearnableDataError)) throw error;
    return { what, measured: NaN, unit: error.message, target: "" };
  }
}

async function measureDataSet(name: string, data: LoadedData, plan: Plan): Promise<Row[]> {
  const rows: Row[] = [];
  const medians: Record<string, Measured["medians"]> = {};
  for (const recipe of plan.recipes) {
    const what = `${name}, ${recipe.name}`;
    if (plan.protocol.includes("documented")) {
      const measured = await orWhyNot(what, measureOne(name, recipe, data, plan));
      if ("rows" in measured) {
        rows.push(...measured.rows);
        medians[recipe.name] = measured.medians;
      } else rows.push(measured);
    }
    if (!plan.protocol.includes("strict")) continue;
    const strict = await orWhyNot(`${what} by time`, measureStrictly(name, recipe, data, plan));
    rows.push(...(Array.isArray(strict) ? strict : [strict]));
  }
  return [...rows, ...verdictsOf(name, medians)];
}

const listed = (text: string | undefined) => text?.split(",").map((each) => each.trim());

/** Throws for a name that does not exist, naming those that do. */
function chosen<T>(kind: string, all: Readonly<Record<string, T>>, names: readonly string[]): T[] {
  return names.map((name) => {
    if (!(name in all)) throw new Error(`There is no ${kind} "${name}". There are: ${Object.keys(all).join(", ")}`);
    return all[name] as T;
  });
}

function planOf(args: readonly string[]): Plan {
  const text = { type: "string" } as const;
  const options = { data: text, recipe: text, seeds: text, threads: text, protocol: text };
  const { values } = parseArgs({ args: [...args], options });
  const every = Object.keys(dataSets).filter((name) => dataSets[name]?.isHere());
  const data = listed(values.data) ?? every;
  chosen("data set", dataSets, data);
  const all = Object.keys(known).filter((name) => judged.includes(known[name]?.type as RecipeType));
  const count = (option: string | undefined, otherwise: number) =>
    Math.max(1, Number(option ?? otherwise) || otherwise);
  const [protocol = []] = chosen<readonly ("documented" | "strict")[]>("protocol", protocols, [
    values.protocol ?? "both",
  ]);
  return {
    ...{ protocol, data },
    recipes: chosen("recipe", known, listed(values.recipe) ?? all),
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
    rows.push(...(await measureDataSet(name, set.read(), plan)));
  }
  return rows;
}
