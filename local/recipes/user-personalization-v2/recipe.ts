/**
 * aws-user-personalization-v2: the recipe that Outrank ships with. A self-attention network over each user's events beside a recurrent one,
 * blended with what the history says directly (../transformer/successor.ts); up to five million items by sampled softmax.
 *
 *   apply_recency_bias   newer events count more: ../network/sequences.ts, eventWeights
 */
import { successorRecipe } from "../transformer/successor-recipe.ts";

export const userPersonalizationV2 = successorRecipe({
  name: "aws-user-personalization-v2",
  type: "USER_PERSONALIZATION",
});
