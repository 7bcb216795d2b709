/**
 * All items against one query or several, in one pass over the packed item matrix: what serving spends its time on. The pass is bound by
 * memory (51 MB at 100,000 items of width 128), so that sixteen queries cost little more than one.
 *
 *   score(i) = scale · (query · E[i] + prior(i)) + what the history says of i
 */
import { loadKernels, makeMemory } from "../../kernels/kernels.ts";
import { scratchLength } from "../parallel/training-memory.ts";

/** Queries that share a pass. */
export const mostQueries = 16;

export interface Catalogue {
  readonly width: number; // H
  /** (I) logits of one query, prior included. Reused by the next call. */
  logits(query: Float32Array): Float32Array;
  /** The same for up to `mostQueries` rows of `queries` (Q, H), each multiplied by `scale`: (I) each. Reused by the next call. */
  scores(queries: Float32Array, count: number, scale: number): Float32Array[];
  /** The k best of one of the arrays that `scores` returned, best first, ties to the lower rank. Reused by the next call. */
  best(scores: Float32Array, k: number, allowed?: Uint8Array): Uint32Array;
  /** ln Σ exp of such an array: what a softmax over the whole catalogue subtracts. */
  norm(scores: Float32Array): number;
}

export interface CatalogueOptions {
  readonly items: number; // I
  readonly width: number; // H
  readonly prior: Float32Array; // (I)
  readonly rank: Uint32Array; // (I) popularity's order, for ties
  /** Several tables side by side: the row of item i is table[i · width] onwards, times `scale`. Σ width = H. */
  readonly tables: readonly { readonly table: Float32Array; readonly width: number; readonly scale: number }[];
}

const panel = 8;
const padded = (columns: number) => 2 * panel * Math.ceil(columns / (2 * panel)); // a row is multiplied two panels at a time

/** Element (k, item) goes to packed[(item div 8) · 8H + 8k + item mod 8], as kernels/matrix.ts has it. */
function pack(packed: Float32Array, { items, width: H, tables }: CatalogueOptions): void {
  let first = 0;
  for (const { table, width, scale } of tables) {
    for (let i = 0; i < items; i++) {
      let to = Math.floor(i / panel) * panel * H + panel * first + (i % panel);
      for (let from = i * width; from < (i + 1) * width; from++, to += panel) packed[to] = scale * table[from]!;
    }
    first += width;
  }
}

/** Everything lies in one memory of the catalogue's own. */
function makeArrays(module: WebAssembly.Module, I: number, H: number) {
  const stride = padded(I);
  const lengths = {
    ...{ packed: H * stride, queries: mostQueries * H, scores: mostQueries * stride, prior: I, rank: I },
    ...{ allowed: Math.ceil(I / 32) + 1, best: I, scratch: scratchLength },
  };
  const bytes = (length: number) => 64 * Math.ceil((4 * length) / 64);
  const memory = makeMemory(Object.values(lengths).reduce((sum, length) => sum + bytes(length), 1024));
  const k = loadKernels(module, memory);
  let offset = 1024;
  const entries = Object.entries(lengths).map(([name, length]) => {
    const array = new Float32Array(memory.buffer, offset, length);
    offset += bytes(length);
    return [name, array] as const;
  });
  const a = Object.fromEntries(entries) as Record<keyof typeof lengths, Float32Array>; // one per entry
  const asIntegers = ({ byteOffset, length }: Float32Array) => new Uint32Array(memory.buffer, byteOffset, length);
  return {
    ...{ k, a, ranks: asIntegers(a.rank), best: asIntegers(a.best) },
    bitmap: new Uint8Array(memory.buffer, a.allowed.byteOffset, Math.ceil(I / 8)),
  };
}

export function createCatalogue(module: WebAssembly.Module, options: CatalogueOptions): Catalogue {
  const { items: I, width: H, prior, rank } = options;
  const stride = padded(I);
  const { k, a, ranks, best, bitmap } = makeArrays(module, I, H);
  pack(a.packed, options);
  a.prior.set(prior);
  ranks.set(rank);
  const row = (q: number) => a.scores.subarray(q * stride, q * stride + I);
  const scores: Catalogue["scores"] = (queries, count, scale) => {
    a.queries.set(queries.subarray(0, count * H));
    if (count === 1) k.multiplyRow(a.queries, a.packed, a.scores, H, I, false);
    else
      k.multiplyPacked(
        { data: a.queries, row: H, column: 1 },
        a.packed,
        a.scores,
        stride,
        count,
        H,
        I,
        false,
        a.scratch,
      );
    return Array.from({ length: count }, (_, q) => {
      k.shiftAndScale(row(q), a.prior, scale, I);
      return row(q);
    });
  };
  return {
    width: H,
    logits: (query) => scores(query, 1, 1)[0]!,
    scores,
    best: (values, count, allowed) => {
      if (allowed) bitmap.set(allowed.subarray(0, bitmap.length));
      const found = k.topK(values, ranks, allowed && bitmap, I, Math.min(count, I), best);
      return best.subarray(0, found);
    },
    norm: (values) => k.logSumExp(values, I),
  };
}
