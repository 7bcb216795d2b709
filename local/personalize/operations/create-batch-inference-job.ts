/** Starts recommendations for everybody in a file, by a solution version that needs no campaign. Names are taken for good. */
import type { CreateBatchInferenceJobRequest, CreateBatchInferenceJobResponse } from "@aws-sdk/client-personalize";
import { assertBatchFits, assertFilterFits, assertRoomFor } from "../batch-rules.ts";
import { bear, born, findActive, freeArn, type ControlPlane } from "../control-plane.ts";
import { assertExplorationFits } from "../deployable-version.ts";
import { InvalidInputException } from "../errors.ts";
import { recipeNamed } from "../catalog/recipe-catalog.ts";
import { themeSourceOf } from "../lifecycles/themed-answers.ts";
import type { Checked, Rows } from "../model.ts";

export const createBatchInferenceJob =
  (plane: ControlPlane) =>
  async (input: Checked<CreateBatchInferenceJobRequest>): Promise<CreateBatchInferenceJobResponse> => {
    const { jobName, solutionVersionArn, filterArn, roleArn, jobInput, jobOutput, tags } = input;
    const { numResults: mostResults } = plane.settings.quotas;
    assertBatchFits(plane, input, mostResults);
    assertExplorationFits(input.batchInferenceJobConfig?.itemExplorationConfig);
    const version = findActive(plane, "solutionVersion", solutionVersionArn);
    assertRecipeAnswers(version);
    assertThemesFit(plane, input, version);
    assertFilterFits(plane, filterArn, version);
    const batchInferenceJobArn = freeArn(plane, "batchInferenceJob", jobName);
    assertRoomFor(plane, "batchInferenceJob", plane.settings.quotas.concurrentBatchJobs);
    const { batchInferenceJobConfig, batchInferenceJobMode = "BATCH_INFERENCE", numResults } = input;
    const row: Rows["batchInferenceJob"] = {
      ...{ jobName, batchInferenceJobArn, solutionVersionArn, filterArn, numResults, jobInput, jobOutput, roleArn },
      ...{ batchInferenceJobConfig, batchInferenceJobMode, themeGenerationConfig: input.themeGenerationConfig },
      status: "CREATE PENDING",
      ...born(plane),
    };
    await bear(plane, "batchInferenceJob", row, tags);
    return { batchInferenceJobArn };
  };

/** Themes are for lists of the Similar-Items recipe, made from the items' names and texts. */
function assertThemesFit(
  plane: ControlPlane,
  { batchInferenceJobMode, themeGenerationConfig }: Checked<CreateBatchInferenceJobRequest>,
  { recipeArn, datasetGroupArn }: Rows["solutionVersion"],
): void {
  const isThemed = batchInferenceJobMode === "THEME_GENERATION";
  if (isThemed !== (themeGenerationConfig !== undefined)) {
    throw new InvalidInputException(
      "The batchInferenceJobMode THEME_GENERATION and a themeGenerationConfig with the itemName go together: give both or neither.",
    );
  }
  if (themeGenerationConfig === undefined) return;
  const name = recipeNamed(recipeArn)?.name;
  if (name !== themedRecipe) {
    throw new InvalidInputException(`${name} has no themes: a solution version of ${themedRecipe} has.`);
  }
  themeSourceOf(plane, datasetGroupArn, themeGenerationConfig.fieldsForThemeGeneration.itemName);
}

const themedRecipe = "aws-similar-items";

function assertRecipeAnswers({ recipeArn }: Rows["solutionVersion"]): void {
  const recipe = recipeNamed(recipeArn);
  if (recipe?.type === "USER_SEGMENTATION") {
    throw new InvalidInputException(`${recipe.name} makes user segments: use CreateBatchSegmentJob.`);
  }
  if (recipe?.name === "aws-trending-now" || recipe?.name === "aws-next-best-action") {
    throw new InvalidInputException(`${recipe.name} has no batch inference.`);
  }
}
