/**
 * What import jobs tell. The service keeps every job for ever, so the truth about what is in a dataset, and about what a
 * version was trained on (R2), is read from ListDatasetImportJobs and not from notes of our own.
 */
import * as z from "zod";
import { type DatasetType, datasetTypes } from "../config/avro-schema.ts";
import { fingerprintIn } from "../naming/names.ts";
import { InputFile } from "./inputs.ts";

/** The members of a DatasetImportJobSummary that matter here; times in epoch milliseconds. */
export interface ImportJob {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  readonly mode: string;
  readonly createdAt: number;
  readonly finishedAt: number;
}

const newestFirst = (a: ImportJob, b: ImportJob): number => b.createdAt - a.createdAt || (a.arn < b.arn ? 1 : -1);

/** Does the dataset hold exactly these files? True when the newest finished job was ours and imported them. */
export function isImported(
  jobs: readonly ImportJob[],
  prefix: string,
  type: DatasetType,
  fingerprint: string,
): boolean {
  const newest = jobs.filter((job) => job.status === "ACTIVE").sort(newestFirst)[0];
  return newest !== undefined && fingerprintIn(newest.name, prefix, type) === fingerprint.slice(0, 8);
}

/** Which files a job was made from; written before the job is, so that the job's name leads to them. */
export const ImportedFiles = z.object({
  type: z.enum(datasetTypes),
  mode: z.enum(["FULL", "INCREMENTAL"]),
  files: z.array(z.object({ key: z.string(), etag: z.string() })),
});
export type ImportedFiles = z.infer<typeof ImportedFiles>;

/** What "Import the data" starts, one entry for each dataset that changed. */
export const WantedImport = z.object({
  type: z.enum(datasetTypes),
  datasetArn: z.string(),
  jobName: z.string(),
  jobArn: z.string(),
  dataLocation: z.string(),
  mode: z.enum(["FULL", "INCREMENTAL"]),
  /** Of an INCREMENTAL import: what is new, in the versions that were pinned. */
  files: z.array(InputFile),
});
export type WantedImport = z.infer<typeof WantedImport>;

/** Finished jobs that made what the dataset holds now: the last FULL one and what was added to it, newest first. */
export function holdingJobs(jobs: readonly ImportJob[]): ImportJob[] {
  const done = jobs.filter((job) => job.status === "ACTIVE").sort(newestFirst);
  const full = done.findIndex((job) => job.mode !== "INCREMENTAL");
  return full < 0 ? done : done.slice(0, full + 1);
}

/** Files that are not in the dataset yet, in this content. */
export function newFiles(files: readonly InputFile[], held: readonly ImportedFiles[]): InputFile[] {
  const known = new Set(held.flatMap(({ files: old }) => old.map(({ key, etag }) => `${key} ${etag}`)));
  return files.filter(({ key, etag }) => !known.has(`${key} ${etag}`));
}

/** Jobs of one dataset whose data a training that began at `trainedAt` read: the last FULL one and what was added to it. */
export function importsSeenAt(jobs: readonly ImportJob[], trainedAt: number): string[] {
  return holdingJobs(jobs.filter((job) => job.finishedAt <= trainedAt))
    .map((job) => job.arn)
    .sort();
}
