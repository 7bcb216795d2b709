/** Starts recommendations for everybody in a file, by a solution version that needs no campaign. Names are taken for good. */
import type { CreateBatchInferenceJobRequest, CreateBatchInferenceJobResponse } from "@aws-sdk/client-personalize";
import { assertBatchFits, assertFilterFits, assertRoomFor } from "../batch-rules.ts";
import { bear, born, findActive, freeArn, type ControlPlane } from "../control-plane.ts";
import { assertExplorationFits } from "../deployable-version.ts";
import { InvalidInputException } from "../errors.ts";
import { recipeNamed } from "../catalog/recipe-catalog.ts";
import type { Checked, Rows } from "../model.ts";

export const createBatchInferenceJob =
  (plane: ControlPlane) =>
  async (input: Checked<CreateBatchInferenceJobRequest>): Promise<CreateBatchInferenceJobResponse> => {
    const { jobName, solutionVersionArn, filterArn, roleArn, jobInput, jobOutput, tags } = input;
    const { numResults: mostResults } = plane.settings.quotas;
    assertBatchFits(plane, input, mostResults);
    refuseThemes(input);
    assertExplorationFits(input.batchInferenceJobConfig?.itemExplorationConfig);
    const version = findActive(plane, "solutionVersion", solutionVersionArn);
    assertRecipeAnswers(version);
    assertFilterFits(plane, filterArn, version);
    const batchInferenceJobArn = freeArn(plane, "batchInferenceJob", jobName);
    assertRoomFor(plane, "batchInferenceJob", plane.settings.quotas.concurrentBatchJobs);
    const { batchInferenceJobConfig, batchInferenceJobMode = "BATCH_INFERENCE", numResults } = input;
    const row: Rows["batchInferenceJob"] = {
      ...{ jobName, batchInferenceJobArn, solutionVersionArn, filterArn, numResults, jobInput, jobOutput, roleArn },
      ...{ batchInferenceJobConfig, batchInferenceJobMode },
      status: "CREATE PENDING",
      ...born(plane),
    };
    await bear(plane, "batchInferenceJob", row, tags);
    return { batchInferenceJobArn };
  };

/** Themes are written by a language model of the service. */
function refuseThemes(input: Checked<CreateBatchInferenceJobRequest>): void {
  if (input.batchInferenceJobMode !== "THEME_GENERATION" && input.themeGenerationConfig === undefined) return;
  throw new InvalidInputException(
    "THEME_GENERATION is not supported by the embedded Personalize; see docs/support.md.",
  );
}

function assertRecipeAnswers({ recipeArn }: Rows["solutionVersion"]): void {
  const recipe = recipeNamed(recipeArn);
  if (recipe?.type === "USER_SEGMENTATION") {
    throw new InvalidInputException(`${recipe.name} makes user segments: use CreateBatchSegmentJob.`);
  }
  if (recipe?.name === "aws-trending-now" || recipe?.name === "aws-next-best-action") {
    throw new InvalidInputException(`${recipe.name} has no batch inference.`);
  }
}
