/**
 * One training from stored rows to a sealed model folder: read, split, train, evaluate, write. Runs in a worker thread
 * (training-worker.ts) or, in tests, where it is called. The model that is evaluated is the model that is served
 * (docs/decisions/0010-served-model.md). Doing a finished training again only returns its result; one that was killed goes on
 * from its last checkpoint, where its recipe leaves some.
 */
import { pause } from "../../recipes/pause.ts";
import type { Model, Recipe, TrainingEnvironment } from "../../recipes/recipe.ts";
import { DataFailure } from "../data/data-failure.ts";
import type { LoadedData } from "../data/training-data.ts";
import { planEvaluation } from "../evaluation/plan.ts";
import type { EvaluationPlan } from "../evaluation/plan.ts";
import type { TrainingJob, TrainingJobProgress, TrainingResult } from "../job-runner.ts";
import type { Candidate } from "../tuning/search.ts";
import { fingerprintOf, openCheckpoints } from "./checkpoints.ts";
import type { CheckpointFolder } from "./checkpoints.ts";
import { filterOf, loadTrainingData } from "./load-data.ts";
import { loadModel, modelFolder, readModelManifest, writeModel } from "./model-files.ts";
import { askAll, runSearch } from "./run-search.ts";

/** A TrainingJob as it crosses to a thread, and where its data are. */
export interface TrainingTask extends Omit<TrainingJob, "progress"> {
  readonly dataDir: string;
  readonly threads: number;
}

export interface TrainingPorts {
  readonly recipes: Readonly<Record<string, Recipe>>;
  readonly signal: AbortSignal;
  readonly progress: (progress: TrainingJobProgress) => void;
  /** Milliseconds since any fixed moment. */
  readonly elapsed: () => number;
}

/** The same for every version of every group: see evaluation/split.ts. */
const splitSeed = 20_18;
/** Of the progress, what is left for the evaluation. */
const evaluationShare = 0.05;
/** A training hour is an hour of a machine with four virtual CPUs. */
const billedThreads = 4;

type Report = (progress: Omit<TrainingJobProgress, "secondsLeft">) => void;

/** Adds the time left, from the share done and the time it took. */
function estimator(ports: TrainingPorts): Report {
  const start = ports.elapsed();
  return (progress) => {
    const seconds = (ports.elapsed() - start) / 1000;
    const { fraction } = progress;
    const secondsLeft = fraction > 0 ? Math.round((seconds * (1 - fraction)) / fraction) : undefined;
    ports.progress({ ...progress, ...(secondsLeft !== undefined && { secondsLeft }) });
  };
}

/** trainingMode UPDATE: the model that the training starts from. */
function baseOf({ dataDir, baseSolutionVersionArn: arn }: TrainingTask, recipe: Recipe): Model | undefined {
  if (arn === undefined) return undefined;
  const folder = modelFolder(dataDir, arn);
  const manifest = readModelManifest(folder);
  if (!manifest) throw new DataFailure(`Create failed. The model files of ${arn} are gone: train with FULL.`);
  return loadModel(folder, manifest, { [recipe.name]: recipe });
}

/** What must be the same for a checkpoint to count. */
const keyOf = (task: TrainingTask, data: LoadedData): string =>
  JSON.stringify([
    ...[task.solutionVersionArn, task.recipe, task.parameters, task.seed, task.threads, task.trainingMode],
    ...[task.baseSolutionVersionArn, task.now, task.search, fingerprintOf(data)],
  ]);

interface Work {
  readonly task: TrainingTask;
  readonly plan: EvaluationPlan;
  readonly checkpoints: CheckpointFolder;
  readonly key: string;
  readonly ports: TrainingPorts;
  readonly report: Report;
}

/** Which recipe to train with which parameters: the task's own, or what its search found to be best. */
async function chooseWay({ task, plan, checkpoints, key, ports, report }: Work): Promise<Candidate> {
  const given: Candidate = { recipe: task.recipe, parameters: task.parameters };
  if (!task.search) return given;
  const { search, seed, threads, now } = task;
  const { recipes, signal } = ports;
  const share = 1 - 1 / ((search.kind === "recipes" ? search.candidates.length : search.trials) + 1);
  return runSearch({
    ...{ search, recipes, given, training: plan.training, seed, threads, signal, checkpoints, key },
    report: (progress) => report({ ...progress, fraction: progress.fraction * share }),
    ...(now !== undefined && { now }),
  });
}

