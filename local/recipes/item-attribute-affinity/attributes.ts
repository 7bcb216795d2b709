/**
 * Items by their attributes, so that a segment can be asked for "genre Comedy and year 1995". Only attributes that tell items
 * apart and together are learnt from: a column with one value for all, or another for each, is left out, as the
 * service does.
 */
import { UnlearnableDataError } from "../learnable.ts";
import type { Column, SegmentQuery } from "../recipe.ts";

/** The items of every value of every column, ascending: value v of a column owns items[offsets[v] .. offsets[v + 1]). */
export interface AttributeColumn {
  readonly name: string;
  readonly values: readonly string[];
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
}

/** A query that names a column which the model did not learn. */
export class UnknownAttributeError extends Error {
  override readonly name = "UnknownAttributeError";
}

/** (value, item) pairs of a column; free text has none. */
function pairsOf(column: Column): readonly (readonly [value: string, item: number])[] {
  if (column.kind === "text") return [];
  if (column.kind === "number") {
    return Array.from(column.values, (value, i) => [String(value), i] as const).filter(([value]) => value !== "NaN");
  }
  const { offsets, codes, categories } = column;
  return Array.from({ length: offsets.length - 1 }, (_, i) =>
    Array.from(codes.subarray(offsets[i], offsets[i + 1]), (code) => [categories[code]!, i] as const),
  ).flat();
}

function indexColumn(column: Column): AttributeColumn {
  const itemsOf = new Map<string, number[]>();
  for (const [value, item] of pairsOf(column)) {
    const items = itemsOf.get(value);
    if (items) items.push(item);
    else itemsOf.set(value, [item]);
  }
  const lists = [...itemsOf.values()];
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((items, v) => (offsets[v + 1] = offsets[v]! + items.length));
  return { name: column.name, values: [...itemsOf.keys()], offsets, items: Uint32Array.from(lists.flat()) };
}

/** More than one value, and some value that several items share. */
const isTelling = ({ values, items }: AttributeColumn) => values.length > 1 && items.length > values.length;

/** @throws UnlearnableDataError, in the service's words, when no column is left. */
export function indexAttributes(columns: readonly Column[]): AttributeColumn[] {
  const telling = columns.map(indexColumn).filter(isTelling);
  if (telling.length === 0) {
    throw new UnlearnableDataError(
      "Did not find any attribute to train on. There may not be any attribute in the items dataset, or all attribute values either have same or all distinct values.",
    );
  }
  return telling;
}

/** Items with any of the wanted combinations, each once. */
export function itemsWith(
  columns: readonly AttributeColumn[],
  wanted: NonNullable<SegmentQuery["attributes"]>,
): Set<number> {
  const having = (name: string, value: string): Set<number> => {
    const column =
      columns.find((each) => each.name === name) ??
      columns.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (!column) {
      const known = columns.map((each) => each.name).join(", ");
      throw new UnknownAttributeError(`The model has no attribute ${name} to segment by. It has ${known}.`);
    }
    const v = column.values.indexOf(value);
    return new Set(v < 0 ? [] : column.items.subarray(column.offsets[v], column.offsets[v + 1]));
  };
  const found = new Set<number>();
  for (const combination of wanted) {
    const [first, ...others] = combination.map(({ column, value }) => having(column, value));
    for (const item of first ?? []) if (others.every((items) => items.has(item))) found.add(item);
  }
  return found;
}
