/** The search before a training, where the solution asks for one: what to try, trained on a part of the training part. */
import { pause } from "../../recipes/pause.ts";
import type { Model, Recipe } from "../../recipes/recipe.ts";
import { DataFailure } from "../data/data-failure.ts";
import type { LoadedData } from "../data/training-data.ts";
import type { Metrics } from "../evaluation/evaluate.ts";
import { planEvaluation } from "../evaluation/plan.ts";
import type { EvaluationPlan } from "../evaluation/plan.ts";
import type { TrainingJobProgress, TrainingSearch } from "../job-runner.ts";
import { bestOf, pointsOf, search } from "../tuning/search.ts";
import type { Candidate, Trial } from "../tuning/search.ts";
import type { CheckpointFolder } from "./checkpoints.ts";

export interface SearchWork {
  readonly search: TrainingSearch;
  readonly recipes: Readonly<Record<string, Recipe>>;
  /** What is trained when nothing better is found, and what the search begins with. */
  readonly given: Candidate;
  /** The solution version's training part. */
  readonly training: LoadedData;
  readonly seed: number;
  readonly threads: number;
  readonly now?: number;
  readonly signal: AbortSignal;
  readonly checkpoints: CheckpointFolder;
  readonly key: string;
  readonly report: (progress: Omit<TrainingJobProgress, "secondsLeft">) => void;
}

/** What a search for hyperparameters makes most of, with the strict ideal: it tells lists apart that the service's own does not. */
const objective = "normalized_discounted_cumulative_gain_at_25";
/** Another draw of users than the one that the version is tested on. */
const validationSeed = 20_19;
/** So many users are asked after each epoch, at most. */
const mostQuestions = 1000;
const questionsPerPause = 64;

/** Asks all questions, with pauses in which the training can be ended. */
export async function askAll(
  model: Model,
  plan: EvaluationPlan,
  { signal, asked = () => {} }: { signal: AbortSignal; asked?: (share: number) => void },
): Promise<Metrics> {
  const asking = plan.begin(model);
  for (let question = 0; question < plan.questions; question++) {
    if (question % questionsPerPause === 0) {
      await pause(signal);
      asked(question / plan.questions);
    }
    asking.ask(question);
  }
  return asking.metrics();
}

function candidatesOf({ search: wanted, given, seed }: SearchWork): readonly Candidate[] {
  if (wanted.kind === "recipes") return wanted.candidates;
  const points = pointsOf(wanted.space, { given: given.parameters, count: wanted.trials, seed });
  return points.map((point) => ({ recipe: given.recipe, parameters: { ...given.parameters, ...point } }));
}

function valueOf(metrics: Metrics, metric: string): number {
  const value = metrics[metric];
  if (value === undefined) throw new Error(`There is no metric ${metric} among ${Object.keys(metrics).join(", ")}`);
  return value;
}

/** The value right now, for a recipe that waits: asked without pauses. */
function valueNow(model: Model, plan: EvaluationPlan, metric: string): number {
  const asking = plan.begin(model);
  for (let question = 0; question < plan.questions; question++) asking.ask(question);
  return valueOf(asking.metrics(), metric);
}

function recipeOf({ recipes }: SearchWork, name: string): Recipe {
  const recipe = recipes[name];
  if (!recipe) throw new DataFailure(`Recipe ${name} cannot be trained here.`);
  return recipe;
}

function planOf(work: SearchWork, recipe: Recipe): EvaluationPlan {
  const plan = planEvaluation(recipe, work.training, { seed: validationSeed, ideal: "truth" });
  return { ...plan, questions: Math.min(plan.questions, mostQuestions) };
}

async function tryOne(
  work: SearchWork,
  { recipe: name, parameters }: Candidate,
  trial: { readonly at: number; readonly metric: string; readonly progress: SearchWork["report"] },
  afterEpoch: (value: number) => boolean,
): Promise<number> {
  const recipe = recipeOf(work, name);
  const plan = planOf(work, recipe);
  const { seed, threads, signal, checkpoints, key, now } = work;
  const part = `trial-${trial.at}`;
  const model = await recipe.train(plan.training, parameters, {
    ...{ seed, threads, signal, progress: trial.progress },
    checkpoints: checkpoints.of(part, JSON.stringify([key, name, parameters])),
    afterEpoch: (_epoch, current) => afterEpoch(valueNow(current(), plan, trial.metric)),
    ...(now !== undefined && { now }),
  });
  const metrics = await askAll(model, plan, { signal });
  checkpoints.drop(part);
  return valueOf(metrics, trial.metric);
}

/**
 * The best way to train that was found. Reports its own fraction, from 0 to 1.
 * Throws DataFailure when no recipe of the list can learn from the data, the signal's reason when aborted.
 */
export async function runSearch(work: SearchWork): Promise<Trial> {
  const candidates = candidatesOf(work);
  const metric = work.search.kind === "recipes" ? work.search.metric : objective;
  let best: Trial | undefined;
  const trials = await search(candidates, {
    endsEarly: work.search.kind === "hyperparameters",
    memory: work.checkpoints.of("search", work.key),
    tried: (done) => (best = bestOf(done)),
    tryOne: (candidate, at, afterEpoch) => {
      const progress: SearchWork["report"] = (inner) =>
        work.report({
          ...inner,
          phase: `trial ${at + 1} of ${candidates.length}`,
          fraction: (at + inner.fraction) / candidates.length,
          ...(best?.value !== undefined && { metric: { name: `best ${metric}`, value: best.value } }),
        });
      progress({ fraction: 0, epoch: 0, epochs: 0 });
      return tryOne(work, candidate, { at, metric, progress }, afterEpoch);
    },
  });
  const found = bestOf(trials);
  if (!found) throw new DataFailure("Create failed. None of the recipes can learn from these data.");
  return found;
}
