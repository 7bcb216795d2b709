/** Makes a recipe of the second versions: what it declares and what was chosen by measurement (docs/recipes.md). */
import { flagOf } from "../parameters.ts";
import type { Recipe } from "../recipe.ts";
import { loadSuccessor, saveSuccessor, type SuccessorModel } from "./saved.ts";
import { trainSuccessor, type Settings } from "./successor.ts";

const chosen: Omit<Settings, "recipe" | "recencyBias"> = {
  transformer: {
    ...{ width: 64, heads: 2, blocks: 1, inner: 128, steps: 64, lanes: 8, epochs: 5 },
    ...{ rate: 0.006, tableRate: 1.5, decay: 0, candidates: 768 },
    ...{ inputDropout: 0.2, branchDropout: 0.2, outputDropout: 0.3 },
  },
  recurrent: {
    ...{ width: 64, steps: 32, lanes: 8, epochs: 4, candidates: 640 },
    ...{ rate: 0.008, decay: 0, inputDropout: 0.3, outputDropout: 0.3 },
  },
  largeCatalogue: 1_000_000,
};

export const successorRecipe = (declared: Pick<Recipe, "name" | "type">): Recipe => ({
  ...declared,
  algorithm: [
    { kind: "choice", name: "apply_recency_bias", default: "true", values: ["true", "false"], tunable: false },
  ],
  featureTransformation: [],
  realTime: true,
  train: (data, parameters, environment) =>
    trainSuccessor(
      data,
      { ...chosen, recipe: declared.name, recencyBias: flagOf(parameters, "apply_recency_bias") },
      environment,
    ),
  save: (model) => saveSuccessor(model as SuccessorModel), // made by this recipe's train or load
  load: loadSuccessor,
});
