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
import { FilterSyntaxError, tokensOf, type Token } from "./tokens.ts";

const datasets: readonly DatasetName[] = ["Interactions", "Items", "Users", "Actions", "Action_Interactions"];
const targets: readonly Target[] = ["ItemID", "UserID", "ActionID"];
const comparisons: readonly string[] = ["=", "!=", "<", "<=", ">", ">="];
const mostFields = 10;

export function parseFilter(text: string): ParsedFilter {
  try {
    const expressions = filterOf(cursorOver(tokensOf(text)));
    assertLimits(expressions);
    return { kind: "valid", filter: { expressions } };
  } catch (error) {
    if (error instanceof FilterSyntaxError) return { kind: "invalid", fault: error.message };
    throw error;
  }
}

interface Cursor {
  peek(): Token | undefined;
  /** Takes the next token if it is this keyword or symbol. */
  take(text: string): boolean;
  need(...texts: readonly string[]): string;
  next(expected: string): Token;
}

const fail = (message: string): never => {
  throw new FilterSyntaxError(`Invalid Expression: ${message}.`);
};

function cursorOver(tokens: readonly Token[]): Cursor {
  let at = 0;
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
  };
}

function filterOf(cursor: Cursor): Expression[] {
  const expressions = [expressionOf(cursor)];
  while (cursor.take("|")) expressions.push(expressionOf(cursor));
  const rest = cursor.peek();
  if (rest) fail(`unexpected ${JSON.stringify(rest.text)}`);
  return expressions;
}

function expressionOf(cursor: Cursor): Expression {
  const kind = cursor.need("INCLUDE", "EXCLUDE") === "INCLUDE" ? "include" : "exclude";
  const target = cursor.need(...targets) as Target;
  cursor.need("WHERE");
  const alternatives = [[conditionOf(cursor, datasets)]];
  while (true) {
    if (cursor.take("AND")) alternatives.at(-1)?.push(conditionOf(cursor, datasets));
    else if (cursor.take("OR")) alternatives.push([conditionOf(cursor, datasets)]);
    else break;
  }
  const onlyIf: Condition<"CurrentUser">[] = [];
  if (cursor.take("IF")) {
    do onlyIf.push(conditionOf(cursor, ["CurrentUser"] as const));
    while (cursor.take("AND"));
  }
  assertOneDataset(alternatives.flat());
  return { kind, target, alternatives, onlyIf };
}

function assertOneDataset(conditions: readonly Condition[]): void {
  const first = conditions[0]?.subject;
  const other = conditions.find(({ subject }) => subject !== first);
  if (other) fail(`one expression filters on one dataset; it has ${first} and ${other.subject}`);
  for (const { subject, column, test } of conditions) {
    if (subject !== "Interactions" && subject !== "Action_Interactions") {
      if (test.kind === "membership" && test.list.kind === "any") fail(`"*" is only for EVENT_TYPE`);
      continue;
    }
    if (column.toUpperCase() !== "EVENT_TYPE") fail(`${subject} can be filtered by EVENT_TYPE only, not by ${column}`);
    if (test.kind !== "membership") fail(`${subject}.${column} needs IN or NOT IN`);
  }
}

function conditionOf<Subject extends string>(cursor: Cursor, subjects: readonly Subject[]): Condition<Subject> {
  const { text } = cursor.next("a field");
  const [owner = "", column = ""] = text.split(".");
  const subject = subjects.find((name) => name.toUpperCase() === owner.toUpperCase());
  if (!subject || column === "") {
    return fail(
      `expected a field of ${subjects.join(", ")} such as ${subjects[0]}.COLUMN, found ${JSON.stringify(text)}`,
    );
  }
  return { subject, column, test: testOf(cursor) };
}

function testOf(cursor: Cursor): Test {
  if (cursor.take("NOT")) {
    cursor.need("IN");
    return { kind: "membership", negated: true, list: withoutPlaceholder(listOf(cursor)) };
  }
  if (cursor.take("IN")) return { kind: "membership", negated: false, list: listOf(cursor) };
  const comparison = cursor.need("<=", ">=", "!=", "=", "<", ">", "IN", "NOT IN");
  if (!comparisons.includes(comparison)) fail(`unexpected ${comparison}`);
  return { kind: "comparison", comparison: comparison as Comparison, operand: operandOf(cursor) };
}

function withoutPlaceholder(list: List): List {
  if (list.kind !== "placeholder") return list;
  throw new FilterSyntaxError(
    `Invalid input symbol: $${list.name}. Placeholders are not allowed with NOT_IN operator.`,
  );
}

function listOf(cursor: Cursor): List {
  const column = currentItemColumn(cursor);
  if (column !== undefined) return { kind: "currentItem", column };
  cursor.need("(");
  const values: string[] = [];
  do {
    const token = cursor.next("a value");
    if (token.kind === "placeholder" && values.length === 0) {
      cursor.need(")");
      return { kind: "placeholder", name: token.text };
    }
    if (token.kind !== "string" && token.kind !== "number" && token.text !== "*") {
      fail(`expected a quoted value, found ${JSON.stringify(token.text)}`);
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
  const token = cursor.next("a value");
  if (bracketed) cursor.need(")");
  if (token.kind === "number") return { kind: "number", value: Number(token.text) };
  if (token.kind === "placeholder") return { kind: "placeholder", name: token.text };
  if (token.kind === "string") return { kind: "string", value: token.text };
  return fail(`expected a number or $PLACEHOLDER, found ${JSON.stringify(token.text)}`);
}

function currentItemColumn(cursor: Cursor): string | undefined {
  const token = cursor.peek();
  if (token?.kind !== "word" || !/^CurrentItem\./i.test(token.text)) return undefined;
  cursor.next("a field");
  return token.text.slice(token.text.indexOf(".") + 1);
}

function assertLimits(expressions: readonly Expression[]): void {
  const fields = expressions.flatMap(({ alternatives, onlyIf }) =>
    [...alternatives.flat(), ...onlyIf].map(({ subject, column }) => `${subject}.${column}`.toUpperCase()),
  );
  const distinct = new Set(fields).size;
  if (distinct > mostFields) fail(`${distinct} different fields; at most ${mostFields} are allowed`);
  const [first, ...others] = expressions.map(({ target }) => target);
  if (others.some((target) => target !== first)) fail("all expressions of a filter must be about the same kind of id");
}
