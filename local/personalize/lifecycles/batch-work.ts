/**
 * What the work of every batch job has in common: the version it asks, the bucket as its role sees it, what was finished before a
 * crash, and how it ends.
 */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { transformFiles, type BatchLimits } from "../batch/transform-files.ts";
import type { ControlPlane } from "../control-plane.ts";
import type { Rows } from "../model.ts";
import { type Serving, withVersion } from "../serving/open.ts";
import { JobRefused, openRoleBucket } from "./role-bucket.ts";
import type { Lifecycle, WorkOutcome } from "./transitions.ts";

/** What both kinds of jobs have in their rows. */
type BatchJob = Pick<Rows["batchInferenceJob"], "jobInput" | "jobOutput" | "roleArn" | "solutionVersionArn">;

export interface BatchWork {
  readonly jobArn: string;
  readonly job: BatchJob;
  readonly session: string;
  readonly recordsPerFile: number;
  /** Makes, once, what answers groups of lines. */
  readonly answering: (version: Serving) => (lines: readonly string[]) => readonly string[];
}

/** What a batch job has done, for whoever counts it. */
export interface BatchResult {
  readonly records: number;
  /** The model's users, by whom segments are billed. */
  readonly users: number;
}

export async function batchWork(plane: ControlPlane, work: BatchWork): Promise<WorkOutcome> {
  const { signal } = plane.closing;
  try {
    const result = await withVersion(plane, work.job.solutionVersionArn, async (version): Promise<BatchResult> => {
      const records = await transform(plane, work, version);
      return { records, users: version.serving.model.userIds?.length ?? 0 };
    });
    return { kind: "succeeded", result };
  } catch (error) {
    if (signal.aborted) return { kind: "cancelled" };
    if (error instanceof JobRefused || error instanceof AwsError)
      return { kind: "failed", failureReason: error.message };
    throw error;
  }
}

function transform(plane: ControlPlane, work: BatchWork, version: Serving): Promise<number> {
  const { jobArn, job, session, recordsPerFile, answering } = work;
  const { s3DataDestination } = job.jobOutput;
  const { roleArn } = job;
  const { kmsKeyArn } = s3DataDestination ?? {};
  const limits: BatchLimits = {
    files: plane.settings.quotas.batchFiles,
    bytes: plane.settings.quotas.batchBytes,
    recordsPerFile,
  };
  return transformFiles({
    inputPath: job.jobInput.s3DataSource?.path ?? "",
    outputPath: s3DataDestination?.path ?? "",
    bucket: openRoleBucket(plane, { roleArn, jobArn, session, kmsKeyArn }),
    limits,
    signal: plane.closing.signal,
    answer: answering(version),
    before: plane.side.batchProgress.get(jobArn),
    remember: (progress) => {
      plane.side.batchProgress.put(jobArn, progress);
      return plane.store.commit();
    },
    progress: (advance) => plane.progress({ kind: "batch", jobArn, ...advance }),
  });
}

/** What was finished is of no use any more once the job has settled. */
export const forgettingProgress = (plane: ControlPlane, lifecycle: Lifecycle): Lifecycle => ({
  ...lifecycle,
  settle: (arn, outcome) => {
    plane.side.batchProgress.delete(arn);
    lifecycle.settle(arn, outcome);
  },
});
