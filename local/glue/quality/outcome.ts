/** How a rule ended, with the numbers it looked at and a word for whoever must repair the data. */
import { meetsNumber } from "../dqdl/number-test.ts";
import type { Condition } from "../dqdl/ruleset.ts";

export interface Outcome {
  readonly result: "PASS" | "FAIL";
  readonly message?: string;
  /** By the service's names, e.g. `Column.USER_ID.Completeness`. */
  readonly metrics: Readonly<Record<string, number>>;
}

export const failed = (message: string, metrics: Outcome["metrics"] = {}): Outcome => ({
  ...{ result: "FAIL", message, metrics },
});

export const passed = (metrics: Outcome["metrics"]): Outcome => ({ result: "PASS", metrics });

export const unmet = (value: string): string => `Value: ${value} does not meet the constraint requirement!`;

export const missingColumn = (name: string): Outcome => failed(`Input data does not include column ${name}!`);

/** Nothing to measure: no rows, or nulls alone. */
export const emptyState = (metric: string, column: string): Outcome =>
  failed(`Empty state for analyzer ${metric}(${column}), all input values were NULL.`);

export interface Measured {
  readonly name: string;
  readonly value: number;
  /** Shown without `.0`. */
  readonly isCount?: true;
}

/** One number against one condition. */
export function judge({ name, value, isCount }: Measured, condition: Condition): Outcome {
  const metrics = { [name]: value };
  if (meetsNumber(value, condition)) return passed(metrics);
  return failed(unmet(isCount ? String(value) : asDouble(value)), metrics);
}

/** A number as the JVM, on which the service runs, writes a double: 4.0, 0.98, 1.2E7, 5.0E-4. */
export function asDouble(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || value === 0 || (size >= 1e-3 && size < 1e7)) {
    return Number.isInteger(value) ? `${value}.0` : String(value);
  }
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}
