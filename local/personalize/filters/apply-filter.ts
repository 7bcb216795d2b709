/**
 * Which items a filter lets through, for one user and one request. Pure: what it needs to know about the user and the items is
 * asked of `FilterSubjects`.
 *
 * Several INCLUDE expressions let through the union of their items, several EXCLUDE keep out the union; with both, the first
 * minus the second. An expression whose IF does not hold does not count.
 */
import { InvalidInputException } from "../errors.ts";
import type { Interaction, Metadata, MetadataValue } from "../job-runner.ts";
import type { Comparison, Condition, Expression, Filter, List, Operand, Test } from "./filter-expression.ts";
import { valuesOf, withValues } from "./filter-values.ts";

export interface FilterSubjects {
  readonly user: Metadata | undefined;
  /** Oldest first. */
  readonly interactions: readonly Interaction[];
  readonly item: (itemId: string) => Metadata | undefined;
  /** The item related items are asked for. */
  readonly currentItem: Metadata | undefined;
}

/** The newest interactions of a user per event type that filters look at. */
const interactionsPerType = 100;

export type Predicate = (itemId: string) => boolean;

/** One expression that counts for this request, its placeholders and references filled in. */
export interface Matcher {
  readonly kind: Expression["kind"];
  readonly matches: Predicate;
  /** The items it matches, where the user's interactions tell them: far fewer than to ask for each item. */
  readonly matched?: ReadonlySet<string>;
  /** Equal for equal answers as long as items' metadata stay; absent when the user or the item at hand matters. */
  readonly key?: string;
}

/** The expressions of a filter that count for one user and one request. */
export function matchersOf(
  filter: Filter,
  values: Readonly<Record<string, string>>,
  subjects: FilterSubjects,
): Matcher[] {
  if (filter.expressions.some(({ target }) => target !== "ItemID")) {
    throw new InvalidInputException("The filter is not about ItemID: it cannot filter recommended items.");
  }
  const scope: Scope = { ...subjects, values };
  return withValues(filter, values)
    .expressions.filter((expression) => holds(expression, scope))
    .map((expression) => matcherOf(expression, scope));
}

export function applyFilter(matchers: readonly Matcher[]): Predicate {
  const included = matchers.filter(({ kind }) => kind === "include");
  const excluded = matchers.filter(({ kind }) => kind === "exclude");
  return (itemId) =>
    (included.length === 0 || included.some(({ matches }) => matches(itemId))) &&
    !excluded.some(({ matches }) => matches(itemId));
}

interface Scope extends FilterSubjects {
  readonly values: Readonly<Record<string, string>>;
}

const holds = ({ onlyIf }: Expression, scope: Scope) =>
  onlyIf.every(({ column, test }) => passes(columnOf(scope.user, column), prepare(test, scope)));

function matcherOf({ kind, alternatives }: Expression, scope: Scope): Matcher {
  const prepared = alternatives.map((conditions) =>
    conditions.map(({ test, ...field }) => ({ ...field, test: prepare(test, scope) })),
  );
  const predicates = prepared.map((conditions) => conditions.map((condition) => predicateOf(condition, scope)));
  const matches: Predicate = (itemId) => predicates.some((conditions) => conditions.every((holds) => holds(itemId)));
  const [only, ...others] = prepared.flat();
  if (only?.subject === "Interactions") {
    const isPlain = others.length === 0 && !(only.test.kind === "membership" && only.test.negated);
    return { kind, matches, ...(isPlain ? { matched: itemsInteractedWith(scope.interactions, only.test) } : {}) };
  }
  const dependsOnItem = alternatives.flat().some(({ test }) => refersToCurrentItem(test));
  return { kind, matches, ...(dependsOnItem ? {} : { key: keyOf(prepared) }) };
}

const refersToCurrentItem = (test: Test) =>
  (test.kind === "membership" ? test.list.kind : test.operand.kind) === "currentItem";

const keyOf = (prepared: unknown) =>
  JSON.stringify(prepared, (_, value: unknown) => (value instanceof Set ? [...(value as Set<string>)].sort() : value));

type PreparedCondition = Omit<Condition, "test"> & { readonly test: PreparedTest };

