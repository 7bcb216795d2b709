/** Turns automatic training on or off or changes its schedule; nothing else of a solution can change. */
import type { UpdateSolutionRequest, UpdateSolutionResponse } from "@aws-sdk/client-personalize";
import { findActive, type ControlPlane } from "../control-plane.ts";
import { ResourceInUseException } from "../errors.ts";
import type { Checked, Rows } from "../model.ts";
import { recipeNameOf } from "../lifecycles/training-work.ts";
import { assertEventsFit, assertScheduleFits } from "../solution-rules.ts";

export const updateSolution =
  (plane: ControlPlane) =>
  async (input: Checked<UpdateSolutionRequest>): Promise<UpdateSolutionResponse> => {
    const { solutionArn, solutionUpdateConfig, performAutoTraining, performIncrementalUpdate } = input;
    const solution = findActive(plane, "solution", solutionArn);
    if (plane.transitions.isUnderWay("solution.update", solutionArn)) {
      throw new ResourceInUseException(`The solution ${solutionArn} is being updated already. Please try again later.`);
    }
    assertScheduleFits(solutionUpdateConfig?.autoTrainingConfig, performAutoTraining ?? solution.performAutoTraining);
    assertEventsFit(solutionUpdateConfig?.eventsConfig, recipeNameOf(solution.recipeArn));
    const latestSolutionUpdate = {
      solutionUpdateConfig,
      performAutoTraining,
      performIncrementalUpdate,
      status: "CREATE PENDING",
      creationDateTime: plane.clock.now(),
      lastUpdatedDateTime: plane.clock.now(),
    } as Rows["solution"]["latestSolutionUpdate"];
    plane.tables.solution.put(solutionArn, { ...solution, latestSolutionUpdate });
    plane.transitions.begin("solution.update", solutionArn);
    await plane.store.commit();
    return { solutionArn };
  };
