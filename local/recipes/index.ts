/** The recipes by the name in their ARN, `arn:aws:personalize:::recipe/<name>`. */
import { hrnnColdstart } from "./hrnn-coldstart/recipe.ts";
import { hrnnMetadata } from "./hrnn-metadata/recipe.ts";
import { hrnn } from "./hrnn/recipe.ts";
import { itemAffinity } from "./item-affinity/recipe.ts";
import { itemAttributeAffinity } from "./item-attribute-affinity/recipe.ts";
import { nextBestAction } from "./next-best-action/recipe.ts";
import { personalizedRankingV2 } from "./personalized-ranking-v2/recipe.ts";
import { personalizedRanking } from "./personalized-ranking/recipe.ts";
import { popularityCount } from "./popularity-count/recipe.ts";
import type { Recipe } from "./recipe.ts";
import { similarItems } from "./similar-items/recipe.ts";
import { sims } from "./sims/recipe.ts";
import { trendingNow } from "./trending-now/recipe.ts";
import { userPersonalizationV2 } from "./user-personalization-v2/recipe.ts";
import { userPersonalization } from "./user-personalization/recipe.ts";

const every = [
  ...[hrnn, hrnnColdstart, hrnnMetadata, personalizedRanking, personalizedRankingV2, popularityCount, sims],
  ...[itemAffinity, itemAttributeAffinity, nextBestAction, similarItems, trendingNow],
  ...[userPersonalization, userPersonalizationV2],
];

export const recipes: Readonly<Record<string, Recipe>> = Object.fromEntries(
  every.map((recipe) => [recipe.name, recipe]),
);
