/** Rules that every value of a column must meet, or a stated share of them: ColumnLength, ColumnDataType, DataFreshness. */
import type { Condition, SimpleRule } from "../dqdl/ruleset.ts";
import { wrongType } from "./column-rules.ts";
import { meetsNumber } from "../dqdl/number-test.ts";
import { conditionOf } from "./dataset-rules.ts";
import { isDataType } from "../dqdl/data-types.ts";
import type { Lengths, Share } from "./measures.ts";
import { asDouble, emptyState, failed, type Outcome, passed, unmet } from "./outcome.ts";
import { onColumn, type RuleScope, settled } from "./rule-scope.ts";
import type { Row } from "./table-schema.ts";
import { isAboutNumbers, valueTest } from "../dqdl/value-test.ts";

type Message = (ratio: number) => string;
const unmetRatio: Message = (ratio) => unmet(asDouble(ratio));

/** The share of rows that meet a test against the rule's threshold, or against all of them. */
function judgeShare(rule: SimpleRule, share: Share, metric: string, message: Message = unmetRatio): Outcome {
  if (share.rows === 0) return emptyState("Compliance", rule.parameters.join(","));
  const ratio = share.met / share.rows;
  const metrics = { [metric]: ratio };
  const isMet = rule.threshold ? meetsNumber(ratio, rule.threshold) : ratio === 1;
  return isMet ? passed(metrics) : failed(message(ratio), metrics);
}

export const columnLength = onColumn((rule, { measures }, column, name) => {
  const condition = conditionOf(rule);
  const byRow = rule.threshold !== undefined || /in$|^not between/.test(condition.operator);
  if (byRow) {
    const share = measures.share((row) => meetsNumber((row[column] ?? "").length, condition));
    return () => judgeShare(rule, share, `Column.${name}.LengthCompliance`);
  }
  const lengths = measures.lengths(column);
  return () => {
    if (lengths.rows === 0) return emptyState("MinLength", name);
    return judgeEnds(condition, lengths, (end) => `Column.${name}.${end}Length`);
  };
});

/** A condition on every value is one on the smallest, the largest or both. */
function judgeEnds(
  condition: Condition,
  { min, max }: Pick<Lengths, "min" | "max">,
  nameOf: (end: "Minimum" | "Maximum") => string,
): Outcome {
  const onMin = !condition.operator.startsWith("<");
  const onMax = !condition.operator.startsWith(">");
  const metrics = { ...(onMin && { [nameOf("Minimum")]: min }), ...(onMax && { [nameOf("Maximum")]: max }) };
  const off = [...(onMin ? [min] : []), ...(onMax ? [max] : [])].find((end) => !meetsNumber(end, condition));
  return off === undefined ? passed(metrics) : failed(unmet(asDouble(off)), metrics);
}

export const columnValues = onColumn((rule, scope, column, name) => {
  const condition = conditionOf(rule);
  const isOrder = /^[<>]/.test(condition.operator) || (condition.operator === "=" && !hasKeyword(condition));
  if (isAboutNumbers(condition) && isOrder && !rule.threshold) return numericEnds(rule, scope, column, name);
  const test = valueTest(condition, scope.now);
  const share = scope.measures.share((row) => test(row[column] ?? null));
  const isPattern = condition.operator.endsWith("matches");
  return () => judgeShare(rule, share, `Column.${name}.${isPattern ? "PatternMatch" : "ColumnValues.Compliance"}`);
});

const hasKeyword = ({ operands }: Condition) => operands.some(({ kind }) => kind === "keyword");

/** A null meets none of these. */
function numericEnds(rule: SimpleRule, { columns, measures }: RuleScope, column: number, name: string): () => Outcome {
  const wrong = wrongType(columns, column);
  if (wrong) return settled(wrong);
  const numbers = measures.numbers(column);
  return () => {
    if (numbers.count === 0) return emptyState("Minimum", name);
    const outcome = judgeEnds(conditionOf(rule), numbers, (end) => `Column.${name}.${end}`);
    return outcome.result === "PASS" && numbers.nulls > 0 ? failed(unmet("NULL"), outcome.metrics) : outcome;
  };
}

export const columnDataType = onColumn((rule, { measures }, column, name) => {
  const { operator, operands } = conditionOf(rule);
  const [wanted] = operands;
  const type = wanted?.kind === "text" ? wanted.value : "";
  const share = measures.share((row) => isDataType(row[column] ?? null, type) === (operator === "="));
  return () =>
    judgeShare(rule, share, `Column.${name}.ColumnDataType.Compliance`, (ratio) => unmetRatio(ratio).replace("!", "."));
});

/** Times are texts such as 2026-11-24 12:00:00, or epoch seconds where the column holds numbers. Rounded to 0.01 hours. */
export const dataFreshness = onColumn((rule, { measures, now }, column, name) => {
  const condition = conditionOf(rule);
  const share = measures.share((row: Row) => {
    const at = timeOf(row[column] ?? null);
    return at !== undefined && meetsNumber(Math.round(((now - at) / 3_600_000) * 100) / 100, condition);
  });
  return () =>
    judgeShare(
      rule,
      share,
      `Column.${name}.DataFreshness.Compliance`,
      (ratio) => `${(ratio * 100).toFixed(2)}% of rows passed`,
    );
});

function timeOf(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const time = /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(value);
  if (!time) return undefined;
  const iso = value.replace(" ", "T");
  const at = Date.parse(time[1] !== undefined || iso.length === 10 ? iso : `${iso}Z`);
  return Number.isNaN(at) ? undefined : at;
}
