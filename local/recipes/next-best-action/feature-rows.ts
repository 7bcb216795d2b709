/** Sparse features as they are written: into one growing list, and as rows of a table that is kept with a model. */
import type { Column } from "../recipe.ts";

/** What an example says: indices into the machine's features, and their values. Cleared and filled again for each example. */
export interface FeatureList {
  readonly index: number[];
  readonly value: number[];
}

/** Row r owns positions offsets[r] .. offsets[r + 1). */
export interface FeatureRows {
  readonly offsets: Uint32Array;
  readonly index: Uint32Array;
  readonly value: Float32Array;
}

export function clear({ index, value }: FeatureList): void {
  index.length = 0;
  value.length = 0;
}

export function add({ index, value }: FeatureList, feature: number, amount: number): void {
  if (amount === 0) return;
  index.push(feature);
  value.push(amount);
}

export function addRow(list: FeatureList, { offsets, index, value }: FeatureRows, row: number): void {
  for (let n = offsets[row]!; n < offsets[row + 1]!; n++) add(list, index[n]!, value[n]!);
}

export function makeRows(count: number, write: (row: number, list: FeatureList) => void): FeatureRows {
  const all: FeatureList = { index: [], value: [] };
  const offsets = new Uint32Array(count + 1);
  for (let row = 0; row < count; row++) {
    write(row, all);
    offsets[row + 1] = all.index.length;
  }
  return { offsets, index: Uint32Array.from(all.index), value: Float32Array.from(all.value) };
}

/** Features that a column needs: one a category, one for a number, none for free text. */
export const widthOf = (column: Column): number =>
  column.kind === "categorical" ? column.categories.length : column.kind === "number" ? 1 : 0;

const farthest = 3; // standard deviations

/**
 * How to write a row of a column, its features beginning at `first`: categories share a length of one; numbers are counted in
 * standard deviations from their mean, and none says nothing.
 */
export function columnWriter(column: Column, first: number): (row: number, list: FeatureList) => void {
  if (column.kind === "text") return () => {};
  if (column.kind === "categorical") {
    return (row, list) => {
      const codes = column.codes.subarray(column.offsets[row], column.offsets[row + 1]);
      for (const code of codes) add(list, first + code, codes.length ** -0.5);
    };
  }
  const known = column.values.filter((value) => Number.isFinite(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, known.length);
  const deviation = variance > 0 ? Math.sqrt(variance) : 1;
  return (row, list) => {
    const value = column.values[row]!;
    if (Number.isFinite(value)) add(list, first, Math.max(-farthest, Math.min(farthest, (value - mean) / deviation)));
  };
}

/** Writes all columns of a row, one after another from `first`. */
export function columnsWriter(columns: readonly Column[], first: number): (row: number, list: FeatureList) => void {
  let at = first;
  const writers = columns.map((column) => {
    const writer = columnWriter(column, at);
    at += widthOf(column);
    return writer;
  });
  return (row, list) => writers.forEach((write) => write(row, list));
}
