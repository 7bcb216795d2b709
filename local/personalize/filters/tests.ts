/**
 * What a condition asks of one value, once its placeholders are filled in. A value is a number, a text (`A|B` is two
 * values), or null. Pure; `filters/column.ts` asks the same of a whole column.
 *
 * Numbers compare as numbers with whatever reads as one. Texts are equal when one of their values is, to the letter; they are on a side
 * of a number only when the whole text reads as a number. Null is in no list and on no side of anything, not even `!=`.
 */
import type { MetadataValue } from "../job-runner.ts";
import type { Comparison } from "./filter-expression.ts";

/** A test whose placeholders and references have become values. */
export type PreparedTest =
  /** `wanted` undefined = any value. */
  | { readonly kind: "membership"; readonly negated: boolean; readonly wanted: ReadonlySet<string> | undefined }
  | { readonly kind: "comparison"; readonly comparison: Comparison; readonly operand: MetadataValue };

/** `A|B` is two values. */
export const partsOf = (text: string): string[] => text.split("|");

/** NaN for what is no number: empty and blank texts too. */
export const numberIn = (text: string): number => (text.trim() === "" ? NaN : Number(text));

/** The operand as a number; NaN when there is none. */
export const numericOperand = (operand: MetadataValue): number =>
  typeof operand === "number" ? operand : operand === null ? NaN : numberIn(String(operand));

export const hasOperand = (operand: MetadataValue): boolean => operand !== null && operand !== "";

export function compareNumbers(a: number, comparison: Comparison, b: number): boolean {
  if (comparison === "=") return a === b;
  if (comparison === "!=") return a !== b && !Number.isNaN(a) && !Number.isNaN(b);
  if (comparison === "<") return a < b;
  if (comparison === "<=") return a <= b;
  return comparison === ">" ? a > b : a >= b;
}

export function passes(value: MetadataValue, test: PreparedTest): boolean {
  if (test.kind === "membership") {
    const isListed = value !== null && (test.wanted === undefined || isIn(value, test.wanted));
    return isListed !== test.negated;
  }
  if (value === null || !hasOperand(test.operand)) return false;
  if (typeof value === "number") return compareNumbers(value, test.comparison, numericOperand(test.operand));
  const text = String(value);
  if (test.comparison === "=") return partsOf(text).includes(String(test.operand));
  if (test.comparison === "!=") return !partsOf(text).includes(String(test.operand));
  return compareNumbers(numberIn(text), test.comparison, numericOperand(test.operand));
}

function isIn(value: string | number | boolean, wanted: ReadonlySet<string>): boolean {
  if (typeof value === "number") return [...wanted].some((each) => numberIn(each) === value);
  return partsOf(String(value)).some((part) => wanted.has(part));
}
