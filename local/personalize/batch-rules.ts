/** What batch inference and batch segment jobs have to get right before they start. */
import { findActive, isUnderWay, type ControlPlane } from "./control-plane.ts";
import { InvalidInputException, tooManyJobs } from "./errors.ts";
import { assertOwnRole, parseS3Location } from "./lifecycles/role-bucket.ts";
import type { Rows } from "./model.ts";

interface BatchRequest {
  readonly roleArn: string;
  readonly jobInput: { readonly s3DataSource: { readonly path: string } };
  readonly jobOutput: { readonly s3DataDestination: { readonly path: string } };
  readonly numResults?: number | undefined;
  readonly filterArn?: string | undefined;
}

/** Where from, where to, as whom, how many. */
export function assertBatchFits(plane: ControlPlane, input: BatchRequest, mostResults: number): void {
  if (!parseS3Location(input.jobInput.s3DataSource.path)) throw new InvalidInputException("Invalid S3 input path");
  if (!parseS3Location(input.jobOutput.s3DataDestination.path)) {
    throw new InvalidInputException("Invalid S3 output path");
  }
  assertOwnRole(plane, input.roleArn);
  if ((input.numResults ?? 1) > mostResults || input.numResults === 0) {
    throw new InvalidInputException(`numResults is ${input.numResults}; it must be from 1 to ${mostResults}.`);
  }
}

/** The filter must be ACTIVE and of the version's dataset group. */
export function assertFilterFits(
  plane: ControlPlane,
  filterArn: string | undefined,
  { datasetGroupArn }: Rows["solutionVersion"],
): void {
  if (filterArn === undefined) return;
  const filter = findActive(plane, "filter", filterArn);
  if (filter.datasetGroupArn !== datasetGroupArn) {
    throw new InvalidInputException(`The filter ${filterArn} belongs to another dataset group than the version.`);
  }
}

/** Refuses one more job of a kind than may be under way at once. */
export function assertRoomFor(plane: ControlPlane, kind: "batchInferenceJob" | "batchSegmentJob", quota: number): void {
  const jobs: readonly { readonly status: string }[] = [...plane.tables[kind].values()];
  if (jobs.filter(({ status }) => isUnderWay(status)).length >= quota) throw tooManyJobs(quota);
}

/** The batch jobs under way that satisfy a condition; they hinder deletions. */
export function busyBatchJobs(
  { tables }: Pick<ControlPlane, "tables">,
  condition: (job: { readonly solutionVersionArn: string; readonly filterArn?: string | undefined }) => boolean,
): string[] {
  const jobs = [
    ...[...tables.batchInferenceJob.values()].map((row) => ({ ...row, arn: row.batchInferenceJobArn })),
    ...[...tables.batchSegmentJob.values()].map((row) => ({ ...row, arn: row.batchSegmentJobArn })),
  ];
  return jobs.filter((job) => isUnderWay(job.status) && condition(job)).map(({ arn }) => arn);
}
