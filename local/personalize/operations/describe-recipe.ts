/** What a recipe is for. */
import type { DescribeRecipeRequest, DescribeRecipeResponse } from "@aws-sdk/client-personalize";
import { describeRecipe as describe, recipeNamed } from "../catalog/recipe-catalog.ts";
import { ResourceNotFoundException } from "../errors.ts";
import type { Checked } from "../model.ts";

export const describeRecipe =
  () =>
  ({ recipeArn }: Checked<DescribeRecipeRequest>): DescribeRecipeResponse => {
    const recipe = recipeNamed(recipeArn);
    if (!recipe) throw new ResourceNotFoundException(recipeArn);
    return { recipe: describe(recipe) };
  };
