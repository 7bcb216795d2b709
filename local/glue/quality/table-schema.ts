/** A table's columns as rules see them. */

export interface TableColumn {
  readonly name: string;
  /** As the catalog has it, e.g. string, bigint, double. */
  readonly type: string;
}

/** One value a column, null where there is none; numbers and booleans in one spelling, e.g. `7`, not `007`. */
export type Row = readonly (string | null)[];

const numeric = /^(tinyint|smallint|int|integer|bigint|float|double|real|decimal(\(.*\))?)$/;

export const isNumeric = ({ type }: TableColumn): boolean => numeric.test(type.toLowerCase());

/** Names are compared as Spark does: a name in other letters is the same column, the exact one first. -1: none. */
export function columnIndex(columns: readonly TableColumn[], name: string): number {
  const exact = columns.findIndex((column) => column.name === name);
  if (exact >= 0) return exact;
  return columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
}
