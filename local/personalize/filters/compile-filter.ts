/** A parsed filter with a request's values in it: what is left to know are the user and the item at hand. Pure. */
import type { Metadata, MetadataValue } from "../job-runner.ts";
import type { Condition, DatasetName, Expression, Filter, List, Operand, Target, Test } from "./filter-expression.ts";
import { valuesOf, withValues } from "./filter-values.ts";
import { partsOf, type PreparedTest } from "./tests.ts";

export interface CompiledCondition {
  readonly column: string;
  /** @param currentItem the item that related ones are asked for */
  readonly test: (currentItem: Metadata | undefined) => PreparedTest;
}

export interface CompiledExpression {
  readonly kind: Expression["kind"];
  /** What all its conditions are about. */
  readonly dataset: DatasetName;
  /** An OR of ANDs. */
  readonly alternatives: readonly (readonly CompiledCondition[])[];
  /** Of the user; all must hold for the expression to count. */
  readonly onlyIf: readonly CompiledCondition[];
  /** Whether the answer is the same for every user and every item at hand. */
  readonly isStatic: boolean;
}

export interface CompiledFilter {
  readonly target: Target;
  readonly expressions: readonly CompiledExpression[];
  /** Whether anything of the user has to be looked at: interactions, or metadata. */
  readonly readsUser: boolean;
  /** Whether metadata of the user or of the item at hand have to be looked at. */
  readonly readsMetadata: boolean;
}

const ofInteractions = (dataset: string) => dataset === "Interactions" || dataset === "Action_Interactions";

/** @throws InvalidInputException when the values do not fit the filter's placeholders */
export function compileFilter(filter: Filter, values: Readonly<Record<string, string>>): CompiledFilter {
  const expressions = withValues(filter, values).expressions.map((expression) => compiled(expression, values));
  return {
    target: filter.expressions[0]?.target ?? "ItemID",
    expressions,
    readsUser: expressions.some(({ dataset, onlyIf }) => ofInteractions(dataset) || onlyIf.length > 0),
    readsMetadata: expressions.some(
      ({ dataset, onlyIf, isStatic }) => onlyIf.length > 0 || !(isStatic || ofInteractions(dataset)),
    ),
  };
}

function compiled({ kind, alternatives, onlyIf }: Expression, values: Readonly<Record<string, string>>) {
  const conditions = alternatives.flat();
  const dataset = conditions[0]?.subject ?? "Items";
  const condition = ({ subject, column, test }: Condition<string>): CompiledCondition => {
    const ask = prepared(test, values);
    return { column, test: ofInteractions(subject) ? inLowerCase(ask(undefined)) : ask };
  };
  return {
    ...{ kind, dataset },
    alternatives: alternatives.map((all) => all.map(condition)),
    onlyIf: onlyIf.map(condition),
    isStatic: !ofInteractions(dataset) && !conditions.some(({ test }) => refersToCurrentItem(test)),
  };
}

/** Event types are the one thing that is told apart without case. The list stays the same object, for what is kept under it. */
function inLowerCase(test: PreparedTest): CompiledCondition["test"] {
  if (test.kind !== "membership" || !test.wanted) return () => test;
  const lower = { ...test, wanted: new Set([...test.wanted].map((type) => type.toLowerCase())) };
  return () => lower;
}

const refersToCurrentItem = (test: Test) =>
  (test.kind === "membership" ? test.list.kind : test.operand.kind) === "currentItem";

function prepared(test: Test, values: Readonly<Record<string, string>>): CompiledCondition["test"] {
  if (refersToCurrentItem(test)) return (currentItem) => withItem(test, values, currentItem);
  const fixed = withItem(test, values, undefined);
  return () => fixed;
}

function withItem(test: Test, values: Readonly<Record<string, string>>, item: Metadata | undefined): PreparedTest {
  if (test.kind === "comparison") return { ...test, operand: operandValue(test.operand, values, item) };
  return { kind: "membership", negated: test.negated, wanted: wantedValues(test.list, values, item) };
}

function wantedValues(
  list: List,
  values: Readonly<Record<string, string>>,
  item: Metadata | undefined,
): ReadonlySet<string> | undefined {
  if (list.kind === "any") return undefined;
  if (list.kind === "strings") return new Set(list.values);
  if (list.kind === "placeholder") {
    const given = valuesOf(values[list.name] ?? "");
    return given.includes("*") ? undefined : new Set(given);
  }
  const value = columnOf(item, list.column);
  return new Set(value === null ? [] : partsOf(String(value)));
}

function operandValue(
  operand: Operand,
  values: Readonly<Record<string, string>>,
  item: Metadata | undefined,
): MetadataValue {
  if (operand.kind === "number" || operand.kind === "string") return operand.value;
  if (operand.kind === "currentItem") return columnOf(item, operand.column);
  const [value = ""] = valuesOf(values[operand.name] ?? "");
  return value;
}

/** A row's column, whatever the case in which the expression writes it; null when there is none. */
export function columnOf(row: Metadata | undefined, column: string): MetadataValue {
  if (!row) return null;
  if (column in row) return row[column] ?? null;
  const wanted = column.toUpperCase();
  const name = Object.keys(row).find((candidate) => candidate.toUpperCase() === wanted);
  return name === undefined ? null : (row[name] ?? null);
}
