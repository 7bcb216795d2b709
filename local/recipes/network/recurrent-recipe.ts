/** Makes a recipe of the recurrent personaliser: what a recipe declares, and how its hyperparameters become settings. */
import type { Parameters } from "../parameters.ts";
import type { Recipe, TrainingData, TrainingEnvironment } from "../recipe.ts";
import { makeModel, partsOf, saveModel, type PersonalizerModel } from "./model.ts";
import { openNetwork, trainPersonalizer, type Settings } from "./personalizer.ts";
import type { NetworkOptions } from "./train.ts";

type Declared = Pick<Recipe, "name" | "type" | "algorithm" | "featureTransformation">;

/** What a recipe's hyperparameters set. */
export interface NetworkSettings extends Omit<Settings, "recipe" | "network"> {
  readonly width: number;
  readonly steps: number;
}

interface Definition extends Declared {
  /** Throws UnlearnableDataError where it sees that the data will not do. */
  readonly settings: (parameters: Parameters, data: TrainingData, environment: TrainingEnvironment) => NetworkSettings;
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
    train: async (data, parameters, environment) => {
      const { width, steps, ...others } = settings(parameters, data, environment);
      return trainPersonalizer(
        data,
        { recipe: declared.name, network: { ...chosen, width, steps }, ...others },
        environment,
      );
    },
    save: (model) => saveModel(model as PersonalizerModel), // made by this recipe's train or load
    load: (blobs) => {
      const parts = partsOf(blobs);
      return makeModel(parts, openNetwork(parts));
    },
  };
}
