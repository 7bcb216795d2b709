/** Starts user segments for everything asked in a file, by a version of a segmentation recipe. Names are taken for good. */
import type { CreateBatchSegmentJobRequest, CreateBatchSegmentJobResponse } from "@aws-sdk/client-personalize";
import { isSegmentRecipe } from "../batch/segment-lines.ts";
import { assertBatchFits, assertFilterFits, assertRoomFor } from "../batch-rules.ts";
import { bear, born, find, findActive, freeArn, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import { parseFilter } from "../filters/parse-filter.ts";
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
    assertFilterIsOfUsers(plane, filterArn, version);
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

/** Segments are of users, and attribute affinity cannot be filtered by what users did (reference, section 9). */
function assertFilterIsOfUsers(
  plane: ControlPlane,
  filterArn: string | undefined,
  { recipeArn }: Rows["solutionVersion"],
): void {
  const parsed = filterArn === undefined ? undefined : parseFilter(find(plane, "filter", filterArn).filterExpression);
  if (parsed?.kind !== "valid") return;
  const { expressions } = parsed.filter;
  if (expressions.some(({ target }) => target !== "UserID")) {
    throw new InvalidInputException(`The filter ${filterArn} is not about UserID: it cannot filter user segments.`);
  }
  const looksAtInteractions = expressions.some(({ alternatives }) =>
    alternatives.flat().some(({ subject }) => subject === "Interactions"),
  );
  if (looksAtInteractions && recipeNameOf(recipeArn) === "aws-item-attribute-affinity") {
    throw new InvalidInputException(
      `The filter ${filterArn} looks at Interactions, which aws-item-attribute-affinity does not allow.`,
    );
  }
}
