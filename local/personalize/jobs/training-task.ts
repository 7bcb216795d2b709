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
import type { Metrics } from "../evaluation/evaluate.ts";
import { planEvaluation } from "../evaluation/plan.ts";
import type { EvaluationPlan } from "../evaluation/plan.ts";
import type { TrainingJob, TrainingJobProgress, TrainingResult } from "../job-runner.ts";
import { fingerprintOf, openCheckpoints } from "./checkpoints.ts";
import type { CheckpointFolder } from "./checkpoints.ts";
import { filterOf, loadTrainingData } from "./load-data.ts";
import { loadModel, modelFolder, readModelManifest, writeModel } from "./model-files.ts";

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
const queriesPerPause = 64;
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

/** Asks all questions, with pauses in which the training can be ended. */
export async function askAll(
  model: Model,
  plan: EvaluationPlan,
  { signal, asked = () => {} }: { signal: AbortSignal; asked?: (share: number) => void },
): Promise<Metrics> {
  const asking = plan.begin(model);
  for (let question = 0; question < plan.questions; question++) {
    if (question % queriesPerPause === 0) {
      await pause(signal);
      asked(question / plan.questions);
    }
    asking.ask(question);
  }
  return asking.metrics();
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
    ...[task.baseSolutionVersionArn, task.now, fingerprintOf(data)],
  ]);

interface Work {
  readonly task: TrainingTask;
  readonly recipe: Recipe;
  readonly plan: EvaluationPlan;
  readonly checkpoints: CheckpointFolder;
  readonly ports: TrainingPorts;
  readonly report: Report;
}

async function trainModel({ task, recipe, plan, checkpoints, ports, report }: Work): Promise<Model> {
  const base = baseOf(task, recipe);
  const environment: TrainingEnvironment = {
    seed: task.seed,
    threads: task.threads,
    signal: ports.signal,
    progress: (progress) => report({ ...progress, fraction: progress.fraction * (1 - evaluationShare) }),
    checkpoints: checkpoints.of("training", keyOf(task, plan.training)),
    ...(task.now !== undefined && { now: task.now }),
    ...(base && { base }),
  };
  return recipe.train(plan.training, task.parameters, environment);
}

/** Throws DataFailure or UnlearnableDataError for what the data do not allow, the signal's reason when aborted. */
export async function runTraining(task: TrainingTask, ports: TrainingPorts): Promise<TrainingResult> {
  const folder = modelFolder(task.dataDir, task.solutionVersionArn);
  const checkpoints = openCheckpoints(folder);
  const finished = readModelManifest(folder);
  if (finished) {
    checkpoints.remove();
    return finished.result;
  }
  const recipe = ports.recipes[task.recipe];
  if (!recipe) throw new DataFailure(`Recipe ${task.recipe} cannot be trained here.`);
  const start = ports.elapsed();
  let last: Parameters<Report>[0] = { fraction: 0, epoch: 0, epochs: 0 };
  const report = rememberLast(estimator(ports), (progress) => (last = progress));
  report({ ...last, phase: "loading the data" });
  const data = loadTrainingData(task, recipe.type);
  const plan = planEvaluation(recipe, data, { seed: splitSeed });
  const model = await trainModel({ task, recipe, plan, checkpoints, ports, report });
  const asked = (share: number) =>
    report({ ...last, phase: "evaluating", fraction: 1 - evaluationShare * (1 - 0.9 * share) });
  const metrics = await askAll(model, plan, { signal: ports.signal, asked });
  ports.signal.throwIfAborted();
  const result: TrainingResult = {
    metrics,
    trainingHours: billedHours(ports.elapsed() - start, task.threads),
    users: data.users.length,
    items: data.items.length,
    interactions: data.item.length,
  };
  writeModel(task.dataDir, manifestOf(task, result), recipe.save(model), data);
  checkpoints.remove();
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
  recipe: task.recipe,
  filter: filterOf(task),
  result,
});

function billedHours(milliseconds: number, threads: number): number {
  const hours = (milliseconds * threads) / billedThreads / 3_600_000;
  return Math.max(0.001, Math.round(hours * 1000) / 1000);
}