function predicateOf({ subject, column, test }: PreparedCondition, scope: Scope): Predicate {
  if (subject === "Items") return (itemId) => passes(columnOf(scope.item(itemId), column), test);
  if (subject !== "Interactions") throw new InvalidInputException(`${subject}.${column} cannot filter items.`);
  const items = itemsInteractedWith(scope.interactions, test);
  const negated = test.kind === "membership" && test.negated;
  return (itemId) => items.has(itemId) !== negated;
}

/** Items among the newest interactions whose event type is listed, whatever its case. */
function itemsInteractedWith(interactions: readonly Interaction[], test: PreparedTest): Set<string> {
  const wanted = test.kind === "membership" ? test.wanted : new Set<string>();
  const lower = wanted && new Set([...wanted].map((type) => type.toLowerCase()));
  const seen = new Map<string, number>();
  const items = new Set<string>();
  for (let n = interactions.length - 1; n >= 0; n--) {
    const { eventType, itemId } = interactions[n] as Interaction;
    const type = eventType.toLowerCase();
    const count = seen.get(type) ?? 0;
    if (count >= interactionsPerType || (lower && !lower.has(type))) continue;
    seen.set(type, count + 1);
    items.add(itemId);
  }
  return items;
}

/** A test whose placeholders and references have become values. */
type PreparedTest =
  /** `wanted` undefined = any value. */
  | { readonly kind: "membership"; readonly negated: boolean; readonly wanted: ReadonlySet<string> | undefined }
  | { readonly kind: "comparison"; readonly comparison: Comparison; readonly operand: MetadataValue };

function prepare(test: Test, scope: Scope): PreparedTest {
  if (test.kind === "comparison") return { ...test, operand: operandValue(test.operand, scope) };
  return { kind: "membership", negated: test.negated, wanted: wantedValues(test.list, scope) };
}

function wantedValues(list: List, scope: Scope): ReadonlySet<string> | undefined {
  if (list.kind === "any") return undefined;
  if (list.kind === "strings") return new Set(list.values);
  if (list.kind === "placeholder") {
    const values = valuesOf(scope.values[list.name] ?? "");
    return values.includes("*") ? undefined : new Set(values);
  }
  return new Set(partsOf(columnOf(scope.currentItem, list.column)));
}

function operandValue(operand: Operand, scope: Scope): MetadataValue {
  if (operand.kind === "number" || operand.kind === "string") return operand.value;
  if (operand.kind === "currentItem") return columnOf(scope.currentItem, operand.column);
  const [value = ""] = valuesOf(scope.values[operand.name] ?? "");
  return value;
}

/** A row's column, whatever the case in which the expression writes it; null when there is none. */
function columnOf(row: Metadata | undefined, column: string): MetadataValue {
  if (!row) return null;
  if (column in row) return row[column] ?? null;
  const wanted = column.toUpperCase();
  const name = Object.keys(row).find((candidate) => candidate.toUpperCase() === wanted);
  return name === undefined ? null : (row[name] ?? null);
}

/** `A|B` is two values. */
const partsOf = (value: MetadataValue): string[] => (value === null ? [] : String(value).split("|"));

function passes(value: MetadataValue, test: PreparedTest): boolean {
  if (test.kind === "membership") {
    const { wanted } = test;
    const isListed = wanted ? partsOf(value).some((part) => wanted.has(part)) : value !== null;
    return isListed !== test.negated;
  }
  if (value === null || test.operand === null || test.operand === "") return false;
  return compare(value, test.comparison, test.operand);
}

function compare(
  value: string | number | boolean,
  comparison: Comparison,
  operand: string | number | boolean,
): boolean {
  const [a, b] = [Number(value), Number(operand)];
  const areNumbers = value !== "" && Number.isFinite(a) && Number.isFinite(b);
  if (comparison === "=") return areNumbers ? a === b : partsOf(value).includes(String(operand));
  if (comparison === "!=") return areNumbers ? a !== b : !partsOf(value).includes(String(operand));
  if (!areNumbers) return false;
  if (comparison === "<") return a < b;
  if (comparison === "<=") return a <= b;
  return comparison === ">" ? a > b : a >= b;
}
