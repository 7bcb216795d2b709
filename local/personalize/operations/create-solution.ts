/** Makes a solution: a recipe with its configuration. Everything but automatic training is immutable afterwards. */
import type { CreateSolutionRequest, CreateSolutionResponse } from "@aws-sdk/client-personalize";
import { bear, born, findActive, freeArn, those, type ControlPlane } from "../control-plane.ts";
import { tooManyResources } from "../errors.ts";
import type { Checked, Rows } from "../model.ts";
import { assertObjectiveColumn, assertSolutionFits } from "../solution-rules.ts";

export const createSolution =
  (plane: ControlPlane) =>
  async (input: Checked<CreateSolutionRequest>): Promise<CreateSolutionResponse> => {
    const { name, datasetGroupArn, tags } = input;
    const recipeArn = assertSolutionFits(input, plane.recipes);
    findActive(plane, "datasetGroup", datasetGroupArn);
    assertObjectiveColumn(plane, input);
    const solutionArn = freeArn(plane, "solution", name);
    const quota = plane.settings.quotas.solutionsPerDatasetGroup;
    if (those(plane, "solution", (row) => row.datasetGroupArn === datasetGroupArn).length >= quota) {
      throw tooManyResources("a solution", quota);
    }
    const row: Rows["solution"] = {
      name,
      solutionArn,
      performHPO: input.performHPO ?? false,
      performAutoML: input.performAutoML ?? false,
      performAutoTraining: input.performAutoTraining ?? true,
      performIncrementalUpdate: input.performIncrementalUpdate ?? false,
      recipeArn,
      datasetGroupArn,
      eventType: input.eventType,
      solutionConfig: input.solutionConfig ?? {},
      status: "CREATE PENDING",
      ...born(plane),
    };
    await bear(plane, "solution", row, tags);
    return { solutionArn };
  };
