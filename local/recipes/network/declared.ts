/** Hyperparameters that several recipes of the recurrent personaliser declare, and how they become settings. */
import { flagOf, historyPercentiles, numberOf, type Parameters } from "../parameters.ts";
import type { Recipe } from "../recipe.ts";
import type { NetworkSettings } from "./recurrent-recipe.ts";

/** hrnn, user-personalization and personalized-ranking differ in the default width only. */
export const recurrentHyperparameters = (width: string): Pick<Recipe, "algorithm" | "featureTransformation"> => ({
  algorithm: [
    { kind: "integer", name: "hidden_dimension", default: width, min: 32, max: 256, tunable: true },
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
});

export const recurrentSettings = (parameters: Parameters): NetworkSettings => ({
  width: numberOf(parameters, "hidden_dimension"),
  steps: numberOf(parameters, "bptt"),
  recencyBias: flagOf(parameters, "recency_mask"),
  percentiles: {
    min: numberOf(parameters, "min_user_history_length_percentile"),
    max: numberOf(parameters, "max_user_history_length_percentile"),
  },
});
