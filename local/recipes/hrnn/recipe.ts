/**
 * aws-hrnn: a recurrent network over each user's events predicts the next item.
 *
 * Hierarchical (Quadrana et al. 2017): a recurrent unit reads the events of a session, another one, the user's, steps when a session
 * ends and says what the next session begins with (../network/sessions.ts). Embeddings tied at both ends, softmax
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
