/**
 * aws-personalized-ranking-v2: puts a given list in a user's order, with the network and the settings of
 * aws-user-personalization-v2; the scores are a softmax over the given list (`rank`).
 */
import { successorHyperparameters, successorSettings } from "../network/declared.ts";
import { recurrentRecipe } from "../network/recurrent-recipe.ts";

export const personalizedRankingV2 = recurrentRecipe({
  name: "aws-personalized-ranking-v2",
  type: "PERSONALIZED_RANKING",
  ...successorHyperparameters,
  settings: successorSettings,
});
