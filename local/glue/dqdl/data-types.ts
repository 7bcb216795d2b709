/** ColumnDataType's types, and whether a value can be read as one of them. */
import { dayOf } from "./value-test.ts";

const integer = /^[+-]?\d+$/;
const float = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const time = /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

const readers: Readonly<Record<string, (value: string) => boolean>> = {
  BOOLEAN: (value) => /^(true|false|t|f|yes|no|y|n|1|0)$/i.test(value),
  DATE: (value) => time.test(value) && dayOf(value) !== undefined,
  TIMESTAMP: (value) => time.test(value) && dayOf(value) !== undefined,
  INTEGER: (value) => integer.test(value) && Math.abs(Number(value)) <= 2 ** 31 - 1,
  LONG: (value) => integer.test(value) && Math.abs(Number(value)) <= 2 ** 63,
  FLOAT: (value) => float.test(value),
  DOUBLE: (value) => float.test(value),
};

const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/;

export const isKnownType = (type: string): boolean =>
  Object.hasOwn(readers, type.toUpperCase()) || decimal.test(type.toUpperCase());

/** A null is of no type. */
export function isDataType(value: string | null, type: string): boolean {
  if (value === null) return false;
  const name = type.toUpperCase();
  const [, precision, scale] = decimal.exec(name) ?? [];
  if (precision !== undefined) {
    return float.test(value.trim()) && Math.abs(Number(value)) < 10 ** (Number(precision) - Number(scale));
  }
  return readers[name]?.(value.trim()) ?? false;
}
