/** The work of a solution version: what its solution and the group's datasets say, handed to the data plane as one training job. */
import { find, those, type ControlPlane } from "../control-plane.ts";
import { catalog, defaultsOf } from "../catalog/recipe-catalog.ts";
import { recipeArn } from "../arns.ts";
import type { DatasetSource, DatasetType, JobHandle, TrainingJob, TrainingResult } from "../job-runner.ts";
import type { Rows } from "../model.ts";
import { parseSchema } from "../schema/avro-schema.ts";

type Config = Rows["solution"]["solutionConfig"];

/** Columns that no solution can leave out. */
const indispensable = ["USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE", "ACTION_ID"];

/** "aws-hrnn" of the recipe's ARN. */
export function recipeNameOf(arn: string): string {
  const known = catalog.find(({ name }) => recipeArn(name) === arn);
  if (!known) throw new Error(`${arn} is not in the catalogue, although a solution uses it`);
  return known.name;
}

export function startTrainingWork(plane: ControlPlane, versionArn: string): JobHandle<TrainingResult> {
  return plane.jobs.train(trainingJob(plane, find(plane, "solutionVersion", versionArn)));
}

function trainingJob(plane: ControlPlane, version: Rows["solutionVersion"]): TrainingJob {
  const { solutionVersionArn, datasetGroupArn, trainingMode } = version;
  const name = recipeNameOf(version.recipeArn);
  const recipe = plane.recipes[name];
  if (!recipe) throw new Error(`${name} was trainable when ${version.solutionArn} was created and is not any more`);
  const config = version.solutionConfig ?? {};
  const datasets = datasetsOf(plane, datasetGroupArn);
  const base = trainingMode === "UPDATE" ? newestFullVersion(plane, version.solutionArn) : undefined;
  return {
    solutionVersionArn,
    datasetGroupArn,
    datasets,
    recipe: name,
    parameters: {
      ...defaultsOf([...recipe.algorithm, ...recipe.featureTransformation]),
      ...config.algorithmHyperParameters,
      ...config.featureTransformationParameters,
    },
    ...(version.eventType === undefined ? {} : { eventType: version.eventType }),
    ...(config.eventValueThreshold === undefined ? {} : { eventValueThreshold: Number(config.eventValueThreshold) }),
    ...eventsOf(config),
    ...objectiveOf(config),
    excludedColumns: excludedColumns(config.trainingDataConfig, datasets),
    now: Math.floor(version.creationDateTime / 1000),
    seed: plane.side.trainings.get(solutionVersionArn)?.seed ?? 1,
    trainingMode: trainingMode === "UPDATE" ? "UPDATE" : "FULL",
    ...(base === undefined ? {} : { baseSolutionVersionArn: base.solutionVersionArn }),
    progress: (progress) => plane.progress({ kind: "training", solutionVersionArn, recipe: name, ...progress }),
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
