/**
 * aws-personalized-ranking-v2: puts a given list in a user's order, with the networks and the settings of
 * aws-user-personalization-v2; the scores are a softmax over the given list (`rank`).
 */
import { successorRecipe } from "../transformer/successor-recipe.ts";

export const personalizedRankingV2 = successorRecipe({
  name: "aws-personalized-ranking-v2",
  type: "PERSONALIZED_RANKING",
});
