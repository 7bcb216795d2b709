/**
 * A data deletion job: who is listed is taken out of bulk rows, then out of streamed ones, then hidden in the models that were
 * trained with them. What counted how many is written down before anything goes, so that a job which runs again after a crash
 * tells the same number.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DeletionTask } from "../data/delete-users.ts";
import type { Dictionary } from "../data/dictionary.ts";
import { readSealedJson, writeSealedJson } from "../data/sealed-folder.ts";
import { datasetFolder, folderName, isInteractions } from "../data/stored-table.ts";
import { readUserList } from "../data/user-list.ts";
import type { DatasetSource, DeletionJob, DeletionResult, JobHandle } from "../job-runner.ts";
import type { HiddenUsers } from "./hidden-users.ts";
import { startHere } from "./job-thread.ts";
import type { Line } from "./line.ts";
import type { Reads } from "./reads.ts";
import type { StreamedData } from "./streamed-data.ts";

export interface DeletionPorts {
  readonly dataDir: string;
  readonly line: Line;
  readonly reads: Pick<Reads, "imported">;
  readonly streamed: StreamedData;
  readonly hidden: HiddenUsers;
  /** Rewrites one dataset's bulk rows; gives the rows that went. */
  readonly startBulk: (task: DeletionTask) => JobHandle<number>;
  /** Resolves when the group's trainings of now, which may have read the rows before, have ended. */
  readonly trainingsOf: (datasetGroupArn: string) => Promise<unknown>;
}

/** What the job has counted so far: bulk and streamed rows by dataset. */
type Counts = Readonly<Record<string, number>>;

const hasUsers = ({ datasetType }: DatasetSource) => isInteractions(datasetType) || datasetType === "USERS";

export const startDeletion = (job: DeletionJob, ports: DeletionPorts): JobHandle<DeletionResult> =>
  startHere((signal) => run(job, ports, signal));

async function run(job: DeletionJob, ports: DeletionPorts, signal: AbortSignal): Promise<DeletionResult> {
  const ledger = openLedger(ports.dataDir, job.jobArn);
  const users = await readUserList(job.files, signal);
  const isListed = (userId: string) => users.find(userId) !== undefined;
  for (const dataset of job.datasets.filter(hasUsers)) {
    const { datasetArn } = dataset;
    const rows = await deleteBulk(job, dataset, { users, ports, signal });
    ledger.once(`bulk ${datasetArn}`, rows);
    await ports.streamed.forgetUsers(dataset, isListed, (count) => ledger.once(`streamed ${datasetArn}`, count));
    ports.reads.imported({ datasetArn, datasetGroupArn: job.datasetGroupArn });
  }
  signal.throwIfAborted();
  await ports.trainingsOf(job.datasetGroupArn);
  ports.hidden.hide(job.datasetGroupArn, isListed);
  return { deleted: ledger.sum() };
}

/** In line with the dataset's imports, which may build on its rows. */
async function deleteBulk(
  { jobArn }: DeletionJob,
  { datasetArn, datasetType }: DatasetSource,
  { users, ports, signal }: { readonly users: Dictionary; readonly ports: DeletionPorts; readonly signal: AbortSignal },
): Promise<number> {
  const folder = datasetFolder(ports.dataDir, datasetArn);
  const start = () => ports.startBulk({ jobArn, datasetType, folder, users: users.freeze() });
  const handle = ports.line.enter(datasetArn, start, (outcome) => outcome);
  signal.addEventListener("abort", handle.cancel, { once: true });
  const outcome = await handle.done.finally(() => signal.removeEventListener("abort", handle.cancel));
  signal.throwIfAborted();
  if (outcome.kind !== "succeeded") throw new Error(`${jobArn} could not rewrite ${datasetArn}: ${outcome.kind}`);
  return outcome.result;
}

/** Remembers the first number given for each name, on disk before it returns. */
function openLedger(dataDir: string, jobArn: string) {
  const folder = join(dataDir, "deletions");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${folderName(jobArn)}.json`);
  let counts = (readSealedJson(path) as Counts | undefined) ?? {};
  return {
    once(name: string, count: number) {
      if (name in counts) return;
      counts = { ...counts, [name]: count };
      writeSealedJson(path, counts);
    },
    sum: () => Object.values(counts).reduce((sum, count) => sum + count, 0),
  };
}
