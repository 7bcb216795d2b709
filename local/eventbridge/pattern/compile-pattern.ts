/**
 * Event patterns, checked and made ready: an `$or` multiplies a pattern into branches, nesting becomes dotted paths.
 *
 *   leaf       a list of alternatives: plain values, or objects of one operator
 *   $or        an operator when it is a list of at least two objects with field names; otherwise a field of that name
 *   same path  said twice in one branch: the later one counts
 */
import type { Leaf } from "./event-fields.ts";
import { equalTo, onlyEntry, operators, type LeafTest } from "./operators.ts";
import { InvalidEventPatternException } from "./invalid-event-pattern.ts";

export interface PathTest {
  readonly path: string;
  readonly tests: readonly LeafTest[];
  /** `{"exists": false}` is among the alternatives. */
  readonly mayBeAbsent: boolean;
}

/** A branch matches when all of its paths do; paths are in alphabetical order, as the service tries them. */
export type Branch = readonly PathTest[];

export interface EventPattern {
  readonly branches: readonly Branch[];
}

type DraftBranch = ReadonlyMap<string, PathTest>;

/** EventBridge's own limit for what `$or` may multiply a pattern into. */
const mostBranches = 1000;

export function compilePattern(pattern: unknown): EventPattern {
  const parsed = typeof pattern === "string" ? parseJson(pattern) : pattern;
  if (!isObject(parsed)) throw new InvalidEventPatternException("Filter is not an object");
  const drafts = compileObject(parsed, "", [new Map()]);
  const branches = drafts.map((draft) => [...draft.values()].sort((a, b) => (a.path < b.path ? -1 : 1)));
  return { branches };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidEventPatternException((cause as Error).message, { cause });
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function compileObject(pattern: Readonly<Record<string, unknown>>, path: string, drafts: DraftBranch[]): DraftBranch[] {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new InvalidEventPatternException("Empty objects are not allowed");
  return entries.reduce((branches, [key, value]) => compileMember(key, value, path, branches), drafts);
}

function compileMember(key: string, value: unknown, parent: string, drafts: DraftBranch[]): DraftBranch[] {
  if (key === "$or" && isOrList(value)) {
    const multiplied = value.flatMap((alternative) => compileObject(alternative, parent, drafts));
    if (multiplied.length <= mostBranches) return multiplied;
    throw new InvalidEventPatternException(
      `$or makes ${multiplied.length} combinations, at most ${mostBranches} are allowed`,
    );
  }
  const path = parent === "" ? key : `${parent}.${key}`;
  if (Array.isArray(value)) {
    const test = compileLeaf(path, value as unknown[]);
    return drafts.map((draft) => new Map([...draft, [path, test]]));
  }
  if (isObject(value)) return compileObject(value, path, drafts);
  throw new InvalidEventPatternException(`"${key}" must be an object or an array`);
}

function isOrList(value: unknown): value is Readonly<Record<string, unknown>>[] {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    value.every((item) => isObject(item) && Object.keys(item).length > 0 && !Object.keys(item).some(isOperator))
  );
}

const isOperator = (name: string) => name === "exists" || Object.hasOwn(operators, name);

function compileLeaf(path: string, alternatives: readonly unknown[]): PathTest {
  if (alternatives.length === 0) throw new InvalidEventPatternException("Empty arrays are not allowed");
  const tests: LeafTest[] = [];
  let mayBeAbsent = false;
  for (const alternative of alternatives) {
    const compiled = compileAlternative(alternative);
    if (compiled === "absent") mayBeAbsent = true;
    else tests.push(compiled);
  }
  return { path, tests, mayBeAbsent };
}

function compileAlternative(alternative: unknown): LeafTest | "absent" {
  if (Array.isArray(alternative)) {
    throw new InvalidEventPatternException("Match value must be String, number, true, false, or null");
  }
  if (!isObject(alternative)) return equalTo(alternative as Leaf);
  const [operator, argument] = onlyEntry(alternative);
  if (operator === "exists") {
    if (typeof argument !== "boolean") {
      throw new InvalidEventPatternException("exists match pattern must be either true or false.");
    }
    return argument ? () => true : "absent";
  }
  const make = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (!make) throw new InvalidEventPatternException(`Unrecognized match type ${operator}`);
  return make(argument);
}
