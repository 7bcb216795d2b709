/**
 * What a solution may ask for. What would be without effect is refused by name, so that no parameter ever is silently;
 * docs/support.md lists the same.
 */
import type {
  AutoTrainingConfig,
  CreateSolutionRequest,
  EventsConfig,
  OptimizationObjective,
  SolutionConfig,
} from "@aws-sdk/client-personalize";
import type { Recipe } from "../recipes/recipe.ts";
import { recipeNamed, type CatalogRecipe } from "./catalog/recipe-catalog.ts";
import { faultOfHyperparameters } from "./catalog/hyperparameters.ts";
import { find, those, type ControlPlane } from "./control-plane.ts";
import { InvalidInputException, ResourceNotFoundException } from "./errors.ts";
import { intervalOf } from "./lifecycles/automatic-training.ts";
import type { Checked } from "./model.ts";
import { parseSchema } from "./schema/avro-schema.ts";
import { faultOfAutoML, faultOfHpo } from "./tuning/rules.ts";

const refuse = (message: string): never => {
  throw new InvalidInputException(message);
};

/** @returns the recipe's ARN; undefined where AutoML is to choose one. */
export function assertSolutionFits(
  input: Checked<CreateSolutionRequest>,
  trainable: Readonly<Record<string, Recipe>>,
): string | undefined {
  assertScheduleFits(input.solutionConfig?.autoTrainingConfig, input.performAutoTraining ?? true);
  if (input.performAutoML === true) return assertAutoMLFits(input, trainable);
  if (input.recipeArn === undefined)
    throw new InvalidInputException("recipeArn is required unless performAutoML is true.");
  const recipe = recipeNamed(input.recipeArn);
  if (!recipe) throw new ResourceNotFoundException(input.recipeArn);
  assertTrainable(recipe, trainable);
  if (input.performIncrementalUpdate === true && recipe.name !== "aws-semantic-similarity") {
    refuse(`performIncrementalUpdate is only for aws-semantic-similarity, not for ${recipe.name}.`);
  }
  const known = trainable[recipe.name] as Recipe;
  const fault = faultOfHpo(input.performHPO ?? false, input.solutionConfig?.hpoConfig, known);
  if (fault) refuse(fault);
  assertConfigFits(input.solutionConfig ?? {}, known);
  assertEventsFit(input.solutionConfig?.eventsConfig, recipe.name);
  return input.recipeArn;
}

/** With AutoML the rest of the configuration is without effect in the service; here it is refused. */
function assertAutoMLFits(
  input: Checked<CreateSolutionRequest>,
  trainable: Readonly<Record<string, Recipe>>,
): undefined {
  if (input.recipeArn !== undefined) refuse("performAutoML and recipeArn exclude each other.");
  if (input.performHPO === true) refuse("performAutoML and performHPO exclude each other.");
  const { autoMLConfig, autoTrainingConfig: _, ...rest } = input.solutionConfig ?? {};
  const [unused] = Object.keys(rest);
  if (unused)
    refuse(`With performAutoML, solutionConfig takes autoMLConfig and autoTrainingConfig only, not ${unused}.`);
  const fault = faultOfAutoML(autoMLConfig, trainable);
  if (fault) refuse(fault);
  return undefined;
}

function assertTrainable(recipe: CatalogRecipe, trainable: Readonly<Record<string, Recipe>>): void {
  if (recipe.domain) refuse(`${recipe.name} is a use case of ${recipe.domain} recommenders; solutions cannot have it.`);
  if (recipe.name in trainable) return;
  const names = Object.keys(trainable).join(", ");
  refuse(
    `The recipe ${recipe.name} cannot be trained by the embedded Personalize yet; it trains ${names}. See docs/support.md.`,
  );
}

