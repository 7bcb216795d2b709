/**
 * The data plane: imports, trainings, models and rows behind the port of ../job-runner.ts (whose invariants J1 to J4 are
 * kept here and in data/). Work runs in worker threads; what serving asks for is answered from memory and small reads.
 */
import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { builtFile } from "../../cloud/project-root.ts";
import type { Clock } from "../../cloud/ports/clock.ts";
import { recipes as allRecipes } from "../../recipes/index.ts";
import type { Recipe } from "../../recipes/recipe.ts";
import { deleteUsers } from "../data/delete-users.ts";
import type { DeletionTask } from "../data/delete-users.ts";
import { importDataset } from "../data/import-dataset.ts";
import type { ImportTask } from "../data/import-dataset.ts";
import { readLog } from "../data/append-log.ts";
import { exportCsv } from "../data/export-rows.ts";
import type { ExportSource } from "../data/export-rows.ts";
import { datasetFolder, folderName, hasRows, isInteractions, openTable } from "../data/stored-table.ts";
import { newestRows, streamedLogPath } from "../data/streamed-rows.ts";
import type {
  DatasetSource,
  ImportJob,
  ImportResult,
  JobHandle,
  JobOutcome,
  JobRunner,
  StreamedEvent,
  StreamedRow,
  TrainingJob,
  TrainingResult,
} from "../job-runner.ts";
import { createBulkData } from "./bulk-data.ts";
import { startDeletion } from "./delete-users.ts";
import { createHiddenUsers } from "./hidden-users.ts";
import { readHere, sendFiles } from "./byte-feed.ts";
import { openCheckpoints } from "./checkpoints.ts";
import { startProcess } from "./job-process.ts";
import { startHere, startThread } from "./job-thread.ts";
import { createLine } from "./line.ts";
import { modelFolder, trainerFile } from "./model-files.ts";
import { createReads } from "./reads.ts";
import { openServingModel } from "./serving-model.ts";
import { createStreamedData } from "./streamed-data.ts";
import { runTraining } from "./training-task.ts";

export interface JobRunnerDeps {
  readonly clock: Clock;
  /** Where rows and models live; made when missing. */
  readonly dataDir: string;
  /** Threads that one training may use. */
  readonly threads: number;
  readonly recipes?: Readonly<Record<string, Recipe>>;
  /** "here" runs jobs where they are called: for tests, with recipes of their own. */
  readonly run?: "in-threads" | "here";
  /** Path of a built worker file by its name. */
  readonly workerFile?: (name: string) => string;
}

function startImport(
  job: ImportJob,
  task: ImportTask,
  { run, workerFile = builtFile }: JobRunnerDeps,
): JobHandle<ImportResult> {
  const { progress, files } = job;
  if (run === "here") return startHere(() => importDataset(task, { read: readHere(files), progress }));
  const started = (worker: Parameters<typeof sendFiles>[0]) => sendFiles(worker, files);
  return startThread({ file: workerFile("import-worker.mjs"), task, progress, started });
}

function startTraining(job: TrainingJob, deps: JobRunnerDeps): JobHandle<TrainingResult> {
  const { clock, dataDir, threads, recipes, run, workerFile = builtFile } = deps;
  const { progress, ...rest } = job;
  const task = { ...rest, dataDir, threads };
  if (run !== "here") return startProcess({ file: workerFile("training-process.mjs"), task, progress });
  return startHere((signal) =>
    runTraining(task, { recipes: recipes ?? allRecipes, signal, progress, elapsed: clock.now }),
  );
}

function startBulkDeletion(task: DeletionTask, { run, workerFile = builtFile }: JobRunnerDeps): JobHandle<number> {
  if (run === "here") return startHere(async () => deleteUsers(task));
  return startThread({ file: workerFile("deletion-worker.mjs"), task, progress: () => {} });
}

/** The rows as they are on disk now; what was acknowledged is there. */
function exportSource({ datasetArn, datasetType, schema }: DatasetSource, dataDir: string): ExportSource {
  const log = streamedLogPath(dataDir, datasetArn);
  const ofInteractions = isInteractions(datasetType);
  return {
    datasetType,
    schema,
    table: openTable(datasetFolder(dataDir, datasetArn)),
    events: ofInteractions ? readLog<StreamedEvent>(log) : [],
    rows: ofInteractions ? new Map() : newestRows(readLog<StreamedRow>(log)),
  };
}

/** Where a thread finds what an attribution counts with. */
function tallyOf({ attribution }: ImportJob, dataDir: string): Pick<ImportTask, "attribution"> {
  if (!attribution) return {};
  const { itemsArn, ...rest } = attribution;
  if (itemsArn === undefined) return { attribution: rest };
  const items = { folder: datasetFolder(dataDir, itemsArn), log: streamedLogPath(dataDir, itemsArn) };
  return { attribution: { ...rest, items } };
}

