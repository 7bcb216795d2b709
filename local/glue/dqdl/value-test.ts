/** One value of a column against `ColumnValues`' condition: numbers, texts, keywords, patterns, dates. */
import { meetsNumber, numberOf } from "./number-test.ts";
import type { Condition, Operand } from "./ruleset.ts";

export type ValueTest = (value: string | null) => boolean;

/** Numbers, perhaps with NULL among them. */
export const isAboutNumbers = ({ operands }: Condition): boolean =>
  operands.some(({ kind }) => kind === "number") &&
  operands.every((operand) => operand.kind === "number" || isKeyword(operand, "NULL"));

/** What is compared with dates: `now()`, or an order among texts. */
export const isAboutDates = ({ operator, operands }: Condition): boolean =>
  operands.some(({ kind }) => kind === "now") ||
  (/^[<>]|between$/.test(operator) && operands.some(({ kind }) => kind === "text"));

/** Nulls fail every condition but a negated one that does not name NULL, and one that names it. */
export function valueTest(condition: Condition, now: number): ValueTest {
  const { operator, operands } = condition;
  const isNegated = operator === "!=" || operator.startsWith("not ");
  const onNull = operands.some((operand) => isKeyword(operand, "NULL")) !== isNegated;
  const nullFails = operator === "not between" || operator.endsWith("matches");
  const test = testOf(condition, now);
  return (value) => (value === null ? onNull && !nullFails : test(value));
}

function testOf(condition: Condition, now: number): (value: string) => boolean {
  const { operator, operands } = condition;
  if (operator.endsWith("matches")) return patternTest(condition);
  if (isAboutDates(condition)) return dateTest(condition, now);
  if (isAboutNumbers(condition)) {
    const numbers = { operator, operands: operands.filter(({ kind }) => kind === "number") };
    return (value) => value.trim() !== "" && meetsNumber(Number(value), numbers);
  }
  const isNegated = operator === "!=" || operator.startsWith("not ");
  const isOneOf = (value: string) => operands.some((operand) => isValue(operand, value));
  return (value) => isOneOf(value) !== isNegated;
}

function isValue(operand: Operand, value: string): boolean {
  if (operand.kind === "text") return operand.value === value;
  if (operand.kind === "number") return value.trim() !== "" && Number(value) === numberOf(operand);
  if (isKeyword(operand, "EMPTY")) return value === "";
  return isKeyword(operand, "WHITESPACES_ONLY") && value !== "" && value.trim() === "";
}

const isKeyword = (operand: Operand, keyword: string) => operand.kind === "keyword" && operand.keyword === keyword;

/** The whole value must match. */
function patternTest({ operator, operands: [operand] }: Condition): (value: string) => boolean {
  const pattern = new RegExp(`^(?:${operand?.kind === "text" ? operand.value : ""})$`);
  const isNegated = operator === "not matches";
  return (value) => pattern.test(value) !== isNegated;
}

/** Days are compared as days: as the numbers of days since 1970. A value that is no date meets nothing. */
function dateTest({ operator, operands }: Condition, now: number): (value: string) => boolean {
  const days = operands.map((operand): Operand => {
    const value = operand.kind === "now" ? dayAt(now + offsetOf(operand)) : dayOf(textOf(operand));
    return { kind: "number", value: value ?? Number.NaN, text: "" };
  });
  return (value) => {
    const day = dayOf(value);
    return day !== undefined && meetsNumber(day, { operator, operands: days });
  };
}

const textOf = (operand: Operand) => (operand.kind === "text" ? operand.value : "");

const offsetOf = ({ offset, sign }: Extract<Operand, { kind: "now" }>): number =>
  offset ? sign * numberOf({ kind: "duration", duration: offset }) * 3_600_000 : 0;

const dayAt = (epochMilliseconds: number) => Math.floor(epochMilliseconds / 86_400_000);

export function dayOf(text: string): number | undefined {
  const at = /^\d{4}-\d\d-\d\d(?!\d)/.test(text) ? Date.parse(text.slice(0, 10)) : Number.NaN;
  return Number.isNaN(at) ? undefined : dayAt(at);
}
