/**
 * What import jobs tell. The service keeps every job for ever, so the truth about what is in a dataset, and about what a
 * version was trained on (R2), is read from ListDatasetImportJobs and not from notes of our own.
 */
import type { DatasetType } from "../config/avro-schema.ts";
import { fingerprintIn } from "../naming/names.ts";

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

/** Jobs of one dataset whose data a training that began at `trainedAt` read: the last FULL one and what was added to it. */
export function importsSeenAt(jobs: readonly ImportJob[], trainedAt: number): string[] {
  const seen = jobs.filter((job) => job.status === "ACTIVE" && job.finishedAt <= trainedAt).sort(newestFirst);
  const full = seen.findIndex((job) => job.mode !== "INCREMENTAL");
  return (full < 0 ? seen : seen.slice(0, full + 1)).map((job) => job.arn).sort();
}
