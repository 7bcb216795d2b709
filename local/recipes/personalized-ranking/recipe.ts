/**
 * aws-personalized-ranking: puts a given list in a user's order. The network of aws-hrnn-metadata, 149 wide by default; the scores are a
 * softmax over the given list (`rank`). Items that the model does not know are the caller's to append, unscored.
 */
import { sideSettings } from "../features/side-model.ts";
import { recurrentHyperparameters, recurrentSettings } from "../network/declared.ts";
import { recurrentRecipe } from "../network/recurrent-recipe.ts";

export const personalizedRanking = recurrentRecipe({
  name: "aws-personalized-ranking",
  type: "PERSONALIZED_RANKING",
  ...recurrentHyperparameters("149"),
  settings: (parameters) => ({ ...recurrentSettings(parameters), side: sideSettings }),
});
