/**
 * Who interacted with what, and how much, as sparse rows: what factorisation and counting read. A user's repeated
 * interactions with an item are one entry.
 */
import type { TrainingData } from "../recipe.ts";

/** Row r owns positions offsets[r] .. offsets[r + 1) of `columns` (ascending, distinct) and `weights` (> 0). */
export interface WeightedRows {
  readonly offsets: Uint32Array; // (rows + 1)
  readonly columns: Uint32Array; // (entries)
  readonly weights: Float32Array; // (entries)
}

/**
 * Users as rows, items as columns; the weight is the sum of `weightOf` over the interactions of the pair.
 *
 * @param weightOf of position n; zero or less leaves the interaction out
 */
export function interactionRows(data: TrainingData, weightOf: (n: number) => number): WeightedRows {
  const rows = data.offsets.length - 1;
  const offsets = new Uint32Array(rows + 1);
  const columns = new Uint32Array(data.item.length);
  const weights = new Float32Array(data.item.length);
  const sum = new Float64Array(data.items.length);
  let entries = 0;
  for (let u = 0; u < rows; u++) {
    const from = entries;
    for (let n = data.offsets[u]!; n < data.offsets[u + 1]!; n++) {
      const weight = weightOf(n);
      if (!(weight > 0)) continue;
      const i = data.item[n]!;
      if (sum[i] === 0) columns[entries++] = i;
      sum[i]! += weight;
    }
    columns.subarray(from, entries).sort();
    for (let n = from; n < entries; n++) {
      weights[n] = sum[columns[n]!]!;
      sum[columns[n]!] = 0;
    }
    offsets[u + 1] = entries;
  }
  return { offsets, columns: columns.slice(0, entries), weights: weights.slice(0, entries) };
}

/** The same entries by column: column c owns offsets[c] .. offsets[c + 1), its rows ascending. */
export function transposeWeighted({ offsets, columns, weights }: WeightedRows, columnCount: number): WeightedRows {
  const turned = new Uint32Array(columnCount + 1);
  for (const column of columns) turned[column + 1]!++;
  for (let c = 0; c < columnCount; c++) turned[c + 1]! += turned[c]!;
  const next = turned.slice(0, columnCount);
  const rows = new Uint32Array(columns.length);
  const turnedWeights = new Float32Array(columns.length);
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let n = offsets[row]!; n < offsets[row + 1]!; n++) {
      const to = next[columns[n]!]!++;
      rows[to] = row;
      turnedWeights[to] = weights[n]!;
    }
  }
  return { offsets: turned, columns: rows, weights: turnedWeights };
}