function assertConfigFits(config: Checked<SolutionConfig>, recipe: Recipe): void {
  const fault =
    faultOfHyperparameters(recipe.algorithm, config.algorithmHyperParameters ?? {}, "algorithmHyperParameters") ??
    faultOfHyperparameters(
      recipe.featureTransformation,
      config.featureTransformationParameters ?? {},
      "featureTransformationParameters",
    );
  if (fault) refuse(fault);
  if (config.autoMLConfig) refuse("autoMLConfig needs performAutoML to be true.");
  assertObjectiveFits(config.optimizationObjective, recipe.name);
  const threshold = config.eventValueThreshold;
  if (threshold !== undefined && (threshold.trim() === "" || !Number.isFinite(Number(threshold)))) {
    refuse(`eventValueThreshold is ${JSON.stringify(threshold)}; it must be a number.`);
  }
  assertColumnsFit(config.trainingDataConfig);
}

/** Recipes that can weigh events by type. */
const weighing = ["aws-user-personalization-v2", "aws-personalized-ranking-v2"];
/** Recipes that can be optimised for an attribute of the items. */
const optimisable = ["aws-user-personalization", "aws-personalized-ranking"];

export function assertEventsFit(config: Checked<EventsConfig> | undefined, recipeName: string): void {
  if ((config?.eventParametersList?.length ?? 0) === 0 || weighing.includes(recipeName)) return;
  refuse(`eventsConfig is only for ${weighing.join(" and ")}, not for ${recipeName}.`);
}

function assertObjectiveFits(objective: Checked<OptimizationObjective> | undefined, recipeName: string): void {
  if (!objective) return;
  const { itemAttribute, objectiveSensitivity = "OFF" } = objective;
  if (!optimisable.includes(recipeName)) {
    refuse(`optimizationObjective is only for ${optimisable.join(" and ")}, not for ${recipeName}.`);
  }
  if (itemAttribute === undefined && objectiveSensitivity !== "OFF") {
    refuse("optimizationObjective.itemAttribute is required unless objectiveSensitivity is OFF.");
  }
}

/** The objective's column must be a number in every row of the Items dataset, where the group has one already. */
export function assertObjectiveColumn(plane: ControlPlane, input: Checked<CreateSolutionRequest>): void {
  const { datasetGroupArn, solutionConfig } = input;
  const attribute = solutionConfig?.optimizationObjective?.itemAttribute;
  if (attribute === undefined) return;
  const items = those(
    plane,
    "dataset",
    (row) => row.datasetGroupArn === datasetGroupArn && row.datasetType === "ITEMS",
  );
  const [dataset] = items;
  if (!dataset) return refuse(`optimizationObjective needs an Items dataset in ${datasetGroupArn}.`);
  const verdict = parseSchema(find(plane, "schema", dataset.schemaArn).schema);
  const field = verdict.kind === "valid" ? verdict.schema.fields.find(({ name }) => name === attribute) : undefined;
  if (!field)
    return refuse(`optimizationObjective.itemAttribute is ${attribute}, which the Items schema does not have.`);
  if (field.nullable || !field.types.every((type) => ["int", "long", "float", "double"].includes(type))) {
    refuse(`optimizationObjective.itemAttribute is ${attribute}; it must be a number that cannot be null.`);
  }
}

export function assertScheduleFits(
  config: Checked<AutoTrainingConfig> | undefined,
  performAutoTraining: boolean,
): void {
  const expression = config?.schedulingExpression;
  if (expression === undefined) return;
  if (!performAutoTraining) refuse("autoTrainingConfig needs performAutoTraining to be true.");
  if (intervalOf(expression) === undefined) {
    refuse(`schedulingExpression is ${JSON.stringify(expression)}; it must be rate(N days) with N from 1 to 30.`);
  }
}

export function assertColumnsFit(config: Checked<SolutionConfig>["trainingDataConfig"]): void {
  const { excludedDatasetColumns, includedDatasetColumns } = config ?? {};
  if (excludedDatasetColumns && includedDatasetColumns) {
    refuse("trainingDataConfig takes excludedDatasetColumns or includedDatasetColumns, not both.");
  }
  for (const columns of Object.values(excludedDatasetColumns ?? {})) {
    if (columns.includes("EVENT_TYPE")) refuse("EVENT_TYPE cannot be excluded from training.");
  }
}
