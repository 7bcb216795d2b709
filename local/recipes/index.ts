/** The recipes by the name in their ARN, `arn:aws:personalize:::recipe/<name>`. */
import { hrnn } from "./hrnn/recipe.ts";
import { popularityCount } from "./popularity-count/recipe.ts";
import type { Recipe } from "./recipe.ts";
import { sims } from "./sims/recipe.ts";
import { userPersonalizationV2 } from "./user-personalization-v2/recipe.ts";

export const recipes: Readonly<Record<string, Recipe>> = Object.fromEntries(
  [hrnn, popularityCount, sims, userPersonalizationV2].map((recipe) => [recipe.name, recipe]),
);
