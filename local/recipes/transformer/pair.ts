/**
 * The transformer and the recurrent network as one: states side by side, and the items' embeddings side by side, each at its network's
 * share, so that one product gives the weighted mean of both networks' logits (a product of experts, Hinton 2002) in one pass over
 * the items. Embeddings of features lie side by side as well.
 */
import { effectiveTable, type SideRecords } from "../features/side-model.ts";
import { longestHistory } from "../network/kept-users.ts";
import { serveEncoder as serveRecurrent, type Network } from "../network/serve.ts";
import type { Weights } from "../network/train.ts";
import { createCatalogue, type Catalogue } from "../scoring/catalogue.ts";
import { rowCount, type Vocabulary } from "./events.ts";
import type { Shape } from "./layout.ts";
import { serveEncoder } from "./serve.ts";
import { sideBySide } from "./side-by-side.ts";

export interface PairWeights {
  readonly transformer: Weights;
  /** Absent for the largest catalogues. */
  readonly recurrent?: Weights | undefined;
}

export interface PairOptions {
  readonly vocabulary: Vocabulary;
  readonly shape: Shape;
  readonly prior: Float32Array;
  readonly rank: Uint32Array;
  /** Features, whose embeddings each network has its own of; undefined where the data have none. */
  readonly records: SideRecords | undefined;
  /** Of each network, transformer first; absent = all alike. */
  readonly shares?: ArrayLike<number> | undefined;
}

export function makePair(module: WebAssembly.Module, weights: PairWeights, options: PairOptions): Network {
  const { vocabulary, prior, rank, shares } = options;
  const encoders = encodersOf(module, weights, options);
  const width = encoders.reduce((sum, encoder) => sum + encoder.width, 0);
  const catalogueOf = (tables: Parameters<typeof createCatalogue>[1]["tables"]) => {
    const wide = tables.reduce((sum, table) => sum + table.width, 0);
    return createCatalogue(module, { items: vocabulary.items, width: wide, prior, rank, tables });
  };
  const even = 1 / encoders.length;
  const catalogue = catalogueOf(encoders.map((encoder, n) => ({ ...encoder, scale: shares ? shares[n]! : even })));
  let apart: Catalogue[] | undefined; // only the fit of the shares asks each
  return {
    width,
    catalogue,
    logits: catalogue.logits,
    opinions: (state) => {
      apart ??= encoders.map((encoder) => catalogueOf([{ ...encoder, scale: 1 }]));
      return encoders.map((encoder, n) => apart![n]!.logits(encoder.own(state)));
    },
    states: (history, about) =>
      sideBySide(
        encoders.map((encoder) => ({
          rows: encoder.states(history, about && encoder.own(about)),
          width: encoder.width,
        })),
      ),
  };
}

/** Both networks without their items; `own` is a network's part of what lies side by side. */
function encodersOf(module: WebAssembly.Module, { transformer, recurrent }: PairWeights, options: PairOptions) {
  const { vocabulary, shape, records } = options;
  const read = (weights: Weights): Weights => {
    if (!records || !weights.side) return weights;
    const width = weights.table.length / rowCount(vocabulary);
    return { ...weights, table: effectiveTable(weights.table, { ...records, table: weights.side }, width) };
  };
  const [attention, gru] = [read(transformer), recurrent && read(recurrent)];
  const encoders = [
    { ...serveEncoder(module, attention, { vocabulary, shape }), table: attention.table },
    ...(gru ? [{ ...serveRecurrent(module, gru, { vocabulary, longest: longestHistory }), table: gru.table }] : []),
  ];
  let first = 0;
  return encoders.map((encoder) => {
    const from = first;
    first += encoder.width;
    return { ...encoder, own: (row: Float32Array) => row.subarray(from, from + encoder.width) };
  });
}
