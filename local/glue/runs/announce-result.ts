/** Tells EventBridge's default bus of a result, as Glue Data Quality does. */
import type { Glue, ResultRecord } from "../state.ts";

export async function announceResult({ deps }: Glue, result: ResultRecord): Promise<void> {
  const { DatabaseName, TableName, CatalogId } =
    result.DataSource?.GlueTable ?? result.DataSource?.DataQualityGlueTable ?? {};
  const { TotalRulesPassed = 0, TotalRulesFailed = 0 } = result.AggregatedMetrics ?? {};
  await deps.events.emit({
    source: "aws.glue-dataquality",
    detailType: "Data Quality Evaluation Results Available",
    resources: [],
    detail: {
      resultId: result.ResultId,
      context: {
        contextType: "GLUE_DATA_CATALOG",
        runId: result.RulesetEvaluationRunId,
        databaseName: DatabaseName,
        tableName: TableName,
        catalogId: CatalogId ?? deps.account,
      },
      rulesetNames: [result.RulesetName],
      state: TotalRulesFailed === 0 ? "SUCCEEDED" : "FAILED",
      score: result.Score,
      numRulesSucceeded: TotalRulesPassed,
      numRulesFailed: TotalRulesFailed,
      numRulesSkipped: 0,
    },
  });
}
