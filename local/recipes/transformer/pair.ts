/**
 * The transformer and the recurrent network as one: states side by side, and the items' embeddings side by side at half their size, so that
 * one product gives the mean of both networks' logits (a product of experts, Hinton 2002) in one pass over the items.
 */
import { longestHistory } from "../network/kept-users.ts";
import { serveEncoder as serveRecurrent, type Network } from "../network/serve.ts";
import type { Weights } from "../network/train.ts";
import { createCatalogue } from "../scoring/catalogue.ts";
import type { Vocabulary } from "./events.ts";
import type { Shape } from "./layout.ts";
import { serveEncoder } from "./serve.ts";

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
}

export function makePair(module: WebAssembly.Module, weights: PairWeights, options: PairOptions): Network {
  const { vocabulary, prior, rank } = options;
  const encoders = [
    { ...serveEncoder(module, weights.transformer, options), table: weights.transformer.table },
    ...(weights.recurrent
      ? [
          {
            ...serveRecurrent(module, weights.recurrent, { vocabulary, longest: longestHistory }),
            table: weights.recurrent.table,
          },
        ]
      : []),
  ];
  const width = encoders.reduce((sum, encoder) => sum + encoder.width, 0);
  const tables = encoders.map(({ table, width: wide }) => ({ table, width: wide, scale: 1 / encoders.length }));
  const catalogue = createCatalogue(module, { items: vocabulary.items, width, prior, rank, tables });
  return {
    width,
    catalogue,
    logits: catalogue.logits,
    states: (history) =>
      sideBySide(encoders.map((encoder) => ({ states: encoder.states(history), width: encoder.width }))),
  };
}

/** Rows of all side by side, for as many of the newest events as all have. */
function sideBySide(parts: readonly { readonly states: Float32Array; readonly width: number }[]): Float32Array {
  const length = Math.min(...parts.map(({ states, width }) => states.length / width));
  const all = parts.reduce((sum, { width }) => sum + width, 0);
  const joined = new Float32Array(length * all);
  let first = 0;
  for (const { states, width } of parts) {
    const skipped = states.length / width - length;
    for (let n = 0; n < length; n++) {
      joined.set(states.subarray((skipped + n) * width, (skipped + n + 1) * width), n * all + first);
    }
    first += width;
  }
  return joined;
}
