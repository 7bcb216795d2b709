/**
 * aws-user-personalization: the network of aws-hrnn, 149 wide by default (rounded up to a multiple of four). Exploration weight
 * and item-age cutoff belong to the campaign, not to training; the model only gives relevance.
 */
import { recurrentHyperparameters, recurrentSettings } from "../network/declared.ts";
import { recurrentRecipe } from "../network/recurrent-recipe.ts";

export const userPersonalization = recurrentRecipe({
  name: "aws-user-personalization",
  type: "USER_PERSONALIZATION",
  ...recurrentHyperparameters("149"),
  settings: recurrentSettings,
});
