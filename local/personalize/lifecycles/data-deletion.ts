/**
 * The work of a data deletion job: the lists are read as the job's role, the data plane does the rest. Its statuses are words of
 * their own: PENDING, IN_PROGRESS, COMPLETED, FAILED.
 */
import { change, find, type ControlPlane } from "../control-plane.ts";
import type { DeletionResult } from "../job-runner.ts";
import { JobRefused, openRoleBucket, parseS3Location } from "./role-bucket.ts";
import { datasetsOf } from "./training-work.ts";
import type { Lifecycle, WorkOutcome } from "./transitions.ts";

export const dataDeletionJob = (plane: ControlPlane): Lifecycle => ({
  enter: (arn) => change(plane, "dataDeletionJob", arn, { status: "IN_PROGRESS" }),
  work: (arn) => deletion(plane, arn),
  settle: (arn, outcome) => {
    if (outcome.kind === "succeeded") {
      const { deleted } = outcome.result as DeletionResult;
      return change(plane, "dataDeletionJob", arn, { status: "COMPLETED", numDeleted: deleted });
    }
    const failureReason = outcome.kind === "failed" ? outcome.failureReason : "Cancelled.";
    change(plane, "dataDeletionJob", arn, { status: "FAILED", failureReason });
  },
});

async function deletion(plane: ControlPlane, jobArn: string): Promise<WorkOutcome> {
  const { datasetGroupArn, dataSource, roleArn } = find(plane, "dataDeletionJob", jobArn);
  const location = parseS3Location(dataSource.dataLocation ?? "");
  try {
    if (!location) throw new JobRefused("Invalid Data location.");
    const bucket = openRoleBucket(plane, { roleArn, jobArn, session: "PersonalizeDataDeletion" });
    const files = await bucket.files(location, "tree");
    assertSmall(files, plane.settings.quotas.deletionBytes);
    const handle = plane.jobs.deleteUsers({
      ...{ jobArn, datasetGroupArn, datasets: datasetsOf(plane, datasetGroupArn) },
      files: files.map(({ key, sizeBytes }) => ({ key, sizeBytes, open: () => bucket.read(location.bucket, key) })),
    });
    return await handle.done;
  } catch (error) {
    if (error instanceof JobRefused) return { kind: "failed", failureReason: error.message };
    throw error;
  }
}

function assertSmall(files: readonly { readonly sizeBytes: number }[], most: number): void {
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (bytes > most) throw new JobRefused(`The input has ${bytes} bytes; at most ${most} are allowed.`);
}
