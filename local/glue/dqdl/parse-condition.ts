/** The expression at the end of a rule: `> 5`, `between 1 and 2`, `not in ["a", NULL]`, `matches "…"`, `> (now() - 3 days)`. */
import type { Condition, Duration, DurationUnit, Keyword, Operand, Operator } from "./ruleset.ts";
import type { TokenReader } from "./token-reader.ts";

const comparisons: ReadonlySet<string> = new Set(["=", "<", "<=", ">", ">="]);
const keywords: ReadonlySet<string> = new Set(["NULL", "EMPTY", "WHITESPACES_ONLY"]);
const units: Readonly<Record<string, DurationUnit>> = {
  ...{ day: "days", days: "days", hour: "hours", hours: "hours" },
  ...{ minute: "minutes", minutes: "minutes" },
};

/** Undefined when the rule has none. */
export function parseCondition(reader: TokenReader): Condition | undefined {
  const { text, kind } = reader.peek();
  if (kind === "symbol" && comparisons.has(text)) {
    reader.take();
    return { operator: text as Operator, operands: [parseOperand(reader)] };
  }
  if (kind === "symbol" && (text === "!=" || text === "!")) {
    reader.take();
    if (text === "!") reader.expect("=");
    return { operator: "!=", operands: [parseOperand(reader)] };
  }
  const isWordy = reader.is("between", "in", "matches") || (reader.is("not") && reader.peek(1).kind === "word");
  return isWordy ? parseWordy(reader) : undefined;
}

function parseWordy(reader: TokenReader): Condition {
  const not = reader.takeIf("not") ? "not " : "";
  const word = reader.expect("between", "in", "matches");
  const operator = `${not}${word}` as Operator;
  if (word === "matches") {
    return { operator, operands: [{ kind: "text", value: reader.expectString("a regular expression") }] };
  }
  if (word === "in") return { operator, operands: parseList(reader) };
  const low = parseOperand(reader);
  reader.expect("and", "AND");
  return { operator, operands: [low, parseOperand(reader)] };
}

function parseList(reader: TokenReader): Operand[] {
  reader.expect("[");
  const operands = [parseOperand(reader)];
  while (reader.takeIf(",")) operands.push(parseOperand(reader));
  reader.expect("]");
  return operands;
}

function parseOperand(reader: TokenReader): Operand {
  const { kind, text } = reader.peek();
  if (kind === "string") return { kind: "text", value: reader.take().text };
  if (kind === "word" && keywords.has(text.toUpperCase())) {
    return { kind: "keyword", keyword: reader.take().text.toUpperCase() as Keyword };
  }
  if (reader.is("now")) return parseNow(reader);
  if (reader.is("(")) {
    reader.take();
    const operand = parseOperand(reader);
    reader.expect(")");
    return operand;
  }
  if (kind === "word" && reader.peek(1).text === "(") {
    reader.fail(`Dynamic rules (${text}(…)) are only supported in AWS Glue ETL`);
  }
  return parseNumber(reader);
}

function parseNumber(reader: TokenReader): Operand {
  const sign = reader.takeIf("-") ?? "";
  const token = reader.peek();
  if (token.kind !== "number") reader.fail(`Expected a value but found ${token.text}`);
  const text = `${sign}${reader.take().text}`;
  const unit = reader.peek().kind === "word" ? units[reader.peek().text] : undefined;
  if (unit === undefined) return { kind: "number", value: Number(text), text };
  reader.take();
  return { kind: "duration", duration: { amount: Number(text), unit } };
}

/** `now()`, `now() - 3 days`; the parentheses around the latter are the caller's. */
function parseNow(reader: TokenReader): Operand {
  reader.expect("now");
  reader.expect("(");
  reader.expect(")");
  const sign = reader.takeIf("-", "+");
  return { kind: "now", sign: sign === "-" ? -1 : 1, offset: sign === undefined ? undefined : parseDuration(reader) };
}

function parseDuration(reader: TokenReader): Duration {
  const operand = parseNumber(reader);
  if (operand.kind !== "duration") reader.fail("Expected a duration such as 3 days");
  return operand.duration;
}
