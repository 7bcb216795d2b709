/**
 * aws-user-personalization-v2: the recipe that Outrank ships with. The service's is a transformer; ours shares the recurrent network
 * of aws-hrnn for now (said so in docs/support.md), wider, and learns from every user.
 *
 *   apply_recency_bias   newer events count more: ../network/sequences.ts, eventWeights
 */
import { successorHyperparameters, successorSettings } from "../network/declared.ts";
import { recurrentRecipe } from "../network/recurrent-recipe.ts";

export const userPersonalizationV2 = recurrentRecipe({
  name: "aws-user-personalization-v2",
  type: "USER_PERSONALIZATION",
  ...successorHyperparameters,
  settings: successorSettings,
});
