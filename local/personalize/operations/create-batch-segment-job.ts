/**
 * CreateBatchSegmentJob: needs a version of a segmentation recipe. None can be trained here (CreateSolution says so), so after
 * the checks every version is one of another recipe.
 */
import type { CreateBatchSegmentJobRequest, CreateBatchSegmentJobResponse } from "@aws-sdk/client-personalize";
import { assertBatchFits, assertFilterFits } from "../batch-rules.ts";
import { findActive, freeArn, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import { recipeNameOf } from "../lifecycles/training-work.ts";
import type { Checked } from "../model.ts";

/** Users of one segment at most (reference, section 4). */
const largestSegment = 5_000_000;

export const createBatchSegmentJob =
  (plane: ControlPlane) =>
  (input: Checked<CreateBatchSegmentJobRequest>): CreateBatchSegmentJobResponse => {
    assertBatchFits(plane, input, largestSegment);
    const version = findActive(plane, "solutionVersion", input.solutionVersionArn);
    assertFilterFits(plane, input.filterArn, version);
    freeArn(plane, "batchSegmentJob", input.jobName);
    throw new InvalidInputException(
      `${recipeNameOf(version.recipeArn)} does not make user segments: aws-item-affinity and aws-item-attribute-affinity do, which the embedded Personalize cannot train yet; see docs/support.md.`,
    );
  };
