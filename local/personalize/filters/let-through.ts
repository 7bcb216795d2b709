/**
 * Which ids a filter lets through for one user and one request: as a bitmap over all of them, or asked for a single one.
 *
 * Several INCLUDE expressions let through the union of what they match, several EXCLUDE keep out the union; with both, the
 * first minus the second. An expression whose IF does not hold does not count; a filter none of whose expressions count
 * lets everything through.
 */
import type { Metadata } from "../job-runner.ts";
import { allOf, type Bitmap, bitmapOf, complement, intersect, noneOf, subtract, unite } from "./bitmaps.ts";
import { columnOf, type CompiledCondition, type CompiledExpression, type CompiledFilter } from "./compile-filter.ts";
import type { MetadataIndex } from "./metadata-index.ts";
import { passes } from "./tests.ts";

/** Event types in lower case; undefined = any. */
export type EventTypes = ReadonlySet<string> | undefined;

/** Whom and what a request is about. Asked only for what the filter needs. */
export interface Subject {
  user(): Metadata | undefined;
  /** The item that related ones are asked for. */
  currentItem(): Metadata | undefined;
}

/** Undefined when everything is let through. */
export function letThrough(
  filter: CompiledFilter,
  index: MetadataIndex,
  subject: Subject & { met(eventTypes: EventTypes): Iterable<number> },
): Bitmap | undefined {
  const counting = filter.expressions.filter((expression) => holds(expression, subject));
  const included = counting.filter(({ kind }) => kind === "include");
  const excluded = counting.filter(({ kind }) => kind === "exclude");
  const [only] = included;
  if (counting.length === 0) return undefined;
  if (counting.length === 1 && only) return matched(only, index, subject);
  const allowed = included.length > 0 ? noneOf(index.size) : allOf(index.size);
  for (const expression of included) unite(allowed, matched(expression, index, subject));
  for (const expression of excluded) takeOut(allowed, expression, index, subject);
  return allowed;
}

type Over = Parameters<typeof letThrough>[2];

/** What a user has met is a handful of positions: they are taken out one by one. */
function takeOut(allowed: Bitmap, expression: CompiledExpression, index: MetadataIndex, subject: Over): void {
  const [first, ...others] = expression.alternatives.flat();
  const eventTypes = first && others.length === 0 && ofInteractions(expression) ? eventTypesOf(first) : undefined;
  if (!eventTypes || eventTypes.negated) return void subtract(allowed, matched(expression, index, subject));
  for (const n of subject.met(eventTypes.types)) allowed[n >> 3]! &= ~(1 << (n & 7));
}

/** The positions an expression is about; not to be changed. */
function matched(expression: CompiledExpression, index: MetadataIndex, subject: Over): Bitmap {
  const make = () => {
    const each = expression.alternatives.map((conditions) =>
      conditions.map((condition) => matchedBy(condition, expression, index, subject)).reduce(intersect),
    );
    return each.reduce(unite);
  };
  return expression.isStatic ? index.kept(expression, make) : make();
}

function matchedBy(condition: CompiledCondition, expression: CompiledExpression, index: MetadataIndex, subject: Over) {
  if (!ofInteractions(expression)) {
    return index.passing(condition.column, condition.test(expression.isStatic ? undefined : subject.currentItem()));
  }
  const { types, negated } = eventTypesOf(condition);
  const met = bitmapOf(index.size, subject.met(types));
  return negated ? complement(met, index.size) : met;
}

const ofInteractions = ({ dataset }: CompiledExpression) =>
  dataset === "Interactions" || dataset === "Action_Interactions";

function eventTypesOf({ test }: CompiledCondition): { readonly types: EventTypes; readonly negated: boolean } {
  const prepared = test(undefined);
  if (prepared.kind !== "membership") throw new Error("The parser lets only lists of event types through");
  return { types: prepared.wanted, negated: prepared.negated };
}

const holds = ({ onlyIf }: CompiledExpression, subject: Subject) =>
  onlyIf.every(({ column, test }) => passes(columnOf(subject.user(), column), test(undefined)));

/** The same question about one id, which no index has to know. */
export interface Single {
  readonly metadata: Metadata | undefined;
  /** Has the user met it by an interaction of these types? */
  isMet(eventTypes: EventTypes): boolean;
}

export function letsThrough(filter: CompiledFilter, single: Single, subject: Subject): boolean {
  const counting = filter.expressions.filter((expression) => holds(expression, subject));
  const matches = (kind: CompiledExpression["kind"]) =>
    counting.some((expression) => expression.kind === kind && matchesOne(expression, single, subject));
  const isIncluded = counting.every(({ kind }) => kind === "exclude") || matches("include");
  return isIncluded && !matches("exclude");
}

const matchesOne = (expression: CompiledExpression, { metadata, isMet }: Single, subject: Subject): boolean =>
  expression.alternatives.some((conditions) =>
    conditions.every((condition) => {
      if (!ofInteractions(expression)) {
        const item = expression.isStatic ? undefined : subject.currentItem();
        return passes(columnOf(metadata, condition.column), condition.test(item));
      }
      const { types, negated } = eventTypesOf(condition);
      return isMet(types) !== negated;
    }),
  );
