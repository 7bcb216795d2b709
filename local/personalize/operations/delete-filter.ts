/** Deletes a filter that no batch job is using. */
import type { DeleteFilterRequest } from "@aws-sdk/client-personalize";
import { busyBatchJobs } from "../batch-rules.ts";
import { assertDeletable, assertNoDependents, find, startDeleting, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const deleteFilter =
  (plane: ControlPlane) =>
  async ({ filterArn }: Checked<DeleteFilterRequest>): Promise<void> => {
    assertDeletable("filter", filterArn, find(plane, "filter", filterArn).status);
    assertNoDependents(
      "filter",
      filterArn,
      busyBatchJobs(plane, (job) => job.filterArn === filterArn),
    );
    await startDeleting(plane, "filter", filterArn);
  };
