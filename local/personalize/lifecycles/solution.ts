/** How solutions change and end, and how their versions train. */
import { recipeArn } from "../arns.ts";
import { change, find, those, type ControlPlane } from "../control-plane.ts";
import type { TrainingResult } from "../job-runner.ts";
import type { Rows } from "../model.ts";
import { syncCampaigns } from "./campaign.ts";
import { creation, deletion, ended } from "./plain.ts";
import { startTrainingWork } from "./training-work.ts";
import type { Lifecycle } from "./transitions.ts";

export function solutionCreation(plane: ControlPlane): Lifecycle {
  const plain = creation(plane, "solution");
  return {
    ...plain,
    settle: (arn, outcome) => {
      plain.settle(arn, outcome);
      plane.automaticTraining.schedule(arn);
    },
  };
}

export function solutionUpdate(plane: ControlPlane): Lifecycle {
  const changeUpdate = (arn: string, status: string) => {
    const solution = find(plane, "solution", arn);
    const latestSolutionUpdate = { ...solution.latestSolutionUpdate, status, lastUpdatedDateTime: plane.clock.now() };
    plane.tables.solution.put(arn, { ...solution, latestSolutionUpdate });
  };
  return {
    enter: (arn) => changeUpdate(arn, "CREATE IN_PROGRESS"),
    settle: (arn) => {
      changeUpdate(arn, "ACTIVE");
      const { latestSolutionUpdate: update, solutionConfig, performAutoTraining } = find(plane, "solution", arn);
      change(plane, "solution", arn, {
        performAutoTraining: update?.performAutoTraining ?? performAutoTraining,
        solutionConfig: { ...solutionConfig, ...update?.solutionUpdateConfig },
        ...(update?.performIncrementalUpdate === undefined
          ? {}
          : { performIncrementalUpdate: update.performIncrementalUpdate }),
      });
      plane.automaticTraining.schedule(arn);
    },
  };
}

/** A solution goes with all its versions and their models. */
export function solutionDeletion(plane: ControlPlane): Lifecycle {
  const versionsOf = (arn: string) =>
    those(plane, "solutionVersion", (row) => row.solutionArn === arn).map((row) => row.solutionVersionArn);
  const plain = deletion(plane, "solution", async (arn) => {
    for (const version of versionsOf(arn)) await plane.jobs.forgetModel(version);
  });
  return {
    ...plain,
    settle: (arn, outcome) => {
      for (const version of versionsOf(arn)) {
        plane.tables.solutionVersion.delete(version);
        plane.side.trainings.delete(version);
        plane.side.tags.delete(version);
      }
      plane.automaticTraining.unschedule(arn);
      plain.settle(arn, outcome);
    },
  };
}

/** What a search has found, as DescribeSolutionVersion shows it. */
const found = ({ tuned, bestRecipe }: TrainingResult): Partial<Rows["solutionVersion"]> => ({
  ...(tuned && { tunedHPOParams: { algorithmHyperParameters: tuned } }),
  ...(bestRecipe !== undefined && { recipeArn: recipeArn(bestRecipe) }),
});

export function training(plane: ControlPlane): Lifecycle {
  const isStopping = (arn: string) => find(plane, "solutionVersion", arn).status === "CREATE STOPPING";
  return {
    ...creation(plane, "solutionVersion"),
    work: async (arn) => {
      if (isStopping(arn)) return { kind: "cancelled" };
      const handle = startTrainingWork(plane, arn);
      plane.runningTrainings.set(arn, handle);
      try {
        return await handle.done;
      } finally {
        plane.runningTrainings.delete(arn);
      }
    },
    settle: (arn, outcome) => {
      if (isStopping(arn) || outcome.kind === "cancelled") {
        change(plane, "solutionVersion", arn, { status: "CREATE STOPPED" });
      } else if (outcome.kind === "failed") {
        change(plane, "solutionVersion", arn, ended(outcome));
      } else {
        const result = outcome.result as TrainingResult;
        const { metrics, trainingHours } = result;
        plane.side.trainings.put(arn, { seed: plane.side.trainings.get(arn)?.seed ?? 1, metrics });
        change(plane, "solutionVersion", arn, { status: "ACTIVE", trainingHours, ...found(result) });
        if (result.bestRecipe !== undefined) {
          const { solutionArn } = find(plane, "solutionVersion", arn);
          change(plane, "solution", solutionArn, { autoMLResult: { bestRecipeArn: recipeArn(result.bestRecipe) } });
        }
        syncCampaigns(plane, arn);
      }
    },
  };
}
