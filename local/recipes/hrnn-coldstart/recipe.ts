/**
 * aws-hrnn-coldstart: recommends cold items only (cold-items.ts says which), to everybody by the network of aws-hrnn-metadata, 149 wide by
 * default. What makes it learn to place what few people have met:
 *
 *   - in each batch three items in ten go without their own vector, so that metadata learn to stand for them (as DropoutNet does with
 *     the whole of an item's preferences, Volkovs et al. 2017)
 *   - cold items begin alike: their few interactions say little, so that none is preferred for them
 *
 * Scores are a softmax over the whole catalogue, of which cold items are a part. Evaluated as every other recipe: mostly by items that
 * are not cold, which it never recommends, so that its metrics are low.
 */
import { sideSettings } from "../features/side-model.ts";
import { recurrentHyperparameters, recurrentSettings } from "../network/declared.ts";
import { recurrentRecipe } from "../network/recurrent-recipe.ts";
import type { Hyperparameter, Model, Recipe } from "../recipe.ts";
import { coldItems } from "./cold-items.ts";

const { algorithm, featureTransformation } = recurrentHyperparameters("149");
const coldness: readonly Hyperparameter[] = [
  {
    ...{ kind: "integer", name: "cold_start_max_interactions", default: "15" },
    ...{ min: 1, max: Number.MAX_SAFE_INTEGER, tunable: false },
  },
  {
    ...{ kind: "float", name: "cold_start_max_duration", default: "5.0" },
    ...{ min: Number.MIN_VALUE, max: Number.MAX_VALUE, tunable: false },
  },
  {
    ...{ kind: "choice", name: "cold_start_relative_from", default: "latestItem" },
    ...{ values: ["currentTime", "latestItem"], tunable: false },
  },
];

interface ColdModel extends Model {
  readonly cold: Uint8Array; // bitmap over the items
}

const network = recurrentRecipe({
  name: "aws-hrnn-coldstart",
  type: "USER_PERSONALIZATION",
  ...{ algorithm, featureTransformation: [...featureTransformation, ...coldness] },
  settings: (parameters, data, { now }) => ({
    ...recurrentSettings(parameters),
    ...{ side: { ...sideSettings, idDropout: 0.3 }, alike: coldItems(data, parameters, now) },
  }),
});

const onlyCold = (model: Model, cold: Uint8Array): ColdModel => ({
  ...model,
  cold,
  recommend: (query) => model.recommend({ ...query, allowed: both(cold, query.allowed) }),
});

const both = (cold: Uint8Array, allowed: Uint8Array | undefined): Uint8Array =>
  allowed ? cold.map((bits, n) => bits & (allowed[n] ?? 0)) : cold;

export const hrnnColdstart: Recipe = {
  ...network,
  train: async (data, parameters, environment) => {
    const { afterEpoch } = environment;
    const cold = coldItems(data, parameters, environment.now);
    const watched = afterEpoch && {
      afterEpoch: (epoch: number, model: () => Model) => afterEpoch(epoch, () => onlyCold(model(), cold)),
    };
    return onlyCold(await network.train(data, parameters, { ...environment, ...watched }), cold);
  },
  save: (model) => ({ ...network.save(model), cold: (model as ColdModel).cold }), // made by this recipe's train or load
  load: (blobs) => {
    const cold = blobs["cold"];
    if (!cold) throw new Error('The saved model has no part "cold": train it again');
    return onlyCold(network.load(blobs), cold.slice());
  },
};
