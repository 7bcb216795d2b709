/**
 * Parses a filter expression into its parts, refusing what the service refuses. Pure.
 *
 *   filter      := expression { "|" expression }
 *   expression  := (INCLUDE | EXCLUDE) (ItemID | UserID | ActionID) WHERE conditions [ IF condition { AND condition } ]
 *   conditions  := condition { (AND | OR) condition }          all on one dataset; AND binds tighter
 *   condition   := <Dataset>.<COLUMN> ( [NOT] IN list | comparison operand )
 */
import type {
  Comparison,
  Condition,
  DatasetName,
  Expression,
  List,
  Operand,
  ParsedFilter,
  Target,
  Test,
} from "./filter-expression.ts";
import { distinctFields } from "./check-columns.ts";
import { FilterSyntaxError, tokensOf, type Token } from "./tokens.ts";

const datasets: readonly DatasetName[] = ["Interactions", "Items", "Users", "Actions", "Action_Interactions"];
const targets: readonly Target[] = ["ItemID", "UserID", "ActionID"];
const comparisons: readonly string[] = ["=", "!=", "<", "<=", ">", ">="];
const mostFields = 10;

export function parseFilter(text: string): ParsedFilter {
  try {
    const cursor = cursorOver(tokensOf(text), text.length);
    const expressions = filterOf(cursor);
    assertLimits(expressions, cursor);
    return { kind: "valid", filter: { expressions } };
  } catch (error) {
    if (error instanceof FilterSyntaxError) return { kind: "invalid", fault: withPlace(error, text) };
    throw error;
  }
}

/** Says where, as an editor counts. */
function withPlace({ message, at }: FilterSyntaxError, text: string): string {
  const before = text.slice(0, at).split("\n");
  return `${message}. At line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}.`;
}

interface Cursor {
  peek(): Token | undefined;
  /** Takes the next token if it is this keyword or symbol. */
  take(text: string): boolean;
  need(...texts: readonly string[]): string;
  next(expected: string): Token;
  /** Refuses the expression at the next token, or at a place that was noted before. */
  fail(message: string, at?: number): never;
  /** Where the next token begins. */
  place(): number;
}

function cursorOver(tokens: readonly Token[], length: number): Cursor {
  let at = 0;
  const place = () => tokens[at]?.at ?? length;
  const fail = (message: string, where = place()): never => {
    throw new FilterSyntaxError(`Invalid Expression: ${message}`, where);
  };
  const shown = () => (tokens[at] ? JSON.stringify(tokens[at]?.text) : "the end");
  const isAt = (text: string) => {
    const token = tokens[at];
    return (token?.kind === "word" || token?.kind === "symbol") && token.text.toUpperCase() === text.toUpperCase();
  };
  const take = (text: string) => isAt(text) && ++at > 0;
  return {
    peek: () => tokens[at],
    take,
    need: (...texts) => texts.find(take) ?? fail(`expected ${texts.join(" or ")}, found ${shown()}`),
    next: (expected) => tokens[at++] ?? fail(`expected ${expected}, found the end`),
    ...{ fail, place },
  };
}

function filterOf(cursor: Cursor): Expression[] {
  const expressions = [expressionOf(cursor)];
  while (cursor.take("|")) expressions.push(expressionOf(cursor));
  const rest = cursor.peek();
  if (rest) cursor.fail(`unexpected ${JSON.stringify(rest.text)}`);
  return expressions;
}

function expressionOf(cursor: Cursor): Expression {
  const kind = cursor.need("INCLUDE", "EXCLUDE") === "INCLUDE" ? "include" : "exclude";
  const target = cursor.need(...targets) as Target;
  cursor.need("WHERE");
  const first = conditionAbout(cursor, target);
  const alternatives = [[first]];
  while (true) {
    if (cursor.take("AND")) alternatives.at(-1)?.push(conditionAbout(cursor, target, first));
    else if (cursor.take("OR")) alternatives.push([conditionAbout(cursor, target, first)]);
    else break;
  }
  return { kind, target, alternatives, onlyIf: onlyIfOf(cursor, target) };
}

function onlyIfOf(cursor: Cursor, target: Target): Condition<"CurrentUser">[] {
  const onlyIf: Condition<"CurrentUser">[] = [];
  const at = cursor.place();
  if (!cursor.take("IF")) return onlyIf;
  if (target === "UserID") cursor.fail("IF is about the user who gets items or actions: not for filters of users", at);
  do onlyIf.push(conditionOf(cursor, ["CurrentUser"] as const));
  while (cursor.take("AND"));
  return onlyIf;
}

/** What each kind of id can be filtered by. */
const subjectsOf: Readonly<Record<Target, readonly DatasetName[]>> = {
  ItemID: ["Items", "Interactions"],
  UserID: ["Users", "Interactions"],
  ActionID: ["Actions", "Action_Interactions"],
};

