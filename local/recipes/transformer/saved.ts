/**
 * The model of the second versions in memory and as blobs: the parts of any personaliser, the transformer's shape, the recurrent weights, and
 * each network's share. Models from before there were shares and features load as they were: half and half, without.
 */
import { bytesOf, bytesOfJson, doubles, floats, json, type Blobs } from "../blobs.ts";
import type { SideParts } from "../features/side-model.ts";
import { makeModel, partsOf, saveModel, type Parts, type PersonalizerModel } from "../network/model.ts";
import { compiledKernels } from "../network/personalizer.ts";
import type { Network } from "../network/serve.ts";
import type { Weights } from "../network/train.ts";
import { popularityOf } from "../popularity.ts";
import { rowCount } from "./events.ts";
import type { Shape } from "./layout.ts";
import { makePair, type PairWeights } from "./pair.ts";
import { sideBySide, takenApart } from "./side-by-side.ts";

export interface SuccessorParts {
  /** Whose weights are the transformer's, and whose table of features holds both networks' side by side. */
  readonly parts: Parts;
  readonly shape: Shape;
  readonly recurrent: PairWeights["recurrent"];
  /** Of each network in the logits, transformer first; absent = all alike. */
  readonly shares: Float64Array | undefined;
}

export interface SuccessorModel extends PersonalizerModel, Omit<SuccessorParts, "parts"> {}

/** @param network made of these very weights */
export const successorModel = ({ parts, ...others }: SuccessorParts, network: Network): SuccessorModel => ({
  ...makeModel(parts, network),
  ...others,
});

/** Both networks' embeddings of features, as `SuccessorParts` has them; undefined where there are none. */
export function jointSide({ transformer, recurrent }: PairWeights, rows: number): Float32Array | undefined {
  const widthOf = ({ table }: Weights) => table.length / rows;
  const networks = recurrent ? [transformer, recurrent] : [transformer];
  const parts = networks.flatMap((weights) => (weights.side ? [{ rows: weights.side, width: widthOf(weights) }] : []));
  return parts.length > 0 ? sideBySide(parts) : undefined;
}

export const saveSuccessor = (model: SuccessorModel): Record<string, Uint8Array> => ({
  ...saveModel(model),
  shape: bytesOfJson(model.shape),
  ...(model.shares && { shares: bytesOf(model.shares) }),
  ...(model.recurrent && {
    recurrentTable: bytesOf(model.recurrent.table),
    recurrentDense: bytesOf(model.recurrent.dense),
  }),
});

/** Gives each network the features that are its own. */
function withSides({ transformer, recurrent }: PairWeights, side: SideParts | undefined, rows: number): PairWeights {
  if (!side) return { transformer, recurrent };
  const networks = recurrent ? [transformer, recurrent] : [transformer];
  const widths = networks.map(({ table }) => table.length / rows);
  const [first, second] = takenApart(side.table, widths) as [Float32Array, Float32Array?];
  return {
    transformer: { ...transformer, side: first },
    recurrent: recurrent && { ...recurrent, ...(second && { side: second }) },
  };
}

export function loadSuccessor(blobs: Blobs): SuccessorModel {
  const parts = partsOf(blobs);
  const shape = json<Shape>(blobs, "shape");
  const recurrent = blobs["recurrentTable"] && {
    table: floats(blobs, "recurrentTable"),
    dense: floats(blobs, "recurrentDense"),
  };
  const shares = blobs["shares"] && doubles(blobs, "shares");
  const vocabulary = { items: parts.facts.items.length, eventTypes: parts.facts.eventTypes.length };
  const weights = withSides({ transformer: parts.weights, recurrent }, parts.side, rowCount(vocabulary));
  const { rank } = popularityOf(parts.users);
  const options = { vocabulary, shape, prior: parts.prior, rank, records: parts.side, shares };
  const network = makePair(compiledKernels(), weights, options);
  return successorModel({ parts, shape, recurrent: weights.recurrent, shares }, network);
}
