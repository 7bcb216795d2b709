/** The work of a solution version: what its solution and the group's datasets say, handed to the data plane as one training job. */
import { find, those, type ControlPlane } from "../control-plane.ts";
import { catalog, defaultsOf } from "../catalog/recipe-catalog.ts";
import { recipeArn } from "../arns.ts";
import type { DatasetSource, DatasetType, JobHandle, TrainingJob, TrainingResult } from "../job-runner.ts";
import type { Recipe } from "../../recipes/recipe.ts";
import type { Rows } from "../model.ts";
import { parseSchema } from "../schema/avro-schema.ts";
import { autoMLMetrics, autoMLRecipes, mostTrainings } from "../tuning/rules.ts";
import { spaceOf } from "../tuning/space.ts";

type Config = Rows["solution"]["solutionConfig"];

/** Columns that no solution can leave out. */
const indispensable = ["USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE", "ACTION_ID"];

/** "aws-hrnn" of the recipe's ARN; of a solution whose recipe AutoML has yet to choose, the word for that. */
export function recipeNameOf(arn: string | undefined): string {
  if (arn === undefined) return "AutoML";
  const known = catalog.find(({ name }) => recipeArn(name) === arn);
  if (!known) throw new Error(`${arn} is not in the catalogue, although a solution uses it`);
  return known.name;
}

export function startTrainingWork(plane: ControlPlane, versionArn: string): JobHandle<TrainingResult> {
  return plane.jobs.train(trainingJob(plane, find(plane, "solutionVersion", versionArn)));
}

function knownRecipe(plane: ControlPlane, name: string): Recipe {
  const recipe = plane.recipes[name];
  if (!recipe) throw new Error(`${name} was trainable when the solution was created and is not any more`);
  return recipe;
}

const defaultsOfRecipe = ({ algorithm, featureTransformation }: Recipe) =>
  defaultsOf([...algorithm, ...featureTransformation]);

/** What to try before the training: hyperparameters, or recipes. An UPDATE keeps what its base was trained with. */
function searchOf(plane: ControlPlane, version: Rows["solutionVersion"]): Pick<TrainingJob, "search"> {
  const { performAutoML, performHPO, recipeArn: arn, solutionConfig, trainingMode } = version;
  if (trainingMode === "UPDATE") return {};
  if (performAutoML === true) {
    const candidates = autoMLRecipes(solutionConfig?.autoMLConfig, plane.recipes).map((recipe) => ({
      recipe,
      parameters: defaultsOfRecipe(knownRecipe(plane, recipe)),
    }));
    const metric = solutionConfig?.autoMLConfig?.metricName ?? autoMLMetrics[0];
    return { search: { kind: "recipes", candidates, metric } };
  }
  if (performHPO !== true) return {};
  const { hpoResourceConfig, algorithmHyperParameterRanges } = solutionConfig?.hpoConfig ?? {};
  const space = spaceOf(knownRecipe(plane, recipeNameOf(arn)).algorithm, algorithmHyperParameterRanges);
  const trials = Number(hpoResourceConfig?.maxNumberOfTrainingJobs ?? mostTrainings);
  return { search: { kind: "hyperparameters", space, trials } };
}

/** The recipe and the parameters that the solution names; of AutoML, those to begin with. */
function wayOf(
  plane: ControlPlane,
  version: Rows["solutionVersion"],
  base: Rows["solutionVersion"] | undefined,
): Pick<TrainingJob, "recipe" | "parameters" | "search"> {
  const { search } = searchOf(plane, version);
  if (search?.kind === "recipes") return { ...(search.candidates[0] as (typeof search.candidates)[number]), search };
  const recipe = knownRecipe(plane, recipeNameOf(version.recipeArn));
  const parameters = {
    ...defaultsOfRecipe(recipe),
    ...version.solutionConfig?.algorithmHyperParameters,
    ...version.solutionConfig?.featureTransformationParameters,
    ...base?.tunedHPOParams?.algorithmHyperParameters,
  };
  return { recipe: recipe.name, parameters, ...(search && { search }) };
}