export function createJobRunner(deps: JobRunnerDeps): JobRunner {
  const { clock, dataDir, recipes = allRecipes } = deps;
  const bulk = createBulkData(dataDir);
  const streamed = createStreamedData(dataDir);
  const reads = createReads(bulk, streamed);
  const hidden = createHiddenUsers(dataDir);
  const running = new Set<JobHandle<unknown>>();
  const trainings = new Map<JobHandle<TrainingResult>, string>(); // of which group
  const line = createLine();
  let closing = false;

  /** Holds the clock while the job works, and takes it off the list when it is done. */
  function track<Result>(handle: JobHandle<Result>): JobHandle<Result> {
    const release = clock.busy();
    const done = handle.done.finally(() => {
      running.delete(tracked);
      release();
    });
    const tracked = { done, cancel: handle.cancel };
    running.add(tracked);
    return tracked;
  }

  function importJob(job: ImportJob): JobHandle<ImportResult> {
    const { jobArn, datasetType, schema, mode, datasetArn, mostRowsStored, mostEventTypes } = job;
    const folder = datasetFolder(dataDir, datasetArn);
    const files = job.files.map(({ key, sizeBytes }) => ({ key, sizeBytes }));
    const limit = {
      ...(mostRowsStored === undefined ? {} : { mostRowsStored }),
      ...(mostEventTypes === undefined ? {} : { mostEventTypes }),
    };
    const task: ImportTask = { jobArn, datasetType, schema, mode, folder, files, ...limit, ...tallyOf(job, dataDir) };
    const finish = (outcome: JobOutcome<ImportResult>) => {
      if (outcome.kind === "succeeded") reads.imported(job);
      else rmSync(join(folder, `rows-${folderName(jobArn)}.new`), { recursive: true, force: true });
      return outcome;
    };
    // Imports into one dataset go one after the other: each may build on the rows before it.
    return track(line.enter(datasetArn, () => startImport(job, task, deps), finish));
  }

  function train(job: TrainingJob): JobHandle<TrainingResult> {
    const finish = (outcome: JobOutcome<TrainingResult>) => {
      const folder = modelFolder(dataDir, job.solutionVersionArn);
      if (outcome.kind !== "succeeded") rmSync(`${folder}.new`, { recursive: true, force: true });
      rmSync(trainerFile(folder), { force: true });
      // Ended by `close` it runs again at the next start, from its last checkpoint.
      if (!(outcome.kind === "cancelled" && closing)) openCheckpoints(folder).remove();
      return outcome;
    };
    const handle = track(line.enter(job.solutionVersionArn, () => startTraining(job, deps), finish));
    trainings.set(handle, job.datasetGroupArn);
    void handle.done.catch(() => {}).finally(() => trainings.delete(handle));
    return handle;
  }

  async function recordRows(datasetArn: string, _group: string, rows: readonly StreamedRow[]): Promise<void> {
    const recorded = streamed.recordRows(datasetArn, rows);
    reads.changed(
      datasetArn,
      rows.map(({ id }) => id),
    );
    await recorded;
  }

  const trainingsOf = (group: string) =>
    Promise.allSettled([...trainings].flatMap(([{ done }, of]) => (of === group ? [done] : [])));
  const deletion = {
    ...{ dataDir, line, reads, streamed, hidden, trainingsOf },
    startBulk: (task: DeletionTask) => startBulkDeletion(task, deps),
  };

  return {
    importDataset: importJob,
    train,
    deleteUsers: (job) => track(startDeletion(job, deletion)),
    openModel: async (arn) =>
      openServingModel(arn, { dataDir, recipes, events: reads.eventsOfGroup, hidden: hidden.of(arn) }),
    ...reads,
    hasBulkData: (datasetArn) => hasRows(datasetFolder(dataDir, datasetArn)),
    recordEvents: (datasetArn, _group, events, whenNew) => streamed.recordEvents(datasetArn, events, whenNew),
    recordItems: recordRows,
    recordUsers: recordRows,
    recordActions: recordRows,
    exportRows: (dataset, mode) => exportCsv(exportSource(dataset, dataDir), mode),
    async forgetDataset(datasetArn) {
      bulk.forget(datasetArn);
      await streamed.forget(datasetArn);
      await rm(datasetFolder(dataDir, datasetArn), { recursive: true, force: true });
      reads.forgotten(datasetArn);
    },
    async forgetModel(arn) {
      hidden.forget(arn);
      openCheckpoints(modelFolder(dataDir, arn)).remove();
      await rm(modelFolder(dataDir, arn), { recursive: true, force: true });
    },
    open: () => Promise.resolve(),
    async close() {
      closing = true;
      for (const { cancel } of running) cancel();
      await Promise.allSettled([...running].map(({ done }) => done));
      bulk.close();
      await streamed.close();
    },
  };
}
