/**
 * One training from stored rows to a sealed model folder: read, split, train, evaluate, write. Runs in a worker thread
 * (training-worker.ts) or, in tests, where it is called. The model that is evaluated is the model that is served
 * (docs/decisions/0010-served-model.md). Doing a finished training again only returns its result.
 */
import { pause } from "../../recipes/pause.ts";
import type { Model, Recipe } from "../../recipes/recipe.ts";
import { readLog } from "../data/append-log.ts";
import { DataFailure } from "../data/data-failure.ts";
import { datasetFolder, openTable } from "../data/stored-table.ts";
import { indexEvents, newestRows, streamedLogPath } from "../data/streamed-rows.ts";
import { buildTrainingData } from "../data/training-data.ts";
import type { EntityRows, LoadedData } from "../data/training-data.ts";
import { createEvaluation, makeQuery } from "../evaluation/evaluate.ts";
import type { Metrics } from "../evaluation/evaluate.ts";
import { splitUsers } from "../evaluation/split.ts";
import type {
  DatasetType,
  StreamedEvent,
  StreamedRow,
  TrainingJob,
  TrainingJobProgress,
  TrainingResult,
} from "../job-runner.ts";
import { modelFolder, readModelManifest, writeModel } from "./model-files.ts";

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

function entityRows(task: TrainingTask, type: DatasetType): EntityRows | undefined {
  const dataset = task.datasets.find(({ datasetType }) => datasetType === type);
  if (!dataset) return undefined;
  const streamed = newestRows(readLog<StreamedRow>(streamedLogPath(task.dataDir, dataset.datasetArn)));
  return { schema: dataset.schema, table: openTable(datasetFolder(task.dataDir, dataset.datasetArn)), streamed };
}

function loadData(task: TrainingTask): LoadedData {
  const dataset = task.datasets.find(({ datasetType }) => datasetType === "INTERACTIONS");
  const interactions = dataset && openTable(datasetFolder(task.dataDir, dataset.datasetArn));
  if (!dataset || !interactions) throw new DataFailure("Dataset has fewer than 1000 interactions.");
  const [items, users] = [entityRows(task, "ITEMS"), entityRows(task, "USERS")];
  return buildTrainingData({
    interactions,
    events: indexEvents(readLog<StreamedEvent>(streamedLogPath(task.dataDir, dataset.datasetArn))),
    ...(items && { items }),
    ...(users && { users }),
    filter: filterOf(task),
    excludedColumns: task.excludedColumns,
  });
}

function filterOf({ eventType, eventValueThreshold }: TrainingTask) {
  return {
    ...(eventType !== undefined && { eventType }),
    ...(eventValueThreshold !== undefined && { eventValueThreshold }),
  };
}

/** Adds the time left, from the share done and the time it took. */
function estimator(ports: TrainingPorts) {
  const start = ports.elapsed();
  return (progress: Omit<TrainingJobProgress, "secondsLeft">) => {
    const seconds = (ports.elapsed() - start) / 1000;
    const { fraction } = progress;
    const secondsLeft = fraction > 0 ? Math.round((seconds * (1 - fraction)) / fraction) : undefined;
    ports.progress({ ...progress, ...(secondsLeft !== undefined && { secondsLeft }) });
  };
}

async function evaluateModel(
  model: Model,
  recipe: Recipe,
  data: LoadedData,
  testUsers: Uint32Array,
  signal: AbortSignal,
): Promise<Metrics> {
  const evaluation = createEvaluation(model, data);
  for (const [asked, user] of testUsers.entries()) {
    if (asked % queriesPerPause === 0) await pause(signal);
    evaluation.ask(makeQuery(data, user, recipe.type));
  }
  return evaluation.metrics();
}

/** Throws DataFailure or UnlearnableDataError for what the data do not allow, the signal's reason when aborted. */
export async function runTraining(task: TrainingTask, ports: TrainingPorts): Promise<TrainingResult> {
  const finished = readModelManifest(modelFolder(task.dataDir, task.solutionVersionArn));
  if (finished) return finished.result;
  const recipe = ports.recipes[task.recipe];
  if (!recipe) throw new DataFailure(`Recipe ${task.recipe} cannot be trained here.`);
  const start = ports.elapsed();
  const report = estimator(ports);
  const data = loadData(task);
  const { training, testUsers } = splitUsers(data, splitSeed);
  let last = { epoch: 0, epochs: 0 };
  const model = await recipe.train(training, task.parameters, {
    seed: task.seed,
    threads: task.threads,
    signal: ports.signal,
    progress: (progress) => {
      last = progress;
      report({ ...progress, fraction: progress.fraction * (1 - evaluationShare) });
    },
  });
  const metrics = await evaluateModel(model, recipe, data, testUsers, ports.signal);
  const hours = ((ports.elapsed() - start) * task.threads) / billedThreads / 3_600_000;
  const result: TrainingResult = {
    metrics,
    trainingHours: Math.max(0.001, Math.round(hours * 1000) / 1000),
    users: data.users.length,
    items: data.items.length,
    interactions: data.item.length,
  };
  ports.signal.throwIfAborted();
  const { dataDir, solutionVersionArn, datasetGroupArn } = task;
  const manifest = { solutionVersionArn, datasetGroupArn, recipe: task.recipe, filter: filterOf(task), result };
  writeModel(dataDir, manifest, recipe.save(model), data);
  report({ ...last, fraction: 1 });
  return result;
}
