/** A field's text as a value of its column's type; what is no such value is null, as in Hive. */
import type { TableColumn } from "../quality/table-schema.ts";

/** `undefined` for a field that the line does not have. */
export type ReadValue = (field: string | undefined) => string | null;

const integerBits: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, int: 32, integer: 32, bigint: 64 };
const shortInteger = /^(?:0|-?[1-9]\d{0,8})$/;
const integer = /^[+-]?\d+$/;
const float = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const day = /^\d{4}-\d\d-\d\d(?:$|[ T])/;

/** Undefined for types that are not of one value, e.g. `array<string>`. */
export function columnReader({ type }: TableColumn, nullText: string | undefined): ReadValue | undefined {
  const read = valueReader(type);
  return read && ((field) => (field === undefined || field === nullText ? null : read(field)));
}

function valueReader(type: string): ((field: string) => string | null) | undefined {
  const bits = integerBits[type];
  if (bits !== undefined) return (field) => readInteger(field, bits);
  if (/^(float|double|real|decimal(\(.*\))?)$/.test(type)) return readNumber;
  if (/^(string|(var)?char(\(\d+\))?)$/.test(type)) return (field) => field;
  if (type === "boolean") return (field) => (/^(true|false)$/i.test(field) ? field.toLowerCase() : null);
  if (type === "date" || type === "timestamp") return (field) => (day.test(field) ? field : null);
  return undefined;
}

function readInteger(field: string, bits: number): string | null {
  if (bits >= 32 && shortInteger.test(field)) return field;
  const text = field.trim();
  if (!integer.test(text)) return null;
  const value = BigInt(text.replace("+", ""));
  return BigInt.asIntN(bits, value) === value ? String(value) : null;
}

function readNumber(field: string): string | null {
  const text = field.trim();
  return float.test(text) ? String(Number(text)) : null;
}