function trainingJob(plane: ControlPlane, version: Rows["solutionVersion"]): TrainingJob {
  const { solutionVersionArn, datasetGroupArn, trainingMode } = version;
  const config = version.solutionConfig ?? {};
  const datasets = datasetsOf(plane, datasetGroupArn);
  const base = trainingMode === "UPDATE" ? newestFullVersion(plane, version.solutionArn) : undefined;
  const way = wayOf(plane, version, base);
  return {
    solutionVersionArn,
    datasetGroupArn,
    datasets,
    ...way,
    ...(version.eventType === undefined ? {} : { eventType: version.eventType }),
    ...(config.eventValueThreshold === undefined ? {} : { eventValueThreshold: Number(config.eventValueThreshold) }),
    ...eventsOf(config),
    ...objectiveOf(config),
    excludedColumns: excludedColumns(config.trainingDataConfig, datasets),
    now: Math.floor(version.creationDateTime / 1000),
    seed: plane.side.trainings.get(solutionVersionArn)?.seed ?? 1,
    trainingMode: trainingMode === "UPDATE" ? "UPDATE" : "FULL",
    ...(base === undefined ? {} : { baseSolutionVersionArn: base.solutionVersionArn }),
    progress: (progress) => plane.progress({ kind: "training", solutionVersionArn, recipe: way.recipe, ...progress }),
  };
}

function eventsOf({ eventsConfig }: NonNullable<Config>): Pick<TrainingJob, "events"> {
  const list = eventsConfig?.eventParametersList ?? [];
  if (list.length === 0) return {};
  const events = list.map(({ eventType, eventValueThreshold, weight }) => ({
    ...(eventType !== undefined && { eventType }),
    ...(eventValueThreshold !== undefined && { eventValueThreshold }),
    ...(weight !== undefined && { weight }),
  }));
  return { events };
}

function objectiveOf({ optimizationObjective }: NonNullable<Config>): Pick<TrainingJob, "objective"> {
  const { itemAttribute, objectiveSensitivity = "OFF" } = optimizationObjective ?? {};
  return itemAttribute === undefined ? {} : { objective: { itemAttribute, sensitivity: objectiveSensitivity } };
}

/** The group's ACTIVE datasets with their schemas of now. */
export function datasetsOf(plane: ControlPlane, datasetGroupArn: string): DatasetSource[] {
  return those(plane, "dataset", (row) => row.datasetGroupArn === datasetGroupArn && row.status === "ACTIVE").map(
    ({ datasetArn, datasetType, schemaArn }) => ({
      datasetArn,
      datasetType: datasetType as DatasetType,
      schema: find(plane, "schema", schemaArn).schema,
    }),
  );
}

/** The newest ACTIVE version that was trained from all data; UPDATE builds on it. */
export function newestFullVersion(plane: ControlPlane, solutionArn: string): Rows["solutionVersion"] | undefined {
  return those(
    plane,
    "solutionVersion",
    (row) => row.solutionArn === solutionArn && row.status === "ACTIVE" && row.trainingMode !== "UPDATE",
  ).at(-1);
}

/** Excluded by name, or by not being among the included ones. Pure. */
export function excludedColumns(
  config: NonNullable<Config>["trainingDataConfig"],
  datasets: readonly DatasetSource[],
): Partial<Record<DatasetType, string[]>> {
  const excluded: Partial<Record<DatasetType, string[]>> = {};
  for (const { datasetType, schema } of datasets) {
    const ofType = (columns: Readonly<Record<string, readonly string[]>> | undefined) =>
      Object.entries(columns ?? {}).find(([type]) => type.toUpperCase() === datasetType)?.[1];
    const included = ofType(config?.includedDatasetColumns);
    const listed = ofType(config?.excludedDatasetColumns) ?? [];
    const left = included ? columnsOf(schema).filter((column) => !included.includes(column)) : [];
    const columns = [...listed, ...left].filter((column) => !indispensable.includes(column));
    if (columns.length > 0) excluded[datasetType] = columns;
  }
  return excluded;
}

function columnsOf(schema: string): string[] {
  const verdict = parseSchema(schema);
  return verdict.kind === "valid" ? verdict.schema.fields.map(({ name }) => name) : [];
}
