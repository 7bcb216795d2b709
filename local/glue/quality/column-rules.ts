/** Rules about one number that a column, or a combination of columns, has: completeness, uniqueness, statistics. */
import type { SimpleRule } from "../dqdl/ruleset.ts";
import { conditionOf } from "./dataset-rules.ts";
import type { NumberStatistics, ValueCounts } from "./measures.ts";
import {
  asDouble,
  emptyState,
  failed,
  judge,
  type Measured,
  missingColumn,
  type Outcome,
  passed,
  unmet,
} from "./outcome.ts";
import { onColumn, type Prepare, type RuleScope, settled } from "./rule-scope.ts";
import { columnIndex, isNumeric } from "./table-schema.ts";

const ratioOf = ({ met, rows }: { readonly met: number; readonly rows: number }) =>
  rows === 0 ? Number.NaN : met / rows;

/** `Completeness`; `IsComplete` is the same with nothing missing. */
const completenessWith = (judgeRatio: (measured: Measured, rule: SimpleRule) => Outcome) =>
  onColumn((rule, { measures }, column, name) => {
    const complete = measures.share((row) => row[column] !== null);
    return () => {
      if (complete.rows === 0) return emptyState("Completeness", name);
      return judgeRatio({ name: `Column.${name}.Completeness`, value: ratioOf(complete) }, rule);
    };
  });

const byCondition = (measured: Measured, rule: SimpleRule) => judge(measured, conditionOf(rule));
const byWhole = ({ name, value }: Measured) =>
  value === 1 ? passed({ [name]: value }) : failed(unmet(asDouble(value)), { [name]: value });

export const completeness = completenessWith(byCondition);
export const isComplete = completenessWith(byWhole);

/** Values that occur once, of all that are not null. */
const uniquenessOf = ({ counts, rows }: ValueCounts) => (rows === 0 ? Number.NaN : once(counts) / rows);

function once(counts: ReadonlyMap<string, number>): number {
  let found = 0;
  for (const count of counts.values()) if (count === 1) found++;
  return found;
}

function entropyOf({ counts, rows }: ValueCounts): number {
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / rows) * Math.log(count / rows);
  return Math.max(0, entropy);
}

/** A number over how often the column's values occur. */
const overValues = (
  metric: string,
  valueOf: (counts: ValueCounts) => number,
  decide: (measured: Measured, rule: SimpleRule) => Outcome = byCondition,
) =>
  onColumn((rule, { measures }, column, name) => {
    const counts = measures.valueCounts([column]);
    return () => {
      if (counts.rows === 0 && metric !== "DistinctValuesCount") return emptyState(metric, name);
      const isCount = metric === "DistinctValuesCount" && { isCount: true as const };
      return decide({ name: `Column.${name}.${metric}`, value: valueOf(counts), ...isCount }, rule);
    };
  });

export const uniqueness = overValues("Uniqueness", uniquenessOf);
export const isUnique = overValues("Uniqueness", uniquenessOf, byWhole);
export const uniqueValueRatio = overValues("UniqueValueRatio", ({ counts }) => once(counts) / counts.size);
export const distinctValuesCount = overValues("DistinctValuesCount", ({ counts }) => counts.size);
export const entropy = overValues("Entropy", entropyOf);

/** A number over a column's numbers. */
const overNumbers = (metric: string, valueOf: (numbers: NumberStatistics) => number) =>
  onColumn((rule, { measures, columns }, column, name) => {
    const wrong = wrongType(columns, column);
    if (wrong) return settled(wrong);
    const numbers = measures.numbers(column);
    return () => {
      if (numbers.count === 0) return emptyState(metric, name);
      return byCondition({ name: `Column.${name}.${metric}`, value: valueOf(numbers) }, rule);
    };
  });

export const mean = overNumbers("Mean", ({ sum, count }) => sum / count);
export const sum = overNumbers("Sum", (numbers) => numbers.sum);
/** Of the whole population. */
export const standardDeviation = overNumbers("StandardDeviation", ({ spread, count }) => Math.sqrt(spread / count));

export function wrongType(columns: RuleScope["columns"], column: number): Outcome | undefined {
  const found = columns[column];
  if (!found || isNumeric(found)) return undefined;
  return failed(`Expected type of column ${found.name} to be a number, but found ${found.type} instead!`);
}

export const isPrimaryKey: Prepare = ({ parameters }, { columns, measures }) => {
  const indices = parameters.map((name) => columnIndex(columns, name));
  const missing = parameters.find((_, index) => indices[index] === -1);
  if (missing !== undefined) return settled(missingColumn(missing));
  const counts = measures.valueCounts(indices);
  const complete = indices.map((column) => measures.share((row) => row[column] !== null));
  const about = parameters.length === 1 ? `Column.${parameters[0]}` : `Multicolumn.${parameters.join(",")}`;
  return () => {
    if (counts.rows === 0) return emptyState("Uniqueness", parameters.join(","));
    const uniqueness = uniquenessOf(counts);
    const completenesses = complete.map((share, index) => [`Column.${parameters[index]}.Completeness`, ratioOf(share)]);
    const metrics = { [`${about}.Uniqueness`]: uniqueness, ...(Object.fromEntries(completenesses) as object) };
    const short = [uniqueness, ...complete.map(ratioOf)].find((value) => value !== 1);
    return short === undefined ? passed(metrics) : failed(unmet(asDouble(short)), metrics);
  };
};

/** Pearson's, over the rows that have both. */
export const columnCorrelation: Prepare = (rule, { columns, measures }) => {
  const [a = "", b = ""] = rule.parameters;
  const indices = [a, b].map((name) => columnIndex(columns, name));
  const missing = [a, b].find((_, index) => indices[index] === -1);
  if (missing !== undefined) return settled(missingColumn(missing));
  const [first = 0, second = 0] = indices;
  const wrong = wrongType(columns, first) ?? wrongType(columns, second);
  if (wrong) return settled(wrong);
  const moments = measures.comoments(first, second);
  return () => {
    if (moments.count === 0) return emptyState("Correlation", `${a},${b}`);
    const value = moments.joint / Math.sqrt(moments.spreadA * moments.spreadB);
    return byCondition({ name: `Multicolumn.${a},${b}.ColumnCorrelation`, value }, rule);
  };
};
