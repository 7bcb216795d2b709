/** The recipes by the name in their ARN, `arn:aws:personalize:::recipe/<name>`. */
import { popularityCount } from "./popularity-count/recipe.ts";
import type { Recipe } from "./recipe.ts";
import { sims } from "./sims/recipe.ts";

export const recipes: Readonly<Record<string, Recipe>> = Object.fromEntries(
  [popularityCount, sims].map((recipe) => [recipe.name, recipe]),
);
