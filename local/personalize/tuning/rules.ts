/** What CreateSolution may ask of a search: performHPO with hpoConfig, performAutoML with autoMLConfig. Messages for InvalidInputException. */
import type { AutoMLConfig, HPOConfig } from "@aws-sdk/client-personalize";
import type { Hyperparameter, Recipe } from "../../recipes/recipe.ts";
import { recipeNamed } from "../catalog/recipe-catalog.ts";
import type { Checked } from "../model.ts";
import { faultOfRanges } from "./space.ts";

/** The service's own upper bounds; what a search has without hpoResourceConfig, as DescribeAlgorithm says. */
export const mostTrainings = 40;
const mostParallel = 10;

/** Whole numbers from 1 to `most`, as text. */
function faultOfCount(name: string, text: string | undefined, most: number): string | undefined {
  const count = Number(text);
  if (text === undefined || (/^\d+$/.test(text) && count >= 1 && count <= most)) return undefined;
  return `hpoResourceConfig.${name} is ${JSON.stringify(text)}; it must be an integer from 1 to ${most}.`;
}

/** The first fault as a sentence; undefined when all is well. */
export function faultOfHpo(
  performHPO: boolean,
  config: Checked<HPOConfig> | undefined,
  recipe: { readonly name: string; readonly algorithm: readonly Hyperparameter[] },
): string | undefined {
  if (!performHPO) return config ? "hpoConfig needs performHPO to be true." : undefined;
  if (!recipe.algorithm.some(({ tunable }) => tunable))
    return `${recipe.name} has no hyperparameters that can be tuned.`;
  if (config?.hpoObjective) return "hpoObjective cannot be set: the service chooses the metric.";
  const { maxNumberOfTrainingJobs, maxParallelTrainingJobs } = config?.hpoResourceConfig ?? {};
  return (
    faultOfCount("maxNumberOfTrainingJobs", maxNumberOfTrainingJobs, mostTrainings) ??
    faultOfCount("maxParallelTrainingJobs", maxParallelTrainingJobs, mostParallel) ??
    faultOfRanges(recipe.algorithm, config?.algorithmHyperParameterRanges)
  );
}

/** Metrics that all recipes of the search have; the bigger the better. */
export const autoMLMetrics = [
  "mean_reciprocal_rank_at_25",
  ...["normalized_discounted_cumulative_gain_at_5", "normalized_discounted_cumulative_gain_at_10"],
  "normalized_discounted_cumulative_gain_at_25",
  ...["precision_at_5", "precision_at_10", "precision_at_25", "coverage"],
] as const;

/** Names of the recipes that a search may choose from. */
export function autoMLRecipes(
  config: Checked<AutoMLConfig> | undefined,
  trainable: Readonly<Record<string, Recipe>>,
): string[] {
  const personal = Object.values(trainable).filter(({ type }) => type === "USER_PERSONALIZATION");
  return config?.recipeList?.map((arn) => recipeNamed(arn)?.name ?? arn) ?? personal.map(({ name }) => name);
}

export function faultOfAutoML(
  config: Checked<AutoMLConfig> | undefined,
  trainable: Readonly<Record<string, Recipe>>,
): string | undefined {
  const names = autoMLRecipes(config, trainable);
  if (names.length === 0) return "autoMLConfig.recipeList is empty; name one recipe or more, or leave it out.";
  const wrong = names.find((name) => trainable[name]?.type !== "USER_PERSONALIZATION");
  if (wrong)
    return `autoMLConfig.recipeList has ${wrong}; AutoML chooses among recipes of the type USER_PERSONALIZATION.`;
  const metric = config?.metricName;
  if (metric === undefined || autoMLMetrics.some((name) => name === metric)) return undefined;
  return `autoMLConfig.metricName is ${metric}; it must be one of ${autoMLMetrics.join(", ")}.`;
}
