/**
 * aws-item-attribute-affinity: the users with the most interest in items that have given attributes, for batch segment
 * jobs. Formulas: factorisation/als.ts and factorisation/affinity-model.ts; the items of a query: attributes.ts.
 */
import { bytesOf, bytesOfJson, integers, json } from "../blobs.ts";
import { makeAffinityModel, type AffinityModel } from "../factorisation/affinity-model.ts";
import {
  affinityHyperparameters,
  loadAffinity,
  saveAffinity,
  trainAffinity,
  type TrainedAffinity,
} from "../factorisation/affinity-recipe.ts";
import type { Recipe } from "../recipe.ts";
import { indexAttributes, itemsWith, type AttributeColumn } from "./attributes.ts";

interface AttributeAffinityModel extends AffinityModel {
  readonly attributes: readonly AttributeColumn[];
}

const makeModel = (trained: TrainedAffinity, attributes: readonly AttributeColumn[]): AttributeAffinityModel => ({
  ...makeAffinityModel({ ...trained, itemsOf: (query) => itemsWith(attributes, query.attributes ?? []) }),
  attributes,
});

export const itemAttributeAffinity: Recipe = {
  name: "aws-item-attribute-affinity",
  type: "USER_SEGMENTATION",
  algorithm: affinityHyperparameters,
  featureTransformation: [],
  realTime: false,
  train: async (data, parameters, environment) => {
    const attributes = indexAttributes(data.itemColumns);
    return makeModel(await trainAffinity("aws-item-attribute-affinity", data, parameters, environment), attributes);
  },
  save: (model) => {
    const { attributes } = model as AttributeAffinityModel; // made by this recipe's train or load
    const columns = attributes.map(({ name, values }) => ({ name, values }));
    const lists = attributes.flatMap(({ offsets, items }, n) => [
      [`attributeOffsets${n}`, bytesOf(offsets)] as const,
      [`attributeItems${n}`, bytesOf(items)] as const,
    ]);
    return { ...saveAffinity(model), attributes: bytesOfJson(columns), ...Object.fromEntries(lists) };
  },
  load: (blobs) =>
    makeModel(
      loadAffinity(blobs),
      json<Pick<AttributeColumn, "name" | "values">[]>(blobs, "attributes").map((column, n) => ({
        ...column,
        offsets: integers(blobs, `attributeOffsets${n}`),
        items: integers(blobs, `attributeItems${n}`),
      })),
    ),
};