/** @param first the expression's first condition: the others are about its dataset */
function conditionAbout(cursor: Cursor, target: Target, first?: Condition): Condition {
  const at = cursor.place();
  const condition = conditionOf(cursor, datasets);
  const { subject, column, test } = condition;
  const fail = (message: string) => cursor.fail(message, at);
  if (!subjectsOf[target].includes(subject)) {
    fail(`${target} can be filtered by ${subjectsOf[target].join(" and ")}, not by ${subject}`);
  }
  if (first && subject !== first.subject) {
    fail(`one expression filters on one dataset; it has ${first.subject} and ${subject}`);
  }
  if (target !== "ItemID" && refersToItem(test)) fail(`CurrentItem is for filters of items, not of ${target}`);
  if (subject !== "Interactions" && subject !== "Action_Interactions") {
    if (test.kind === "membership" && test.list.kind === "any") fail(`"*" is only for EVENT_TYPE`);
    return condition;
  }
  if (column.toUpperCase() !== "EVENT_TYPE") fail(`${subject} can be filtered by EVENT_TYPE only, not by ${column}`);
  if (test.kind !== "membership") fail(`${subject}.${column} needs IN or NOT IN`);
  if (refersToItem(test)) fail(`${subject}.${column} cannot be compared with CurrentItem`);
  return condition;
}

const refersToItem = (test: Test) =>
  (test.kind === "membership" ? test.list.kind : test.operand.kind) === "currentItem";

function conditionOf<Subject extends string>(cursor: Cursor, subjects: readonly Subject[]): Condition<Subject> {
  const at = cursor.place();
  const { text } = cursor.next("a field");
  const [owner = "", column = ""] = text.split(".");
  const subject = subjects.find((name) => name.toUpperCase() === owner.toUpperCase());
  if (!subject || column === "") {
    const wanted = `a field of ${subjects.join(", ")} such as ${subjects[0]}.COLUMN`;
    return cursor.fail(`expected ${wanted}, found ${JSON.stringify(text)}`, at);
  }
  return { subject, column, test: testOf(cursor) };
}

function testOf(cursor: Cursor): Test {
  if (cursor.take("NOT")) {
    cursor.need("IN");
    const at = cursor.place();
    return { kind: "membership", negated: true, list: withoutPlaceholder(listOf(cursor), at) };
  }
  if (cursor.take("IN")) return { kind: "membership", negated: false, list: listOf(cursor) };
  const comparison = cursor.need("<=", ">=", "!=", "=", "<", ">", "IN", "NOT IN");
  if (!comparisons.includes(comparison)) cursor.fail(`unexpected ${comparison}`);
  return { kind: "comparison", comparison: comparison as Comparison, operand: operandOf(cursor) };
}

/** The service's own sentence. */
function withoutPlaceholder(list: List, at: number): List {
  if (list.kind !== "placeholder") return list;
  const fault = `Invalid input symbol: $${list.name}. Placeholders are not allowed with NOT_IN operator`;
  throw new FilterSyntaxError(fault, at);
}

function listOf(cursor: Cursor): List {
  const column = currentItemColumn(cursor);
  if (column !== undefined) return { kind: "currentItem", column };
  cursor.need("(");
  const values: string[] = [];
  do {
    const at = cursor.place();
    const token = cursor.next("a value");
    if (token.kind === "placeholder" && values.length === 0) {
      cursor.need(")");
      return { kind: "placeholder", name: token.text };
    }
    if (token.kind !== "string" && token.kind !== "number" && token.text !== "*") {
      cursor.fail(`expected a quoted value, found ${JSON.stringify(token.text)}`, at);
    }
    values.push(token.text);
  } while (cursor.take(","));
  cursor.need(")");
  return values.includes("*") ? { kind: "any" } : { kind: "strings", values };
}

function operandOf(cursor: Cursor): Operand {
  const column = currentItemColumn(cursor);
  if (column !== undefined) return { kind: "currentItem", column };
  const bracketed = cursor.take("(");
  const at = cursor.place();
  const token = cursor.next("a value");
  if (bracketed) cursor.need(")");
  if (token.kind === "number") return { kind: "number", value: Number(token.text) };
  if (token.kind === "placeholder") return { kind: "placeholder", name: token.text };
  if (token.kind === "string") return { kind: "string", value: token.text };
  return cursor.fail(`expected a number or $PLACEHOLDER, found ${JSON.stringify(token.text)}`, at);
}

function currentItemColumn(cursor: Cursor): string | undefined {
  const token = cursor.peek();
  if (token?.kind !== "word" || !/^CurrentItem\./i.test(token.text)) return undefined;
  cursor.next("a field");
  return token.text.slice(token.text.indexOf(".") + 1);
}

function assertLimits(expressions: readonly Expression[], cursor: Cursor): void {
  const distinct = distinctFields({ expressions }).size;
  if (distinct > mostFields) cursor.fail(`${distinct} different fields; at most ${mostFields} are allowed`);
  const [first, ...others] = expressions.map(({ target }) => target);
  if (others.some((target) => target !== first)) {
    cursor.fail("all expressions of a filter must be about the same kind of id");
  }
}
