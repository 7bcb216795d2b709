/** All recipes of the service, or those of one domain. */
import type { ListRecipesRequest, ListRecipesResponse } from "@aws-sdk/client-personalize";
import { catalog, describeRecipe } from "../catalog/recipe-catalog.ts";
import { pageOf } from "../paging.ts";

export const listRecipes =
  () =>
  ({ domain, nextToken, maxResults }: ListRecipesRequest): ListRecipesResponse => {
    const entries = catalog
      .filter((recipe) => domain === undefined || recipe.domain === domain)
      .map((recipe) => ({ created: 0, id: recipe.name, recipe }));
    const page = pageOf(entries, `recipes ${domain ?? ""}`, { nextToken, maxResults });
    return {
      recipes: page.items.map(({ recipe }) => {
        const { name, recipeArn, status, creationDateTime, lastUpdatedDateTime } = describeRecipe(recipe);
        const dates = { creationDateTime, lastUpdatedDateTime };
        return { name, recipeArn, status, ...dates, ...(recipe.domain ? { domain: recipe.domain } : {}) };
      }),
      nextToken: page.nextToken,
    };
  };
