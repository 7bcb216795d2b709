/** The model of the second versions in memory and as blobs: the parts of any personaliser, the transformer's shape, the recurrent weights. */
import { bytesOf, bytesOfJson, floats, json, type Blobs } from "../blobs.ts";
import { makeModel, partsOf, saveModel, type Parts, type PersonalizerModel } from "../network/model.ts";
import { compiledKernels } from "../network/personalizer.ts";
import type { Network } from "../network/serve.ts";
import { popularityOf } from "../popularity.ts";
import type { Shape } from "./layout.ts";
import { makePair, type PairWeights } from "./pair.ts";

export interface SuccessorModel extends PersonalizerModel {
  readonly shape: Shape;
  readonly recurrent: PairWeights["recurrent"];
}

export interface SuccessorParts {
  readonly parts: Parts; // whose weights are the transformer's
  readonly shape: Shape;
  readonly recurrent: PairWeights["recurrent"];
}

/** @param network made of these very weights */
export const successorModel = ({ parts, shape, recurrent }: SuccessorParts, network: Network): SuccessorModel => ({
  ...makeModel(parts, network),
  ...{ shape, recurrent },
});

export const saveSuccessor = (model: SuccessorModel): Record<string, Uint8Array> => ({
  ...saveModel(model),
  shape: bytesOfJson(model.shape),
  ...(model.recurrent && {
    recurrentTable: bytesOf(model.recurrent.table),
    recurrentDense: bytesOf(model.recurrent.dense),
  }),
});

export function loadSuccessor(blobs: Blobs): SuccessorModel {
  const parts = partsOf(blobs);
  const shape = json<Shape>(blobs, "shape");
  const recurrent = blobs["recurrentTable"] && {
    table: floats(blobs, "recurrentTable"),
    dense: floats(blobs, "recurrentDense"),
  };
  const vocabulary = { items: parts.facts.items.length, eventTypes: parts.facts.eventTypes.length };
  const options = { vocabulary, shape, prior: parts.prior, rank: popularityOf(parts.users).rank };
  const network = makePair(compiledKernels(), { transformer: parts.weights, recurrent }, options);
  return successorModel({ parts, shape, recurrent }, network);
}
