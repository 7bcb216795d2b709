/**
 * aws-user-personalization: the network of aws-hrnn-metadata, 149 wide by default (rounded up to a multiple of four), and exploration:
 * ../exploration/explore.ts. Exploration weight and item-age cutoff belong to the campaign, not to training; without them a model gives
 * pure relevance, which is also what the evaluation measures.
 */
import { sideSettings } from "../features/side-model.ts";
import { recurrentHyperparameters, recurrentSettings } from "../network/declared.ts";
import { recurrentRecipe } from "../network/recurrent-recipe.ts";

export const userPersonalization = recurrentRecipe({
  name: "aws-user-personalization",
  type: "USER_PERSONALIZATION",
  ...recurrentHyperparameters("149"),
  settings: (parameters) => ({ ...recurrentSettings(parameters), side: sideSettings, explores: true }),
});
