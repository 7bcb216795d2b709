/**
 * A ruleset against a table's rows: `prepareRuleset` names what must be measured, rows go by, then `results` judges.
 * Which rule is which number in the results follows the ruleset's order: Rule_1, Rule_2…
 */
import { describeAnalyzer, describeRule } from "../dqdl/describe-rule.ts";
import type { Analyzer, Condition, Rule, Ruleset, SimpleRule } from "../dqdl/ruleset.ts";
import { columnsIn, meetsWhere, parseWhere } from "../dqdl/where-clause.ts";
import * as byColumn from "./column-rules.ts";
import * as byDataset from "./dataset-rules.ts";
import { missingColumn, type Outcome } from "./outcome.ts";
import { type Prepare, type RuleScope, settled } from "./rule-scope.ts";
import { columnIndex } from "./table-schema.ts";
import * as byValue from "./value-rules.ts";

export interface RuleResult {
  readonly name: string;
  readonly description: string;
  readonly outcome: Outcome;
}

export interface RulesetResults {
  readonly rules: readonly RuleResult[];
  readonly analyzers: readonly RuleResult[];
}

const preparers: Readonly<Record<string, Prepare>> = {
  RowCount: byDataset.rowCount,
  ColumnCount: byDataset.columnCount,
  ColumnExists: byDataset.columnExists,
  ColumnNamesMatchPattern: byDataset.columnNamesMatchPattern,
  RowCountMatch: byDataset.rowCountMatch,
  ReferentialIntegrity: byDataset.referentialIntegrity,
  Completeness: byColumn.completeness,
  IsComplete: byColumn.isComplete,
  Uniqueness: byColumn.uniqueness,
  IsUnique: byColumn.isUnique,
  UniqueValueRatio: byColumn.uniqueValueRatio,
  DistinctValuesCount: byColumn.distinctValuesCount,
  Entropy: byColumn.entropy,
  Mean: byColumn.mean,
  Sum: byColumn.sum,
  StandardDeviation: byColumn.standardDeviation,
  IsPrimaryKey: byColumn.isPrimaryKey,
  ColumnCorrelation: byColumn.columnCorrelation,
  ColumnLength: byValue.columnLength,
  ColumnValues: byValue.columnValues,
  ColumnDataType: byValue.columnDataType,
  DataFreshness: byValue.dataFreshness,
};

export function prepareRuleset({ rules, analyzers }: Ruleset, scope: RuleScope): () => RulesetResults {
  const judgeRules = rules.map((rule) => ({ description: describeRule(rule), judge: prepareRule(rule, scope) }));
  const judgeAnalyzers = analyzers.map((analyzer) => ({
    description: describeAnalyzer(analyzer.type, analyzer.parameters),
    judge: prepareRule(asRule(analyzer), scope),
  }));
  return () => ({
    rules: judgeRules.map(({ description, judge }, index) => ({
      name: `Rule_${index + 1}`,
      description,
      outcome: judge(),
    })),
    analyzers: judgeAnalyzers.map(({ description, judge }, index) => ({
      ...{ name: `Analyzer_${index + 1}`, description, outcome: judge() },
    })),
  });
}

/** Nothing equals it: an analyzer is after the numbers, not after a verdict. */
const noNumber: Condition = { operator: "=", operands: [{ kind: "number", value: Number.NaN, text: "" }] };

const asRule = ({ type, parameters }: Analyzer): SimpleRule => ({
  ...{ kind: "rule", type, parameters, condition: noNumber, threshold: undefined, where: undefined },
});

function prepareRule(rule: Rule, scope: RuleScope): () => Outcome {
  if (rule.kind === "composite") {
    const parts = rule.rules.map((part) => prepareRule(part, scope));
    return () =>
      joined(
        rule.operator,
        parts.map((judge) => judge()),
      );
  }
  const prepare = preparers[rule.type];
  if (!prepare) throw new Error(`No evaluation of rule type ${rule.type}; parseRuleset should have refused it`);
  if (rule.where === undefined) return prepare(rule, scope);
  const where = parseWhere(rule.where);
  const missing = [...columnsIn(where)].find((name) => columnIndex(scope.columns, name) < 0);
  if (missing !== undefined) return settled(missingColumn(missing));
  const measures = scope.measures.where(rule.where, (row) =>
    meetsWhere(where, (name) => row[columnIndex(scope.columns, name)] ?? null),
  );
  return prepare(rule, { ...scope, measures });
}

function joined(operator: "and" | "or", outcomes: readonly Outcome[]): Outcome {
  const passes = ({ result }: Outcome) => result === "PASS";
  const isMet = operator === "and" ? outcomes.every(passes) : outcomes.some(passes);
  const messages = outcomes.flatMap(({ message }) => message ?? []);
  return {
    result: isMet ? "PASS" : "FAIL",
    metrics: Object.assign({}, ...outcomes.map(({ metrics }) => metrics)) as Outcome["metrics"],
    ...(messages.length > 0 && { message: messages.join("\n") }),
  };
}
