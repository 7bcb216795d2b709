/**
 * aws-user-personalization-v2: the recipe that Outrank ships with. The service's is a transformer; ours shares the recurrent network
 * of aws-hrnn for now (said so in docs/support.md), wider, and learns from every user.
 *
 *   apply_recency_bias   newer events count more: ../network/sequences.ts, eventWeights
 */
import { flagOf } from "../parameters.ts";
import { recurrentRecipe } from "../network/recurrent-recipe.ts";

export const userPersonalizationV2 = recurrentRecipe({
  name: "aws-user-personalization-v2",
  type: "USER_PERSONALIZATION",
  algorithm: [
    { kind: "choice", name: "apply_recency_bias", default: "true", values: ["true", "false"], tunable: false },
  ],
  featureTransformation: [],
  settings: (parameters) => ({
    width: 64,
    steps: 32,
    recencyBias: flagOf(parameters, "apply_recency_bias"),
    percentiles: { min: 0, max: 1 },
  }),
});
