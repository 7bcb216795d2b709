/**
 * aws-item-affinity: the users with the most interest in an item, for batch segment jobs. Formulas: factorisation/als.ts and
 * factorisation/affinity-model.ts. An unknown item gives the most active users.
 */
import { makeAffinityModel, type AffinityModel } from "../factorisation/affinity-model.ts";
import {
  affinityHyperparameters,
  loadAffinity,
  saveAffinity,
  trainAffinity,
  type TrainedAffinity,
} from "../factorisation/affinity-recipe.ts";
import type { Recipe } from "../recipe.ts";

const makeModel = (trained: TrainedAffinity): AffinityModel =>
  makeAffinityModel({
    ...trained,
    itemsOf: ({ item }) => (item === undefined || item >= trained.facts.items.length ? [] : [item]),
  });

export const itemAffinity: Recipe = {
  name: "aws-item-affinity",
  type: "USER_SEGMENTATION",
  algorithm: affinityHyperparameters,
  featureTransformation: [],
  realTime: false,
  train: async (data, parameters, environment) =>
    makeModel(await trainAffinity("aws-item-affinity", data, parameters, environment)),
  save: saveAffinity,
  load: (blobs) => makeModel(loadAffinity(blobs)),
};
