/**
 * aws-hrnn: a recurrent network over each user's events predicts the next item.
 *
 * First cut: one gated recurrent unit over the whole history with the time since the event before as an input, where the paper
 * of the recipe's name has a GRU per session under one per user (Quadrana et al. 2017); embeddings tied at both ends, softmax
 * cross-entropy (Hidasi et al. 2016 with full or sampled softmax). Formulas: ../network/step.ts.
 *
 *   hidden_dimension                          width of state and embeddings, rounded up to a multiple of four
 *   bptt                                      events that the gradient runs back through
 *   recency_mask                              newer events count more: ../network/sequences.ts, eventWeights
 *   min_/max_user_history_length_percentile   which users are learnt from
 */
import { flagOf, historyPercentiles, numberOf } from "../parameters.ts";
import { recurrentRecipe } from "../network/recurrent-recipe.ts";

export const hrnn = recurrentRecipe({
  name: "aws-hrnn",
  type: "USER_PERSONALIZATION",
  algorithm: [
    { kind: "integer", name: "hidden_dimension", default: "43", min: 32, max: 256, tunable: true },
    { kind: "integer", name: "bptt", default: "32", min: 2, max: 32, tunable: true },
    {
      kind: "choice",
      name: "recency_mask",
      default: "true",
      values: ["true", "false", "True", "False"],
      tunable: true,
    },
  ],
  featureTransformation: historyPercentiles("0.0", "0.99"),
  settings: (parameters) => ({
    width: numberOf(parameters, "hidden_dimension"),
    steps: numberOf(parameters, "bptt"),
    recencyBias: flagOf(parameters, "recency_mask"),
    percentiles: {
      min: numberOf(parameters, "min_user_history_length_percentile"),
      max: numberOf(parameters, "max_user_history_length_percentile"),
    },
  }),
});
