/** What a run found, in the shape of the service's result. Pure. */
import type { DataQualityAnalyzerResult, DataQualityRuleResult } from "@aws-sdk/client-glue";
import type { RuleResult } from "../quality/evaluate-ruleset.ts";
import type { EvaluationRunRecord, ResultRecord } from "../state.ts";
import type { RulesetEvaluation } from "./evaluate-run.ts";

/** Descriptions and messages are cut at what the service allows. */
const longestText = 2048;

export function toResult(
  id: string,
  run: EvaluationRunRecord,
  { rulesetName, rules, analyzers, rows }: RulesetEvaluation,
  times: Pick<ResultRecord, "startedAt" | "completedAt">,
): ResultRecord {
  const passed = rules.filter(({ outcome }) => outcome.result === "PASS").length;
  return {
    ResultId: id,
    // Without rules nothing failed.
    Score: rules.length === 0 ? 1 : passed / rules.length,
    DataSource: run.request.DataSource,
    RulesetName: rulesetName,
    RulesetEvaluationRunId: run.id,
    RuleResults: rules.map(toRuleResult),
    ...(analyzers.length > 0 && { AnalyzerResults: analyzers.map(toAnalyzerResult) }),
    AggregatedMetrics: {
      TotalRowsProcessed: rows,
      TotalRulesProcessed: rules.length,
      TotalRulesPassed: passed,
      TotalRulesFailed: rules.length - passed,
    },
    ...times,
  };
}

const toRuleResult = ({ name, description, outcome }: RuleResult): DataQualityRuleResult => ({
  Name: name,
  Description: description.slice(0, longestText),
  ...(outcome.message !== undefined && { EvaluationMessage: outcome.message.slice(0, longestText) }),
  Result: outcome.result,
  EvaluatedMetrics: finite(outcome.metrics),
  EvaluatedRule: description.slice(0, longestText),
});

const toAnalyzerResult = ({ name, description, outcome }: RuleResult): DataQualityAnalyzerResult => ({
  Name: name,
  Description: description.slice(0, longestText),
  EvaluatedMetrics: finite(outcome.metrics),
});

/** JSON has no NaN. */
const finite = (metrics: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
