/** GetDataQualityResult, BatchGetDataQualityResult, ListDataQualityResults. */
import type {
  BatchGetDataQualityResultCommandInput,
  BatchGetDataQualityResultCommandOutput,
  DataQualityResult,
  GetDataQualityResultCommandInput,
  GetDataQualityResultCommandOutput,
  ListDataQualityResultsCommandInput,
  ListDataQualityResultsCommandOutput,
} from "@aws-sdk/client-glue";
import { page } from "../../cloud/ports/page.ts";
import { type Answer, EntityNotFoundException, type Glue, type ResultRecord } from "../state.ts";
import { isSameTable } from "./evaluation-runs.ts";
import { isWithin } from "./rulesets.ts";

export function getResult(
  glue: Glue,
  { ResultId = "" }: GetDataQualityResultCommandInput,
): Answer<GetDataQualityResultCommandOutput> {
  const record = glue.results.get(ResultId);
  if (!record) throw new EntityNotFoundException(`Data quality result ${ResultId} not found.`);
  return shown(record);
}

export function batchGetResults(
  glue: Glue,
  { ResultIds = [] }: BatchGetDataQualityResultCommandInput,
): Answer<BatchGetDataQualityResultCommandOutput> {
  const missing = ResultIds.filter((id) => !glue.results.has(id));
  return {
    Results: ResultIds.flatMap((id) => glue.results.get(id) ?? []).map(shown),
    ...(missing.length > 0 && { ResultsNotFound: missing }),
  };
}

export function listResults(
  glue: Glue,
  { Filter: filter = {}, NextToken, MaxResults }: ListDataQualityResultsCommandInput,
): Answer<ListDataQualityResultsCommandOutput> {
  const { DataSource: source, JobName, JobRunId, StartedAfter, StartedBefore } = filter;
  // Results of jobs do not exist here: rulesets are evaluated by runs alone.
  const ofNoJob = JobName === undefined && JobRunId === undefined;
  const wanted = [...glue.results.values()]
    .reverse()
    .filter(
      (record) =>
        ofNoJob && isSameTable(record.DataSource, source) && isWithin(record.startedAt, StartedAfter, StartedBefore),
    );
  const { items, next } = page(wanted, NextToken, MaxResults, 1000);
  const Results = items.map(({ ResultId, DataSource, startedAt }) => ({
    ...{ ResultId, DataSource, StartedOn: new Date(startedAt) },
  }));
  return { Results, NextToken: next };
}

const shown = ({ startedAt, completedAt, ...result }: ResultRecord): DataQualityResult => ({
  ...result,
  StartedOn: new Date(startedAt),
  CompletedOn: new Date(completedAt),
});
