/** Makes a solution version and starts its training, for CreateSolutionVersion and for automatic training alike. */
import type { CreateSolutionVersionRequest, TrainingType } from "@aws-sdk/client-personalize";
import { arnOf } from "./arns.ts";
import { bear, born, findActive, isUnderWay, those, type ControlPlane } from "./control-plane.ts";
import { InvalidInputException, ResourceAlreadyExistsException, tooManyJobs } from "./errors.ts";
import { newestFullVersion, recipeNameOf } from "./lifecycles/training-work.ts";
import type { Checked, Rows } from "./model.ts";

/** The recipes whose versions can be trained with trainingMode UPDATE. */
const updatable = ["aws-user-personalization", "aws-hrnn-coldstart"];

/** @returns the new version's ARN; durable. */
export async function startTraining(
  plane: ControlPlane,
  input: Checked<CreateSolutionVersionRequest> & { readonly trainingType: TrainingType },
): Promise<string> {
  const { solutionArn, trainingMode = "FULL", trainingType, tags } = input;
  const solution = findActive(plane, "solution", solutionArn);
  if (trainingMode === "UPDATE") assertUpdatable(plane, solution);
  assertHasDatasets(plane, solution);
  assertNameIsFree(plane, input.name);
  const quota = plane.settings.quotas.concurrentTrainings;
  if (those(plane, "solutionVersion", ({ status }) => isUnderWay(status)).length >= quota) throw tooManyJobs(quota);
  const id = freeId(plane, solution.name);
  const solutionVersionArn = arnOf(plane, "solutionVersion", `${solution.name}/${id}`);
  const { datasetGroupArn, recipeArn, eventType, solutionConfig } = solution;
  const { performHPO, performAutoML, performIncrementalUpdate } = solution;
  const inherited = { datasetGroupArn, recipeArn, eventType, solutionConfig };
  const name = input.name ?? `${solution.name}/${id}`;
  plane.side.trainings.put(solutionVersionArn, { seed: Math.floor(plane.random() * 2 ** 31) });
  const row: Rows["solutionVersion"] = {
    name,
    solutionVersionArn,
    solutionArn,
    ...inherited,
    ...{ performHPO, performAutoML, performIncrementalUpdate },
    trainingMode,
    trainingType,
    status: "CREATE PENDING",
    ...born(plane),
  };
  await bear(plane, "solutionVersion", row, tags);
  return solutionVersionArn;
}

function assertUpdatable(plane: ControlPlane, { recipeArn, solutionArn }: Rows["solution"]): void {
  if (!updatable.includes(recipeNameOf(recipeArn))) {
    throw new InvalidInputException(
      `trainingMode UPDATE is only for ${updatable.join(" and ")}, not for ${recipeNameOf(recipeArn)}: use FULL.`,
    );
  }
  if (!newestFullVersion(plane, solutionArn)) {
    throw new InvalidInputException(`trainingMode UPDATE needs an ACTIVE version of ${solutionArn} trained with FULL.`);
  }
}

/** Actions come from their own dataset; interactions with items are needed by every recipe. */
function assertHasDatasets(plane: ControlPlane, { datasetGroupArn, recipeArn }: Rows["solution"]): void {
  const ofActions = plane.recipes[recipeNameOf(recipeArn)]?.type === "PERSONALIZED_ACTIONS";
  const active = those(plane, "dataset", (row) => row.datasetGroupArn === datasetGroupArn && row.status === "ACTIVE");
  const has = (type: string) => active.some(({ datasetType }) => datasetType === type);
  const missing = !has("INTERACTIONS") ? "Interactions" : ofActions && !has("ACTIONS") ? "Actions" : undefined;
  if (missing)
    throw new InvalidInputException(`The dataset group ${datasetGroupArn} has no ACTIVE ${missing} dataset.`);
}

function assertNameIsFree(plane: ControlPlane, name: string | undefined): void {
  const [taken] = name === undefined ? [] : those(plane, "solutionVersion", (row) => row.name === name);
  if (taken) throw new ResourceAlreadyExistsException(taken.solutionVersionArn);
}

/** Eight lower-case hexadecimal digits that the solution does not use yet. */
function freeId(plane: ControlPlane, solutionName: string): string {
  for (;;) {
    const id = plane.ids.hex(8);
    if (!plane.tables.solutionVersion.has(arnOf(plane, "solutionVersion", `${solutionName}/${id}`))) return id;
  }
}
