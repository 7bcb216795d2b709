/**
 * What the values of metadata and context columns are to a network: rows of a table of feature embeddings. A vocabulary is learnt
 * from the columns once, saved with the model as JSON, and never changes: a value that it does not know says nothing.
 *
 *   categorical   one row for each category that at least two records have, the most frequent ones if there are many
 *   number        knots at quantiles; a value lies between two of them (piecewise linear, Gorishniy et al. 2022); one row for null
 *   text          a fixed number of rows, words hashed to them (Weinberger et al. 2009)
 */
import type { Column } from "../recipe.ts";

export type ColumnVocabulary =
  | {
      readonly kind: "categorical";
      readonly name: string;
      readonly first: number; // its rows begin here
      readonly categories: readonly string[]; // row first + k is category k
    }
  | {
      readonly kind: "number";
      readonly name: string;
      readonly first: number;
      readonly knots: readonly number[]; // ascending; row first + k is knot k, the one after the last is null
    }
  | { readonly kind: "text"; readonly name: string; readonly first: number; readonly buckets: number };

export interface FeatureVocabulary {
  readonly columns: readonly ColumnVocabulary[];
  readonly rows: number;
}

export interface VocabularyOptions {
  /** The first row that is free; those before belong to another vocabulary on the same table. */
  readonly first?: number;
  readonly mostCategories?: number;
  readonly mostKnots?: number;
  readonly textBuckets?: number;
}

const fewestRecords = 2; // of a category: what only one record has is that record's name, not its kind

/** Columns that tell nothing apart (all null, or one value for all) get no rows. Their order does not depend on anything but the data's. */
export function learnVocabulary(columns: readonly Column[], options: VocabularyOptions = {}): FeatureVocabulary {
  const start = options.first ?? 0;
  let first = start;
  const learnt: ColumnVocabulary[] = [];
  for (const column of columns) {
    const found = learnColumn(column, first, options);
    if (!found) continue;
    learnt.push(found);
    first += rowsOf(found);
  }
  return { columns: learnt, rows: first - start };
}

export function rowsOf(column: ColumnVocabulary): number {
  if (column.kind === "categorical") return column.categories.length;
  return column.kind === "number" ? column.knots.length + 1 : column.buckets;
}

function learnColumn(column: Column, first: number, options: VocabularyOptions): ColumnVocabulary | undefined {
  const { kind, name } = column;
  if (kind === "categorical") {
    const categories = frequentCategories(column, options.mostCategories ?? 10_000);
    return categories.length === 0 ? undefined : { kind, name, first, categories };
  }
  if (kind === "number") {
    const knots = knotsOf(column.values, options.mostKnots ?? 16);
    return knots.length < 2 ? undefined : { kind, name, first, knots };
  }
  const isSaid = column.values.some((value) => value !== "");
  return isSaid ? { kind, name, first, buckets: options.textBuckets ?? 2048 } : undefined;
}

function frequentCategories(column: Extract<Column, { kind: "categorical" }>, most: number): string[] {
  const records = new Uint32Array(column.categories.length);
  for (const code of column.codes) records[code]!++;
  const frequent = [...records.keys()].filter((code) => records[code]! >= fewestRecords);
  frequent.sort((a, b) => records[b]! - records[a]! || a - b);
  return frequent.slice(0, most).map((code) => column.categories[code]!);
}

/** Evenly spread quantiles of the values that are there, each once. */
function knotsOf(values: Float64Array, most: number): number[] {
  const known = values.filter((value) => Number.isFinite(value)).sort();
  if (known.length === 0) return [];
  const at = (k: number) => known[Math.round((k * (known.length - 1)) / (most - 1))]!;
  return [...new Set(Array.from({ length: most }, (_, k) => at(k)))];
}
