/**
 * What a solution may ask for. Everything the service knows and this one cannot do yet is refused by name, so that no
 * parameter is ever silently without effect; docs/support.md lists the same.
 */
import type {
  AutoTrainingConfig,
  CreateSolutionRequest,
  EventsConfig,
  SolutionConfig,
} from "@aws-sdk/client-personalize";
import type { Recipe } from "../recipes/recipe.ts";
import { recipeNamed, type CatalogRecipe } from "./catalog/recipe-catalog.ts";
import { faultOfHyperparameters } from "./catalog/hyperparameters.ts";
import { InvalidInputException, ResourceNotFoundException } from "./errors.ts";
import { intervalOf } from "./lifecycles/automatic-training.ts";
import type { Checked } from "./model.ts";

const refuse = (message: string): never => {
  throw new InvalidInputException(message);
};

const notHere = (what: string): never =>
  refuse(`${what} is not supported by the embedded Personalize; see docs/support.md.`);

/** @returns the recipe's ARN. */
export function assertSolutionFits(
  input: Checked<CreateSolutionRequest>,
  trainable: Readonly<Record<string, Recipe>>,
): string {
  if (input.performAutoML === true) {
    if (input.recipeArn !== undefined) refuse("performAutoML and recipeArn exclude each other.");
    notHere("performAutoML");
  }
  if (input.recipeArn === undefined)
    throw new InvalidInputException("recipeArn is required unless performAutoML is true.");
  const recipe = recipeNamed(input.recipeArn);
  if (!recipe) throw new ResourceNotFoundException(input.recipeArn);
  assertTrainable(recipe, trainable);
  if (input.performHPO === true) notHere("performHPO");
  if (input.performIncrementalUpdate === true && recipe.name !== "aws-semantic-similarity") {
    refuse(`performIncrementalUpdate is only for aws-semantic-similarity, not for ${recipe.name}.`);
  }
  assertConfigFits(input.solutionConfig ?? {}, trainable[recipe.name] as Recipe);
  assertScheduleFits(input.solutionConfig?.autoTrainingConfig, input.performAutoTraining ?? true);
  return input.recipeArn;
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
  if (config.hpoConfig) notHere("hpoConfig");
  if (config.autoMLConfig) notHere("autoMLConfig");
  if (config.optimizationObjective) notHere("optimizationObjective");
  refuseEventsConfig(config.eventsConfig);
  const threshold = config.eventValueThreshold;
  if (threshold !== undefined && (threshold.trim() === "" || !Number.isFinite(Number(threshold)))) {
    refuse(`eventValueThreshold is ${JSON.stringify(threshold)}; it must be a number.`);
  }
  assertColumnsFit(config.trainingDataConfig);
}

/** Weights per event type: recipes here count every event alike. */
export function refuseEventsConfig(config: Checked<EventsConfig> | undefined): void {
  if ((config?.eventParametersList?.length ?? 0) > 0) notHere("eventsConfig");
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
