/**
 * Every recipe of Amazon Personalize as ListRecipes and the Describe operations of recipe, algorithm and feature
 * transformation show it. Which of them can be trained here is another table, `local/recipes/index.ts`; where a recipe is in
 * both, the hyperparameters come from there. The real service's texts and dates are not public: ours are our own.
 */
import type { Algorithm, FeatureTransformation, Recipe as RecipeShape } from "@aws-sdk/client-personalize";
import type { Hyperparameter, Recipe } from "../../recipes/recipe.ts";
import { algorithmArn, featureTransformationArn, recipeArn } from "../arns.ts";
import type { Domain } from "../schema/avro-schema.ts";
import type { Hyperparameters } from "./hyperparameters.ts";

export interface CatalogRecipe {
  readonly name: string;
  readonly type: string;
  readonly algorithm: string;
  readonly featureTransformation: string;
  readonly description: string;
  readonly domain?: Domain;
}

const percentiles = "JSON-percentile-filtering";

type RecipeLine = readonly [name: string, type: string, featureTransformation: string, description: string];

const lines: readonly RecipeLine[] = [
  [
    "aws-user-personalization-v2",
    "USER_PERSONALIZATION",
    percentiles,
    "Items a user will want next, by a transformer.",
  ],
  ["aws-user-personalization", "USER_PERSONALIZATION", percentiles, "Items a user will want next, with exploration."],
  ["aws-hrnn", "USER_PERSONALIZATION", percentiles, "Items a user will want next, by a recurrent network."],
  ["aws-hrnn-metadata", "USER_PERSONALIZATION", "featurize_metadata", "As aws-hrnn, with metadata and context."],
  ["aws-hrnn-coldstart", "USER_PERSONALIZATION", "featurize_coldstart", "As aws-hrnn-metadata, exploring new items."],
  ["aws-popularity-count", "POPULAR_ITEMS", "sims", "The items that most users interacted with."],
  ["aws-trending-now", "POPULAR_ITEMS", percentiles, "The items whose popularity grows fastest."],
  [
    "aws-personalized-ranking-v2",
    "PERSONALIZED_RANKING",
    percentiles,
    "A given list in a user's order, by a transformer.",
  ],
  ["aws-personalized-ranking", "PERSONALIZED_RANKING", percentiles, "A given list in a user's order."],
  ["aws-similar-items", "RELATED_ITEMS", percentiles, "Items like a given one, by interactions and metadata."],
  ["aws-sims", "RELATED_ITEMS", "sims", "Items that appear together with a given one."],
  [
    "aws-semantic-similarity",
    "RELATED_ITEMS",
    "aws-semantic-similarity",
    "Items whose text means the same as a given one's.",
  ],
  ["aws-next-best-action", "PERSONALIZED_ACTIONS", percentiles, "The actions a user will most likely take."],
  ["aws-item-affinity", "USER_SEGMENTATION", "item-affinity", "The users with most interest in an item."],
  [
    "aws-item-attribute-affinity",
    "USER_SEGMENTATION",
    "item-attribute-affinity",
    "The users with most interest in attributes.",
  ],
];

const useCases: readonly (readonly [name: string, domain: Domain, type: string, description: string])[] = [
  ["aws-ecomm-popular-items-by-views", "ECOMMERCE", "POPULAR_ITEMS", "Most viewed items."],
  ["aws-ecomm-popular-items-by-purchases", "ECOMMERCE", "POPULAR_ITEMS", "Most purchased items."],
  ["aws-ecomm-frequently-bought-together", "ECOMMERCE", "RELATED_ITEMS", "Items bought together with a given one."],
  [
    "aws-ecomm-customers-who-viewed-x-also-viewed",
    "ECOMMERCE",
    "RELATED_ITEMS",
    "Items viewed together with a given one.",
  ],
  ["aws-ecomm-recommended-for-you", "ECOMMERCE", "USER_PERSONALIZATION", "Items a customer will want next."],
  ["aws-vod-because-you-watched-x", "VIDEO_ON_DEMAND", "RELATED_ITEMS", "Videos that watchers of a given one watched."],
  ["aws-vod-more-like-x", "VIDEO_ON_DEMAND", "RELATED_ITEMS", "Videos like a given one."],
  ["aws-vod-most-popular", "VIDEO_ON_DEMAND", "POPULAR_ITEMS", "Most watched videos."],
  ["aws-vod-trending-now", "VIDEO_ON_DEMAND", "POPULAR_ITEMS", "Videos whose popularity grows fastest."],
  ["aws-vod-top-picks", "VIDEO_ON_DEMAND", "USER_PERSONALIZATION", "Videos a user will want next."],
];

