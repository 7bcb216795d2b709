/**
 * Two vectors for each item, one as the item that is looked at and one as the item that may follow, from co-interactions and from
 * metadata.
 *
 *   PMI(i, j)  = ln [a(i, j) A / (a(i) a(j))]             a(i, j): sims/similarity.ts; a(i), a(j), A its sums
 *   P(i, j)    = max(0, PMI(i, j)) · a / (a + 1)           rare pairs count less (after Pantel and Lin 2002)
 *   P         ≈ U S Vᵀ,  e_i = U_i S^½,  f_j = V_j S^½      item_id_hidden_dim wide (Levy and Goldberg 2014)
 *   F         ≈ M ...                                       the items' features, weighted by rarity, item_metadata_hidden_dim wide
 *   x_i        = w_i e_i + (1 - w_i) B M_i                 y_j alike with f;  w = n / (n + 5), n = the item's users
 *
 * B is the ridge regression from an item's metadata to its vector. Below five users metadata lead, and an item without
 * metadata keeps w_i of its vector.
 */
import { encodeColumns } from "../features/encode.ts";
import { learnVocabulary } from "../features/vocabulary.ts";
import { truncatedSvd } from "../factorisation/truncated-svd.ts";
import { transposeWeighted, type WeightedRows } from "../factorisation/weighted-rows.ts";
import { bestOf } from "../best-first.ts";
import type { TrainingData } from "../recipe.ts";
import { visitNeighbourhoods, type Histories } from "../sims/similarity.ts";
import { ridgeRegression } from "./ridge-regression.ts";

export interface EmbeddingOptions {
  readonly idWidth: number;
  readonly metadataWidth: number;
  readonly seed: number;
  readonly pause: (fraction: number) => Promise<void>;
}

export interface Embeddings {
  readonly width: number;
  readonly from: Float32Array; // (I, width) x
  readonly to: Float32Array; // (I, width) y
}

const keptPerItem = 300;
export const coldBelow = 5; // users

/** P, its rows as of the item looked at. */
async function positivePmi(
  histories: Histories,
  itemCount: number,
  pause: EmbeddingOptions["pause"],
): Promise<WeightedRows> {
  const offsets = new Uint32Array(itemCount + 1);
  const lists: { columns: Uint32Array; weights: Float32Array }[] = [];
  await visitNeighbourhoods(histories, itemCount, pause, ({ item, others, nearness }) => {
    const nearest = bestOf(others, keptPerItem, (a, b) => (nearness[a]! - nearness[b]! || b - a) > 0);
    const columns = Uint32Array.from(nearest.filter((j) => j !== item)).sort();
    lists.push({ columns, weights: Float32Array.from(columns, (j) => nearness[j]!) });
    offsets[item + 1] = offsets[item]! + columns.length;
  });
  const rows = {
    offsets,
    columns: new Uint32Array(offsets[itemCount]!),
    weights: new Float32Array(offsets[itemCount]!),
  };
  lists.forEach(({ columns, weights }, i) => {
    rows.columns.set(columns, offsets[i]);
    rows.weights.set(weights, offsets[i]);
  });
  toPositivePmi(rows);
  return rows;
}

/** From a(i, j) to P(i, j), in place. */
export function toPositivePmi({ offsets, columns, weights }: WeightedRows): void {
  const rowSum = new Float64Array(offsets.length - 1);
  const columnSum = new Float64Array(offsets.length - 1);
  let all = 0;
  for (let i = 0; i + 1 < offsets.length; i++) {
    for (let n = offsets[i]!; n < offsets[i + 1]!; n++) {
      rowSum[i]! += weights[n]!;
      columnSum[columns[n]!]! += weights[n]!;
      all += weights[n]!;
    }
  }
  for (let i = 0; i + 1 < offsets.length; i++) {
    for (let n = offsets[i]!; n < offsets[i + 1]!; n++) {
      const a = weights[n]!;
      const pmi = Math.log((a * all) / (rowSum[i]! * columnSum[columns[n]!]!));
      weights[n] = Math.max(0, pmi) * (a / (a + 1));
    }
  }
}

/** M (I, width), rows of length one; undefined where no column says anything. */
async function metadataVectors(data: TrainingData, options: EmbeddingOptions) {
  const vocabulary = learnVocabulary(data.itemColumns);
  const { offsets, rows: columns, weights } = encodeColumns(vocabulary, data.itemColumns, data.items.length);
  const count = columns.reduce((most, column) => Math.max(most, column + 1), 0);
  if (count === 0) return undefined;
  const uses = new Uint32Array(count);
  for (const column of columns) uses[column]!++;
  const rare = Float32Array.from(weights, (weight, n) => weight * Math.log1p(data.items.length / uses[columns[n]!]!));
  const features = { offsets, columns, weights: rare };
  const turned = transposeWeighted(features, count);
  const { width, left, values } = await truncatedSvd(features, turned, { ...options, width: options.metadataWidth });
  const vectors = left.map((value, n) => value * values[n % width]!);
  for (let at = 0; at < vectors.length; at += width) {
    const vector = vectors.subarray(at, at + width);
    const length = Math.hypot(...vector);
    if (length > 0) vector.forEach((value, a) => (vector[a] = value / length));
  }
  return { width, vectors };
}

/** @param users (I) distinct users of each item */
export async function embedItems(
  data: TrainingData,
  histories: Histories,
  users: Uint32Array,
  options: EmbeddingOptions,
): Promise<Embeddings> {
  const part = (from: number, to: number) => ({
    ...options,
    pause: (share: number) => options.pause(from + (to - from) * share),
  });
  const matrix = await positivePmi(histories, data.items.length, part(0, 0.4).pause);
  const turned = transposeWeighted(matrix, data.items.length);
  const { width, left, right, values } = await truncatedSvd(matrix, turned, {
    ...part(0.4, 0.8),
    width: options.idWidth,
  });
  const scaled = (vectors: Float32Array) => vectors.map((value, n) => value * Math.sqrt(values[n % width]!));
  const trust = Float64Array.from(users, (n) => n / (n + coldBelow));
  const metadata = await metadataVectors(data, part(0.8, 1));
  const together = (vectors: Float32Array) => {
    const reckoned = metadata && ridgeRegression(metadata, { width, vectors }, trust);
    return vectors.map((value, n) => {
      const weight = trust[Math.floor(n / width)]!;
      return weight * value + (1 - weight) * (reckoned?.[n] ?? 0);
    });
  };
  return { width, from: together(scaled(left)), to: together(scaled(right)) };
}
