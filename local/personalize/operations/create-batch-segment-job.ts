/** Starts user segments for everything asked in a file, by a version of a segmentation recipe. Names are taken for good. */
import type { CreateBatchSegmentJobRequest, CreateBatchSegmentJobResponse } from "@aws-sdk/client-personalize";
import { isSegmentRecipe } from "../batch/segment-lines.ts";
import { assertBatchFits, assertFilterFits, assertRoomFor } from "../batch-rules.ts";
import { bear, born, findActive, freeArn, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import { recipeNameOf } from "../lifecycles/training-work.ts";
import type { Checked, Rows } from "../model.ts";

export const createBatchSegmentJob =
  (plane: ControlPlane) =>
  async (input: Checked<CreateBatchSegmentJobRequest>): Promise<CreateBatchSegmentJobResponse> => {
    const { jobName, solutionVersionArn, filterArn, numResults, jobInput, jobOutput, roleArn, tags } = input;
    const { usersPerSegment, concurrentBatchJobs } = plane.settings.quotas;
    assertBatchFits(plane, input, usersPerSegment);
    const version = findActive(plane, "solutionVersion", solutionVersionArn);
    assertMakesSegments(version);
    assertFilterFits(plane, filterArn, version);
    refuseFilter(filterArn);
    const batchSegmentJobArn = freeArn(plane, "batchSegmentJob", jobName);
    assertRoomFor(plane, "batchSegmentJob", concurrentBatchJobs);
    const asked = { jobName, solutionVersionArn, filterArn, numResults, jobInput, jobOutput, roleArn };
    const row: Rows["batchSegmentJob"] = { ...asked, batchSegmentJobArn, status: "CREATE PENDING", ...born(plane) };
    await bear(plane, "batchSegmentJob", row, tags);
    return { batchSegmentJobArn };
  };

function assertMakesSegments({ recipeArn }: Rows["solutionVersion"]): void {
  const name = recipeNameOf(recipeArn);
  if (isSegmentRecipe(name)) return;
  throw new InvalidInputException(
    `${name} does not make user segments: aws-item-affinity and aws-item-attribute-affinity do. Use CreateBatchInferenceJob.`,
  );
}

function refuseFilter(filterArn: string | undefined): void {
  if (filterArn === undefined) return;
  throw new InvalidInputException("Filters of batch segment jobs are not supported yet; see docs/support.md.");
}
