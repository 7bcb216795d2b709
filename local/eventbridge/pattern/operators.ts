/** The comparison operators of event patterns, one row each: an operator's argument in, a test of one leaf out. */
import { isInNetwork, parseNetwork } from "../../cloud/ports/is-in-network.ts";
import type { Leaf } from "./event-fields.ts";
import { InvalidEventPatternException } from "./invalid-event-pattern.ts";

export type LeafTest = (value: Leaf) => boolean;

const invalid = (reason: string) => new InvalidEventPatternException(reason);

/** What may stand in an operator's place. `exists` is handled where absence can be seen. */
export const operators: Readonly<Record<string, (argument: unknown) => LeafTest>> = {
  exactly: (argument) => equalTo(text("exactly", argument)),
  prefix: (argument) => affix("prefix", argument),
  suffix: (argument) => affix("suffix", argument),
  "equals-ignore-case": (argument) => ignoringCase(text("equals-ignore-case", argument)),
  wildcard: (argument) => wildcard(text("wildcard", argument)),
  numeric: (argument) => numeric(argument),
  cidr: (argument) => cidr(argument),
  "anything-but": (argument) => anythingBut(argument),
};

/** Numbers compare by value (300 and 3e2 are one), everything else by type and value. */
export const equalTo =
  (expected: Leaf): LeafTest =>
  (value) =>
    value === expected;

function text(operator: string, argument: unknown): string {
  if (typeof argument !== "string") throw invalid(`${operator} match pattern must be a string`);
  return argument;
}

/** The one key of an operator's object. */
export function onlyEntry(value: object): [string, unknown] {
  const entries = Object.entries(value) as [string, unknown][];
  const [only] = entries;
  if (entries.length !== 1 || !only) throw invalid("Only one key allowed in match expression");
  return only;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const onText =
  (test: (value: string) => boolean): LeafTest =>
  (value) =>
    typeof value === "string" && test(value);

const ignoringCase = (expected: string): LeafTest => {
  const lower = expected.toLowerCase();
  return onText((value) => value.toLowerCase() === lower);
};

const startsOrEnds = (kind: "prefix" | "suffix", value: string, affix: string) =>
  kind === "prefix" ? value.startsWith(affix) : value.endsWith(affix);

function affix(kind: "prefix" | "suffix", argument: unknown): LeafTest {
  if (!isObject(argument)) {
    const expected = text(kind, argument);
    return onText((value) => startsOrEnds(kind, value, expected));
  }
  const [inner, expected] = onlyEntry(argument);
  if (inner !== "equals-ignore-case") throw invalid(`${kind} match pattern must be a string or equals-ignore-case`);
  const lower = text(inner, expected).toLowerCase();
  return onText((value) => startsOrEnds(kind, value.toLowerCase(), lower));
}

/** `*` matches any run of characters; `\*` and `\\` stand for themselves. */
function wildcard(pattern: string): LeafTest {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] ?? "";
    if (char === "*") {
      if (pattern[i + 1] === "*") throw invalid("Consecutive wildcard characters at pos " + i);
      source += "[^]*";
    } else if (char === "\\") {
      const next = pattern[++i];
      if (next !== "*" && next !== "\\") throw invalid(`Invalid escape character at pos ${i - 1}`);
      source += `\\${next}`;
    } else source += char.replace(/[.+?^${}()|[\]/]/, "\\$&");
  }
  const expression = new RegExp(`^${source}$`);
  return onText((value) => expression.test(value));
}

function cidr(argument: unknown): LeafTest {
  const network = text("cidr", argument);
  if (!network.includes("/") || !parseNetwork(network)) throw invalid(`Malformed CIDR, one slash required: ${network}`);
  return onText((value) => isInNetwork(value, network));
}

const lower: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};
const upper: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
};

/** One comparison, or a lower bound followed by an upper one above it. */
function numeric(argument: unknown): LeafTest {
  if (!Array.isArray(argument)) throw invalid("Value of numeric must be an array.");
  const [sign, bound, secondSign, secondBound, ...rest] = argument as unknown[];
  if (typeof sign !== "string") throw invalid(`Invalid member in numeric match: ${JSON.stringify(sign)}`);
  const test = sign === "=" ? (value: number, same: number) => value === same : (lower[sign] ?? upper[sign]);
  if (!test) throw invalid(`Unrecognized numeric range operator: ${sign}`);
  const first = number(sign, bound);
  const isFirst: LeafTest = (value) => typeof value === "number" && test(value, first);
  if (argument.length <= 2) return isFirst;
  const secondTest = typeof secondSign === "string" ? upper[secondSign] : undefined;
  if (!Object.hasOwn(lower, sign) || !secondTest)
    throw invalid(`Bad numeric range operator: ${JSON.stringify(secondSign)}`);
  if (rest.length > 0) throw invalid("Too many elements in numeric expression");
  const second = number(String(secondSign), secondBound);
  if (first >= second) throw invalid("Bottom must be less than top");
  return (value) => isFirst(value) && secondTest(value as number, second);
}

function number(sign: string, value: unknown): number {
  if (typeof value !== "number") throw invalid(`Value of ${sign} must be numeric`);
  return value;
}

/** What `anything-but` may wrap; each takes a text or a list of texts. */
const wrapped: Readonly<Record<string, (argument: string) => LeafTest>> = {
  prefix: (argument) => affix("prefix", filled("prefix", argument)),
  suffix: (argument) => affix("suffix", filled("suffix", argument)),
  "equals-ignore-case": ignoringCase,
  wildcard,
};

function filled(kind: string, argument: string): string {
  if (argument === "") throw invalid(`Null ${kind} not allowed`);
  return argument;
}

function anythingBut(argument: unknown): LeafTest {
  if (isObject(argument)) {
    const [inner, values] = onlyEntry(argument);
    const make = Object.hasOwn(wrapped, inner) ? wrapped[inner] : undefined;
    if (!make) throw invalid(`Unsupported anything-but pattern: ${inner}`);
    return noneOf(oneOrMore(values).map((value) => make(text(inner, value))));
  }
  const values = oneOrMore(argument);
  const types = new Set(values.map((value) => typeof value));
  if (types.size !== 1 || !(types.has("string") || types.has("number"))) {
    throw invalid("Inside anything but list, either all values are number or string, mixed type is not supported");
  }
  return noneOf(values.map((value) => equalTo(value as Leaf)));
}

function oneOrMore(value: unknown): unknown[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  if (list.length === 0) throw invalid("Empty arrays are not allowed");
  return list;
}

const noneOf =
  (tests: readonly LeafTest[]): LeafTest =>
  (value) =>
    !tests.some((test) => test(value));
