/** A rule as text in the service's own form, which results show as the rule's description. */
import type { Condition, Operand, Rule } from "./ruleset.ts";

export function describeRule(rule: Rule): string {
  if (rule.kind === "composite") {
    return rule.rules.map((part) => `(${describeRule(part)})`).join(` ${rule.operator} `);
  }
  const parts = [rule.type, ...rule.parameters.map(quoted)];
  if (rule.condition) parts.push(describeCondition(rule.condition));
  if (rule.threshold) parts.push("with threshold", describeCondition(rule.threshold));
  if (rule.where !== undefined) parts.push("where", quoted(rule.where));
  return parts.join(" ");
}

export const describeAnalyzer = (type: string, parameters: readonly string[]): string =>
  [type, ...parameters.map(quoted)].join(" ");

function describeCondition({ operator, operands }: Condition): string {
  const texts = operands.map(describeOperand);
  if (operator.endsWith("between")) return `${operator} ${texts.join(" and ")}`;
  return operator.endsWith("in") ? `${operator} [${texts.join(",")}]` : `${operator} ${texts.join("")}`;
}

function describeOperand(operand: Operand): string {
  switch (operand.kind) {
    case "number":
      return operand.text;
    case "text":
      return quoted(operand.value);
    case "keyword":
      return operand.keyword;
    case "duration":
      return `${operand.duration.amount} ${operand.duration.unit}`;
    case "now": {
      const { offset, sign } = operand;
      return offset ? `(now() ${sign < 0 ? "-" : "+"} ${offset.amount} ${offset.unit})` : "now()";
    }
  }
}

const quoted = (text: string): string => `"${text.replace(/(["\\])/g, "\\$1")}"`;
