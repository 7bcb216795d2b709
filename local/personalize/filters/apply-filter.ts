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

export function applyFilter(
  filter: Filter,
  values: Readonly<Record<string, string>>,
  subjects: FilterSubjects,
): Predicate {
  if (filter.expressions.some(({ target }) => target !== "ItemID")) {
    throw new InvalidInputException("The filter is not about ItemID: it cannot filter recommended items.");
  }
  const scope: Scope = { ...subjects, values };
  const counting = withValues(filter, values).expressions.filter((expression) => holds(expression, scope));
  const predicates = (kind: Expression["kind"]) =>
    counting.filter((expression) => expression.kind === kind).map((expression) => matches(expression, scope));
  const included = predicates("include");
  const excluded = predicates("exclude");
  return (itemId) =>
    (included.length === 0 || included.some((matching) => matching(itemId))) &&
    !excluded.some((matching) => matching(itemId));
}

interface Scope extends FilterSubjects {
  readonly values: Readonly<Record<string, string>>;
}

const holds = ({ onlyIf }: Expression, scope: Scope) =>
  onlyIf.every(({ column, test }) => passes(columnOf(scope.user, column), prepare(test, scope)));

function matches({ alternatives }: Expression, scope: Scope): Predicate {
  const prepared = alternatives.map((conditions) => conditions.map((condition) => predicateOf(condition, scope)));
  return (itemId) => prepared.some((conditions) => conditions.every((condition) => condition(itemId)));
}

function predicateOf({ subject, column, test }: Condition, scope: Scope): Predicate {
  const prepared = prepare(test, scope);
  if (subject === "Items") return (itemId) => passes(columnOf(scope.item(itemId), column), prepared);
  if (subject !== "Interactions") throw new InvalidInputException(`${subject}.${column} cannot filter items.`);
  const items = itemsInteractedWith(scope.interactions, prepared);
  const negated = prepared.kind === "membership" && prepared.negated;
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
