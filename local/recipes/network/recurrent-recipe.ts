/** Makes a recipe of the recurrent personaliser: what a recipe declares, and how its hyperparameters become settings. */
import type { HistoryPercentiles } from "../learnable.ts";
import type { Parameters } from "../parameters.ts";
import type { Recipe } from "../recipe.ts";
import { makeModel, partsOf, saveModel, type PersonalizerModel } from "./model.ts";
import { longestHistory } from "./kept-users.ts";
import { compiledKernels, trainPersonalizer } from "./personalizer.ts";
import { serveNetwork } from "./serve.ts";
import type { NetworkOptions } from "./train.ts";

type Declared = Pick<Recipe, "name" | "type" | "algorithm" | "featureTransformation">;

/** What a recipe's hyperparameters set. */
export interface NetworkSettings {
  readonly width: number;
  readonly steps: number;
  readonly recencyBias: boolean;
  readonly percentiles: HistoryPercentiles;
}

interface Definition extends Declared {
  readonly settings: (parameters: Parameters) => NetworkSettings;
}

/** What the recipes do not declare: chosen by measurement, see docs/recipes.md. */
const chosen: Omit<NetworkOptions, "width" | "steps"> = {
  ...{ lanes: 8, epochs: 4, candidates: 1024 },
  ...{ rate: 0.008, decay: 0, inputDropout: 0.3, outputDropout: 0.3 },
};

export function recurrentRecipe({ settings, ...declared }: Definition): Recipe {
  return {
    ...declared,
    realTime: true,
    train: (data, parameters, environment) => {
      const { width, steps, recencyBias, percentiles } = settings(parameters);
      const network = { ...chosen, width, steps };
      return trainPersonalizer(data, { recipe: declared.name, network, percentiles, recencyBias }, environment);
    },
    save: (model) => saveModel(model as PersonalizerModel), // made by this recipe's train or load
    load: (blobs) => {
      const parts = partsOf(blobs);
      const vocabulary = { items: parts.facts.items.length, eventTypes: parts.facts.eventTypes.length };
      const options = { vocabulary, prior: parts.prior, longest: longestHistory };
      return makeModel(parts, serveNetwork(compiledKernels(), parts.weights, options));
    },
  };
}