/** The one algorithm that is not named like its recipe. */
const algorithmName = (recipe: string) => (recipe === "aws-trending-now" ? "aws-trending-now-custom" : recipe);

export const catalog: readonly CatalogRecipe[] = [
  ...lines.map(([name, type, featureTransformation, description]) => ({
    name,
    type,
    algorithm: algorithmName(name),
    featureTransformation,
    description,
  })),
  ...useCases.map(([name, domain, type, description]) => ({
    name,
    type,
    algorithm: name,
    featureTransformation: percentiles,
    description,
    domain,
  })),
];

/** The day this table was written; the service shows dates, and none is documented. */
const catalogued = new Date(Date.UTC(2026, 0, 1));
const dates = { creationDateTime: catalogued, lastUpdatedDateTime: catalogued };

export const recipeNamed = (arn: string | undefined) => catalog.find(({ name }) => recipeArn(name) === arn);

export function describeRecipe(recipe: CatalogRecipe): RecipeShape {
  return {
    name: recipe.name,
    recipeArn: recipeArn(recipe.name),
    algorithmArn: algorithmArn(recipe.algorithm),
    featureTransformationArn: featureTransformationArn(recipe.featureTransformation),
    status: "ACTIVE",
    description: recipe.description,
    recipeType: recipe.type,
    ...dates,
  };
}

/** Of the recipe itself; those that cannot be trained here have none (reference, section 5). */
export function hyperparametersOf(name: string, trainable: Readonly<Record<string, Recipe>>): Hyperparameters {
  return trainable[name] ?? { algorithm: [], featureTransformation: [] };
}

export function describeAlgorithm(recipe: CatalogRecipe, trainable: Readonly<Record<string, Recipe>>): Algorithm {
  const { algorithm } = hyperparametersOf(recipe.name, trainable);
  const common = ({ name, tunable }: Hyperparameter) => ({ name, isTunable: tunable });
  const numbers = (kind: "integer" | "float") =>
    algorithm.flatMap((parameter) =>
      parameter.kind === kind ? [{ ...common(parameter), minValue: parameter.min, maxValue: parameter.max }] : [],
    );
  return {
    name: recipe.algorithm,
    algorithmArn: algorithmArn(recipe.algorithm),
    defaultHyperParameters: defaultsOf(algorithm),
    defaultHyperParameterRanges: {
      integerHyperParameterRanges: numbers("integer"),
      continuousHyperParameterRanges: numbers("float"),
      categoricalHyperParameterRanges: algorithm.flatMap((parameter) =>
        parameter.kind === "choice" ? [{ ...common(parameter), values: [...parameter.values] }] : [],
      ),
    },
    defaultResourceConfig: { maxNumberOfTrainingJobs: "40", maxParallelTrainingJobs: "10" },
    trainingInputMode: "File",
    ...dates,
  };
}

/** Several recipes share one; its defaults are those of the first recipe that names it. */
export function describeFeatureTransformation(
  name: string,
  trainable: Readonly<Record<string, Recipe>>,
): FeatureTransformation | undefined {
  const user = catalog.find(({ featureTransformation }) => featureTransformation === name);
  if (!user) return undefined;
  return {
    name,
    featureTransformationArn: featureTransformationArn(name),
    defaultParameters: defaultsOf(hyperparametersOf(user.name, trainable).featureTransformation),
    status: "ACTIVE",
    ...dates,
  };
}

export const defaultsOf = (parameters: readonly Hyperparameter[]): Record<string, string> =>
  Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default]));
