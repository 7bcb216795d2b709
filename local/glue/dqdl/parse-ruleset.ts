/**
 * A DQDL document, `Rules = [ … ]` and perhaps `Analyzers = [ … ]`, to a Ruleset. What cannot be evaluated here is
 * refused here, so that a ruleset that was accepted can be run.
 */
import { parseCondition } from "./parse-condition.ts";
import { awsOnly, type ConditionKind, type RuleType, ruleTypes } from "./rule-types.ts";
import type { Analyzer, CompositeRule, Condition, Rule, Ruleset, SimpleRule } from "./ruleset.ts";
import { readTokens, type TokenReader } from "./token-reader.ts";
import { isKnownType } from "./data-types.ts";
import { dayOf, isAboutDates } from "./value-test.ts";
import { parseWhere } from "./where-clause.ts";

/** Throws DqdlError. */
export function parseRuleset(source: string): Ruleset {
  const reader = readTokens(source);
  const section = reader.expect("Rules", "Analyzers");
  const rules = section === "Rules" ? parseSection(reader, parseRule) : [];
  const hasAnalyzers = section === "Analyzers" || reader.takeIf("Analyzers") !== undefined;
  const analyzers = hasAnalyzers ? parseSection(reader, parseAnalyzer) : [];
  if (reader.peek().kind !== "end") reader.fail(`Expected the end of the ruleset but found ${reader.peek().text}`);
  return { rules, analyzers };
}

/** `= [ part, part ]` */
function parseSection<T>(reader: TokenReader, parsePart: (reader: TokenReader) => T): T[] {
  reader.expect("=");
  reader.expect("[");
  const parts: T[] = [];
  if (!reader.is("]")) {
    do parts.push(parsePart(reader));
    while (reader.takeIf(","));
  }
  reader.expect("]");
  return parts;
}

/** `and` binds closer than `or`, as in the language's grammar. */
function parseRule(reader: TokenReader): Rule {
  return joined(reader, "or", () => joined(reader, "and", () => parseOperandRule(reader)));
}

function joined(reader: TokenReader, operator: CompositeRule["operator"], parsePart: () => Rule): Rule {
  const first = parsePart();
  const rules = [first];
  while (reader.takeIf(operator, operator.toUpperCase())) rules.push(parsePart());
  return rules.length === 1 ? first : { kind: "composite", operator, rules };
}

function parseOperandRule(reader: TokenReader): Rule {
  if (!reader.takeIf("(")) return parseSimpleRule(reader);
  const rule = parseRule(reader);
  reader.expect(")");
  return rule;
}

function parseSimpleRule(reader: TokenReader): SimpleRule {
  const { type, parameters } = parseHead(reader);
  const rule: SimpleRule = {
    kind: "rule",
    type,
    parameters,
    condition: parseCondition(reader),
    where: reader.takeIf("where") ? reader.expectString("a condition on rows") : undefined,
    threshold: parseThreshold(reader),
  };
  assertComplete(reader, rule, ruleTypes[type] as RuleType); // parseHead has seen to it
  return rule;
}

function parseThreshold(reader: TokenReader): Condition | undefined {
  if (!reader.takeIf("with")) return undefined;
  reader.expect("threshold");
  const condition = parseCondition(reader);
  if (!condition?.operands.every(({ kind }) => kind === "number"))
    reader.fail("A threshold needs a number, e.g. > 0.9");
  return condition;
}

function parseAnalyzer(reader: TokenReader): Analyzer {
  return parseHead(reader);
}

function parseHead(reader: TokenReader): Analyzer {
  const { kind, text: type } = reader.peek();
  if (kind !== "word") reader.fail(`Expected a rule but found ${type}`);
  const known = Object.hasOwn(ruleTypes, type) ? ruleTypes[type] : undefined;
  if (!known) reader.fail(refusal(type));
  reader.take();
  const parameters: string[] = [];
  while (reader.peek().kind === "string") parameters.push(reader.take().text);
  const [fewest, most] = known.parameters;
  if (parameters.length < fewest || parameters.length > most) {
    const wanted = most === Infinity ? `at least ${fewest}` : String(fewest);
    reader.fail(`${type} takes ${wanted} parameters in double quotes, not ${parameters.length}`);
  }
  return { type, parameters };
}

function refusal(type: string): string {
  const why = Object.hasOwn(awsOnly, type) ? awsOnly[type] : undefined;
  if (why === undefined) return `Unknown rule type: ${type}`;
  const known = Object.keys(ruleTypes).join(", ");
  return `${type} cannot be evaluated in the embedded cloud: ${why}. It evaluates ${known}`;
}

function assertComplete(reader: TokenReader, rule: SimpleRule, { condition, takesThreshold, refusesWhere }: RuleType) {
  const { type } = rule;
  if (condition === "none" && rule.condition) reader.fail(`${type} takes no condition`);
  if (condition !== "none" && !rule.condition) reader.fail(`${type} needs a condition`);
  if (rule.condition && !fits(condition, rule.condition)) reader.fail(`${type} cannot be compared with that`);
  if (type === "ColumnNamesMatchPattern") assertPattern(reader, rule.parameters[0] ?? "");
  if (rule.condition) assertOperands(reader, type, rule.condition);
  if (rule.threshold && !takesThreshold) reader.fail(`${type} takes no threshold`);
  if (rule.where === undefined) return;
  if (refusesWhere) reader.fail(`${type} takes no where clause`);
  try {
    parseWhere(rule.where);
  } catch (error) {
    reader.fail(`The where clause "${rule.where}" cannot be evaluated here: ${(error as Error).message}`);
  }
}

function fits(kind: ConditionKind, { operator, operands }: Condition): boolean {
  const kinds = new Set(operands.map((operand) => operand.kind));
  const only = (wanted: string) => kinds.size === 1 && kinds.has(wanted as never);
  switch (kind) {
    case "number":
      return only("number");
    case "type":
      return only("text") && (operator === "=" || operator === "!=");
    case "duration":
      return only("duration");
    case "values":
      return !kinds.has("duration");
    case "none":
      return false;
  }
}

/** What the kinds of operands leave open: patterns, dates, names of types. */
function assertOperands(reader: TokenReader, type: string, condition: Condition): void {
  const texts = condition.operands.flatMap((operand) => (operand.kind === "text" ? operand.value : []));
  const [text = ""] = texts;
  const isOrder = /^[<>]|between$/.test(condition.operator);
  if (isOrder && condition.operands.some(({ kind }) => kind === "keyword")) {
    reader.fail(`${type} cannot order NULL, EMPTY and WHITESPACES_ONLY`);
  }
  if (type === "ColumnDataType" && !isKnownType(text)) reader.fail(`Unrecognized data type: ${text}`);
  if (condition.operator.endsWith("matches")) return assertPattern(reader, text);
  const noDate = isAboutDates(condition) ? texts.find((value) => dayOf(value) === undefined) : undefined;
  if (noDate !== undefined) reader.fail(`${type} cannot compare "${noDate}": it is no date such as "2026-01-31"`);
}

function assertPattern(reader: TokenReader, text: string): void {
  try {
    new RegExp(text);
  } catch {
    reader.fail(`"${text}" is no regular expression`);
  }
}
