/** Choice rules in JSONPath: And, Or, Not, and the comparisons as a table (fact 24: comparing types is false, no error). */
import type { Json } from "../../json.ts";
import type { Scope } from "../language.ts";
import { parseTimestamp } from "../timestamp.ts";
import { parsePath } from "./path.ts";
import { lookUp, lookUpField } from "./roots.ts";

type Comparison = (value: Json, against: Json) => boolean;

const ordered: Readonly<Record<string, (order: number) => boolean>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

const isText = (value: Json): value is string => typeof value === "string";
const instant = (value: Json): number | undefined => (isText(value) ? parseTimestamp(value) : undefined);

const kinds: Readonly<Record<string, (value: Json, against: Json) => number | undefined>> = {
  String: (value, against) =>
    isText(value) && isText(against) ? (value === against ? 0 : value < against ? -1 : 1) : undefined,
  Numeric: (value, against) => (typeof value === "number" && typeof against === "number" ? value - against : undefined),
  Timestamp: (value, against) => {
    const [left, right] = [instant(value), instant(against)];
    return left === undefined || right === undefined ? undefined : left - right;
  },
};

/** `*` stands for any characters; `\\*` and `\\\\` are themselves. */
function matchesPattern(text: string, pattern: string): boolean {
  const source = pattern.replace(/\\([*\\])|([*])|([^\w\s])/g, (_all, escaped: string, star: string, other: string) =>
    escaped !== undefined ? `\\${escaped}` : star !== undefined ? "[\\s\\S]*" : `\\${other}`,
  );
  return new RegExp(`^${source}$`, "u").test(text);
}

function comparisonNamed(name: string): Comparison | undefined {
  if (name === "BooleanEquals") return (value, against) => typeof value === "boolean" && value === against;
  if (name === "StringMatches")
    return (value, against) => isText(value) && isText(against) && matchesPattern(value, against);
  const [, kind = "", relation = ""] = /^(String|Numeric|Timestamp)(\w+)$/.exec(name) ?? [];
  const compare = kinds[kind];
  const holds = ordered[relation];
  if (!compare || !holds) return undefined;
  return (value, against) => {
    const order = compare(value, against);
    return order !== undefined && holds(order);
  };
}

/** `false` asks for any other type. */
const typeTests: Readonly<Record<string, (value: Json) => boolean>> = {
  IsNull: (value) => value === null,
  IsBoolean: (value) => typeof value === "boolean",
  IsNumeric: (value) => typeof value === "number",
  IsString: isText,
  IsTimestamp: (value) => instant(value) !== undefined,
};

export function isOperator(name: string): boolean {
  return name === "IsPresent" || name in typeTests || comparisonNamed(name.replace(/Path$/, "")) !== undefined;
}

export interface Rule {
  readonly [member: string]: unknown;
}

export function ruleHolds(rule: Rule, scope: Scope): boolean {
  const { And: and, Or: or, Not: not } = rule;
  if (Array.isArray(and)) return (and as Rule[]).every((inner) => ruleHolds(inner, scope));
  if (Array.isArray(or)) return (or as Rule[]).some((inner) => ruleHolds(inner, scope));
  if (not !== undefined) return !ruleHolds(not as Rule, scope);
  const variable = String(rule["Variable"]);
  const [operator = "", expected] = Object.entries(rule).find(([name]) => isOperator(name)) ?? [];
  if (operator === "IsPresent") return (lookUp(parsePath(variable), scope) !== undefined) === expected;
  const value = lookUpField(variable, "Variable", scope);
  const typeTest = typeTests[operator];
  if (typeTest) return typeTest(value) === expected;
  const against = operator.endsWith("Path") ? lookUpField(String(expected), operator, scope) : (expected as Json);
  return comparisonNamed(operator.replace(/Path$/, ""))?.(value, against) ?? false;
}
