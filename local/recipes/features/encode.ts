/**
 * Metadata and context as sparse rows: record n has the feature rows `rows[offsets[n] .. offsets[n + 1])`, each with a weight. A record's
 * vector is then the weighted sum of its rows' embeddings. k values of one column weigh 1/√k each, so that the sum of
 * independent vectors stays as long however many there are; a number divides 1 between its two knots.
 */
import type { Column } from "../recipe.ts";
import { categoricalColumn } from "./categories.ts";
import { bucketOf, wordsOf } from "./words.ts";
import type { ColumnVocabulary, FeatureVocabulary } from "./vocabulary.ts";

export interface FeatureRows {
  readonly offsets: Uint32Array; // (N + 1)
  readonly rows: Uint32Array;
  readonly weights: Float32Array;
}

/** Takes one feature row with its weight. */
export type Put = (row: number, weight: number) => void;

/** Features of `length` records; columns are found by name, and those that the vocabulary does not know say nothing. */
export function encodeColumns(vocabulary: FeatureVocabulary, columns: readonly Column[], length: number): FeatureRows {
  const readers = vocabulary.columns.flatMap((known) => {
    const column = columns.find(({ name, kind }) => name === known.name && kind === known.kind);
    return column ? [readerOf(known, column)] : [];
  });
  const offsets = new Uint32Array(length + 1);
  const rows: number[] = [];
  const weights: number[] = [];
  const put: Put = (row, weight) => {
    rows.push(row);
    weights.push(weight);
  };
  for (let n = 0; n < length; n++) {
    for (const read of readers) read(n, put);
    offsets[n + 1] = rows.length;
  }
  return { offsets, rows: Uint32Array.from(rows), weights: Float32Array.from(weights) };
}

/** Features of one record whose values are text by column name, as in a request's context. */
export function encodeTexts(vocabulary: FeatureVocabulary, texts: Readonly<Record<string, string>>): FeatureRows {
  const columns = vocabulary.columns.flatMap((known): Column[] => {
    const text = Object.hasOwn(texts, known.name) ? texts[known.name]! : "";
    return text === "" ? [] : [oneRecord(known, text)];
  });
  return encodeColumns(vocabulary, columns, 1);
}

/** No features for each of `length` records. */
export const nothing = (length: number): FeatureRows => ({
  ...{ offsets: new Uint32Array(length + 1), rows: new Uint32Array(0), weights: new Float32Array(0) },
});

/** Adds the weighted sum of record n's rows of `table` (rows of `width`) to `out` at `to`. */
export function addFeatures(
  { offsets, rows, weights }: FeatureRows,
  n: number,
  table: Float32Array,
  width: number,
  out: Float32Array,
  to: number,
): void {
  for (let k = offsets[n]!; k < offsets[n + 1]!; k++) {
    const row = rows[k]! * width;
    const weight = weights[k]!;
    for (let x = 0; x < width; x++) out[to + x]! += weight * table[row + x]!;
  }
}

function oneRecord({ kind, name }: ColumnVocabulary, text: string): Column {
  if (kind === "text") return { kind, name, values: [text] };
  if (kind === "number") return { kind, name, values: Float64Array.of(text.trim() === "" ? NaN : Number(text)) };
  return categoricalColumn(name, [text], 1);
}

type Reader = (n: number, put: Put) => void;

function readerOf(known: ColumnVocabulary, column: Column): Reader {
  if (known.kind === "categorical" && column.kind === "categorical") return categoryReader(known, column);
  if (known.kind === "number" && column.kind === "number") {
    return (n, put) => putNumber(known, column.values[n]!, put);
  }
  if (known.kind === "text" && column.kind === "text") return (n, put) => putWords(known, column.values[n]!, put);
  throw new Error(`Column ${column.name} is of kind ${column.kind}, its vocabulary of kind ${known.kind}`);
}

type Of<T, K> = Extract<T, { kind: K }>;

function categoryReader(known: Of<ColumnVocabulary, "categorical">, column: Of<Column, "categorical">): Reader {
  const place = new Map(known.categories.map((category, k) => [category, known.first + k]));
  const rowOf = Int32Array.from(column.categories, (category) => place.get(category) ?? -1);
  return (n, put) => {
    const codes = column.codes.subarray(column.offsets[n], column.offsets[n + 1]);
    let count = 0;
    for (const code of codes) if (rowOf[code]! >= 0) count++;
    for (const code of codes) if (rowOf[code]! >= 0) put(rowOf[code]!, 1 / Math.sqrt(count));
  };
}

/** Beyond the outermost knots a value is as the outermost. */
function putNumber({ first, knots }: Of<ColumnVocabulary, "number">, value: number, put: Put): void {
  if (!Number.isFinite(value)) return put(first + knots.length, 1);
  let above = knots.findIndex((knot) => knot >= value);
  if (above < 0) above = knots.length - 1;
  if (above === 0 || value >= knots[above]!) return put(first + above, 1);
  const below = knots[above - 1]!;
  const share = (value - below) / (knots[above]! - below);
  put(first + above - 1, 1 - share);
  put(first + above, share);
}

function putWords({ first, buckets }: Of<ColumnVocabulary, "text">, text: string, put: Put): void {
  const found = new Set(wordsOf(text).map((word) => bucketOf(word, buckets)));
  for (const bucket of found) put(first + bucket, 1 / Math.sqrt(found.size));
}
