/**
 * Condition blocks: every operator is a row of a table, and `...IfExists`, `ForAllValues:` and `ForAnyValue:` are
 * handled once for all of them.
 *
 *   key absent                  positive operators fail, negated ones (…Not…) hold, …IfExists holds
 *   several policy values       any may match; for negated operators none may
 *   several request values      ForAllValues: all must pass (none at all passes); ForAnyValue: one must
 *   several operators or keys   all must hold
 */
import { isInNetwork } from "../ports/is-in-network.ts";
import { compileGlob, type Glob, type GlobOptions, type Variables } from "./glob.ts";

/** What is known about a request, keys in lower case. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

export interface Condition {
  readonly operator: string;
  readonly key: string;
  holds(context: RequestContext, variables: Variables): boolean;
}

/** Compares one value of the request with one value of the policy. */
type Comparison = (actual: string, expected: Glob, variables: Variables) => boolean;

interface Operator {
  readonly negated: boolean;
  readonly glob: GlobOptions["kind"];
  readonly compare: Comparison;
}

const byPattern: Comparison = (actual, expected, variables) => expected.matches(actual, variables);
const byLowerCase: Comparison = (actual, expected, variables) =>
  compileGlob(expected.source.toLowerCase(), { kind: "literal", hasVariables: true }).matches(
    actual.toLowerCase(),
    (key) => variables(key)?.toLowerCase(),
  );
const byNumber =
  (test: (a: number, b: number) => boolean): Comparison =>
  (actual, { source }) => {
    const [a, b] = [toNumber(actual), toNumber(source)];
    return !Number.isNaN(a) && !Number.isNaN(b) && test(a, b);
  };
const byDate =
  (test: (a: number, b: number) => boolean): Comparison =>
  (actual, { source }) => {
    const [a, b] = [toInstant(actual), toInstant(source)];
    return !Number.isNaN(a) && !Number.isNaN(b) && test(a, b);
  };
const bySameFlag: Comparison = (actual, { source }) => actual.toLowerCase() === source.toLowerCase();
const byNetwork: Comparison = (actual, { source }) => isInNetwork(actual, source);

const toNumber = (text: string) => (text.trim() === "" ? Number.NaN : Number(text));

/** ISO 8601 text or seconds since the epoch, as milliseconds. */
const toInstant = (text: string) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const same = (a: number, b: number) => a === b;
const is = (glob: GlobOptions["kind"], compare: Comparison): Operator => ({ negated: false, glob, compare });
const isNot = (glob: GlobOptions["kind"], compare: Comparison): Operator => ({ negated: true, glob, compare });

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: is("literal", byPattern),
  StringNotEquals: isNot("literal", byPattern),
  StringEqualsIgnoreCase: is("literal", byLowerCase),
  StringNotEqualsIgnoreCase: isNot("literal", byLowerCase),
  StringLike: is("text", byPattern),
  StringNotLike: isNot("text", byPattern),
  NumericEquals: is("literal", byNumber(same)),
  NumericNotEquals: isNot("literal", byNumber(same)),
  NumericLessThan: is(
    "literal",
    byNumber((a, b) => a < b),
  ),
  NumericLessThanEquals: is(
    "literal",
    byNumber((a, b) => a <= b),
  ),
  NumericGreaterThan: is(
    "literal",
    byNumber((a, b) => a > b),
  ),
  NumericGreaterThanEquals: is(
    "literal",
    byNumber((a, b) => a >= b),
  ),
  DateEquals: is("literal", byDate(same)),
  DateNotEquals: isNot("literal", byDate(same)),
  DateLessThan: is(
    "literal",
    byDate((a, b) => a < b),
  ),
  DateLessThanEquals: is(
    "literal",
    byDate((a, b) => a <= b),
  ),
  DateGreaterThan: is(
    "literal",
    byDate((a, b) => a > b),
  ),
  DateGreaterThanEquals: is(
    "literal",
    byDate((a, b) => a >= b),
  ),
  Bool: is("literal", bySameFlag),
  BinaryEquals: is("literal", byPattern),
  IpAddress: is("literal", byNetwork),
  NotIpAddress: isNot("literal", byNetwork),
  ArnEquals: is("arn", byPattern),
  ArnLike: is("arn", byPattern),
  ArnNotEquals: isNot("arn", byPattern),
  ArnNotLike: isNot("arn", byPattern),
};

/** Operator names are matched in any case, as IAM does. */
const operatorsByLowerCase = new Map(Object.entries(operators).map(([name, op]) => [name.toLowerCase(), op]));

export function parseConditions(raw: unknown, hasVariables: boolean, fault: (problem: string) => Error): Condition[] {
  if (raw === undefined) return [];
  if (typeof raw !== "object" || raw === null) throw fault("Condition must be an object");
  return Object.entries(raw).flatMap(([operator, keys]) => {
    if (typeof keys !== "object" || keys === null) throw fault(`Condition ${operator} must be an object`);
    return Object.entries(keys as Record<string, unknown>).map(([key, values]) => {
      const list = (Array.isArray(values) ? values : [values]).map(String);
      return parseCondition({ operator, key, values: list, hasVariables }, fault);
    });
  });
}

interface RawCondition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  readonly hasVariables: boolean;
}

function parseCondition(raw: RawCondition, fault: (problem: string) => Error): Condition {
  const { operator: name, key, values, hasVariables } = raw;
  const [, set, base = "", ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/i.exec(name) ?? [];
  const actualOf = (context: RequestContext) => context.get(key.toLowerCase()) ?? [];
  if (base.toLowerCase() === "null") {
    const wanted = values.map((value) => value.toLowerCase() === "true");
    return { operator: name, key, holds: (context) => wanted.includes(actualOf(context).length === 0) };
  }
  const operator = operatorsByLowerCase.get(base.toLowerCase());
  if (!operator) throw fault(`condition operator ${name} does not exist`);
  const globs = values.map((value) => compileGlob(value, { kind: operator.glob, hasVariables }));
  const holds: Condition["holds"] = (context, variables) => {
    const actual = actualOf(context);
    if (actual.length === 0) return emptyHolds(set, operator.negated, ifExists !== undefined);
    const passes = (value: string) =>
      globs.some((glob) => operator.compare(value, glob, variables)) !== operator.negated;
    const needsAll = set === undefined ? operator.negated : set.toLowerCase() === "forallvalues";
    return needsAll ? actual.every(passes) : actual.some(passes);
  };
  return { operator: name, key, holds };
}

function emptyHolds(set: string | undefined, negated: boolean, ifExists: boolean): boolean {
  if (ifExists) return true;
  if (set !== undefined) return set.toLowerCase() === "forallvalues";
  return negated;
}
