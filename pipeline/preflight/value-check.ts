/** What a value in a column must look like. Messages name the value and what would be right, never a whole row. */
import { valueType, type SchemaField } from "../config/avro-schema.ts";

export type ValueCheck = (value: string) => string | undefined;

/** Seconds reach this in the year 5138; milliseconds were past it in 1973. */
const firstMilliseconds = 100_000_000_000;

const isTimestamp = (name: string): boolean => name === "TIMESTAMP" || name === "CREATION_TIMESTAMP";
const isId = (name: string): boolean => name === "USER_ID" || name === "ITEM_ID";

const shown = (value: string): string => JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);

const integer = /^[+-]?\d{1,19}$/;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

const scalarChecks: Readonly<Record<ReturnType<typeof valueType>["type"], ValueCheck>> = {
  string: (value) => (value.length > 1000 ? `${shown(value)} is longer than 1000 characters` : undefined),
  int: (value) =>
    integer.test(value) && Math.abs(Number(value)) <= 2 ** 31 ? undefined : `${shown(value)} is not an int`,
  long: (value) => (integer.test(value) ? undefined : `${shown(value)} is not a long`),
  float: (value) => (decimal.test(value) ? undefined : `${shown(value)} is not a float`),
  double: (value) => (decimal.test(value) ? undefined : `${shown(value)} is not a double`),
  boolean: (value) => (/^(true|false|0|1)$/i.test(value) ? undefined : `${shown(value)} is not a boolean`),
};

/** @param latest the last acceptable TIMESTAMP, in epoch seconds. */
export function makeValueCheck(field: SchemaField, latest: number): ValueCheck {
  const { type, nullable } = valueType(field);
  const checkScalar = field.textual === true ? () => undefined : scalarChecks[type];
  return (value) => {
    if (value === "") return nullable ? undefined : "is empty, and the schema does not allow null";
    const fault = checkScalar(value);
    if (fault !== undefined) return fault;
    if (isId(field.name) && value.length > 256) return `${shown(value)} is longer than 256 characters`;
    if (isTimestamp(field.name) && Math.abs(Number(value)) >= firstMilliseconds) {
      return `${shown(value)} is in milliseconds; Personalize wants seconds: divide by 1000`;
    }
    if (field.name === "TIMESTAMP" && Number(value) > latest) {
      return `${shown(value)} is in the future, after ${new Date(latest * 1000).toISOString()} (dataChecks.futureHours)`;
    }
    return undefined;
  };
}