async function trainModel(work: Work, recipe: Recipe, way: Candidate): Promise<Model> {
  const { task, plan, checkpoints, key, ports, report } = work;
  await pause(ports.signal);
  const base = baseOf(task, recipe);
  const environment: TrainingEnvironment = {
    seed: task.seed,
    threads: task.threads,
    signal: ports.signal,
    progress: report,
    checkpoints: checkpoints.of("training", JSON.stringify([key, way.recipe, way.parameters])),
    ...(task.now !== undefined && { now: task.now }),
    ...(base && { base }),
  };
  return recipe.train(plan.training, way.parameters, environment);
}

/** The part of a progress that lies between two shares of the whole. */
const between =
  (report: Report, from: number, to: number): Report =>
  (progress) =>
    report({ ...progress, fraction: from + progress.fraction * (to - from) });

/** What the search found, as the version reports it. */
function foundBy({ search }: TrainingTask, { recipe, parameters }: Candidate): Partial<TrainingResult> {
  if (!search) return {};
  if (search.kind === "recipes") return { bestRecipe: recipe };
  return { tuned: Object.fromEntries(search.space.map(({ name }) => [name, parameters[name] as string])) };
}

function recipeNamed({ recipes }: TrainingPorts, name: string): Recipe {
  const recipe = recipes[name];
  if (!recipe) throw new DataFailure(`Recipe ${name} cannot be trained here.`);
  return recipe;
}

/** Throws DataFailure or UnlearnableDataError for what the data do not allow, the signal's reason when aborted. */
export async function runTraining(task: TrainingTask, ports: TrainingPorts): Promise<TrainingResult> {
  const folder = modelFolder(task.dataDir, task.solutionVersionArn);
  const checkpoints = openCheckpoints(folder);
  const result = readModelManifest(folder)?.result ?? (await trainAnew(task, ports, checkpoints));
  checkpoints.remove();
  return result;
}

async function trainAnew(task: TrainingTask, ports: TrainingPorts, checkpoints: CheckpointFolder) {
  const start = ports.elapsed();
  let last: Parameters<Report>[0] = { fraction: 0, epoch: 0, epochs: 0 };
  const report = rememberLast(estimator(ports), (progress) => (last = progress));
  report({ ...last, phase: "loading the data" });
  const asked = recipeNamed(ports, task.recipe);
  const data = loadTrainingData(task, asked.type);
  const plan = planEvaluation(asked, data, { seed: splitSeed });
  const learning = between(report, 0, 1 - evaluationShare);
  const work = { task, plan, checkpoints, key: keyOf(task, plan.training), ports, report: learning };
  const way = await chooseWay(work);
  const recipe = recipeNamed(ports, way.recipe);
  const searched = task.search ? last.fraction / (1 - evaluationShare) : 0;
  const model = await trainModel({ ...work, report: between(learning, searched, 1) }, recipe, way);
  const evaluating = between(report, 1 - evaluationShare, 1);
  const metrics = await askAll(model, plan, {
    signal: ports.signal,
    asked: (share) => evaluating({ ...last, phase: "evaluating", fraction: 0.9 * share }),
  });
  ports.signal.throwIfAborted();
  const result: TrainingResult = {
    metrics,
    trainingHours: billedHours(ports.elapsed() - start, task.threads),
    users: data.users.length,
    items: data.items.length,
    interactions: data.item.length,
    ...foundBy(task, way),
  };
  writeModel(task.dataDir, { ...manifestOf(task, result), recipe: recipe.name }, recipe.save(model), data);
  const { phase: _, ...end } = last;
  report({ ...end, fraction: 1 });
  return result;
}

function rememberLast(report: Report, remember: Report): Report {
  return (progress) => {
    remember(progress);
    report(progress);
  };
}

const manifestOf = (task: TrainingTask, result: TrainingResult) => ({
  solutionVersionArn: task.solutionVersionArn,
  datasetGroupArn: task.datasetGroupArn,
  filter: filterOf(task),
  result,
});

function billedHours(milliseconds: number, threads: number): number {
  const hours = (milliseconds * threads) / billedThreads / 3_600_000;
  return Math.max(0.001, Math.round(hours * 1000) / 1000);
}
