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
import { recurrentHyperparameters, recurrentSettings } from "../network/declared.ts";
import { recurrentRecipe } from "../network/recurrent-recipe.ts";

export const hrnn = recurrentRecipe({
  name: "aws-hrnn",
  type: "USER_PERSONALIZATION",
  ...recurrentHyperparameters("43"),
  settings: recurrentSettings,
});
