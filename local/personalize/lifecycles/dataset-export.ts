/** The work of a dataset export job: the dataset's rows as one CSV file, `<job name>.csv`, where the job says. */
import { Readable } from "node:stream";
import { pause } from "../../recipes/pause.ts";
import { find, type ControlPlane } from "../control-plane.ts";
import type { DatasetType } from "../job-runner.ts";
import { creation } from "./plain.ts";
import { JobRefused, keyIn, openRoleBucket, parseS3Location } from "./role-bucket.ts";
import type { Lifecycle, WorkOutcome } from "./transitions.ts";

export const datasetExportJob = (plane: ControlPlane): Lifecycle => ({
  ...creation(plane, "datasetExportJob"),
  work: (arn) => exportDataset(plane, arn),
});

async function exportDataset(plane: ControlPlane, jobArn: string): Promise<WorkOutcome> {
  const { jobName, datasetArn, jobOutput, roleArn, ingestionMode } = find(plane, "datasetExportJob", jobArn);
  const { datasetType, schemaArn } = find(plane, "dataset", datasetArn);
  const location = parseS3Location(jobOutput.s3DataDestination?.path ?? "");
  const { signal } = plane.closing;
  const source = {
    datasetArn,
    datasetType: datasetType as DatasetType,
    schema: find(plane, "schema", schemaArn).schema,
  };
  try {
    if (!location) throw new JobRefused("Invalid S3 output path");
    const { kmsKeyArn } = jobOutput.s3DataDestination ?? {};
    const bucket = openRoleBucket(plane, { roleArn, jobArn, session: "PersonalizeExport", kmsKeyArn });
    const body = Readable.from(unhurried(plane.jobs.exportRows(source, ingestionMode), signal));
    await bucket.write(location.bucket, keyIn(location, `${jobName}.csv`), body);
    return { kind: "succeeded" };
  } catch (error) {
    if (signal.aborted) return { kind: "cancelled" };
    if (error instanceof JobRefused) return { kind: "failed", failureReason: error.message };
    throw error;
  }
}

/** Lets others have their turn between the pieces. */
async function* unhurried(pieces: Iterable<string>, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    await pause(signal);
    yield Buffer.from(piece);
  }
}
