/** StartDataQualityRulesetEvaluationRun, Get, Cancel, List. */
import type {
  CancelDataQualityRulesetEvaluationRunCommandInput,
  DataSource,
  GetDataQualityRulesetEvaluationRunCommandInput,
  GetDataQualityRulesetEvaluationRunCommandOutput,
  ListDataQualityRulesetEvaluationRunsCommandInput,
  ListDataQualityRulesetEvaluationRunsCommandOutput,
  StartDataQualityRulesetEvaluationRunCommandInput,
  StartDataQualityRulesetEvaluationRunCommandOutput,
} from "@aws-sdk/client-glue";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { page } from "../../cloud/ports/page.ts";
import { servicePrincipal } from "../data/role-files.ts";
import { type EvaluationRuns, isUnderWay } from "../runs/evaluation-runs.ts";
import {
  type Answer,
  EntityNotFoundException,
  type EvaluationRunRecord,
  type Glue,
  InvalidInputException,
  roleArnOf,
} from "../state.ts";
import { isWithin, rulesetOf } from "./rulesets.ts";
import { databaseOf } from "./databases.ts";
import { tableOf } from "./tables.ts";

export const startEvaluationRun =
  (glue: Glue, runs: EvaluationRuns) =>
  async (
    input: StartDataQualityRulesetEvaluationRunCommandInput,
  ): Promise<Answer<StartDataQualityRulesetEvaluationRunCommandOutput>> => {
    const known = startedWith(glue, input);
    if (known) return { RunId: known.id };
    assertStartable(glue, input);
    const now = glue.deps.clock.now();
    const run: EvaluationRunRecord = {
      ...{ id: `dqrun-${glue.deps.ids.hex(40)}`, request: input, status: "STARTING", resultIds: [] },
      ...{ startedAt: now, modifiedAt: now },
    };
    glue.evaluationRuns.put(run.id, run);
    await glue.deps.store.commit();
    runs.begin(run);
    return { RunId: run.id };
  };

/** The run that the same request with the same token started. */
function startedWith(glue: Glue, input: StartDataQualityRulesetEvaluationRunCommandInput) {
  if (input.ClientToken === undefined) return undefined;
  const known = [...glue.evaluationRuns.values()].find(({ request }) => request.ClientToken === input.ClientToken);
  if (known && !isSame(known.request, input)) {
    const message = `The client token ${input.ClientToken} was used by run ${known.id} with other parameters.`;
    throw new AwsError("ConflictException", message);
  }
  return known;
}

function assertStartable(glue: Glue, input: StartDataQualityRulesetEvaluationRunCommandInput): void {
  const sources = [input.DataSource, ...Object.values(input.AdditionalDataSources ?? {})];
  for (const source of sources) {
    const { DatabaseName, TableName } = source?.DataQualityGlueTable ?? source?.GlueTable ?? {};
    if (DatabaseName === undefined || TableName === undefined) {
      throw new InvalidInputException("A DataSource must name a GlueTable with DatabaseName and TableName.");
    }
    databaseOf(glue, DatabaseName);
    tableOf(glue, DatabaseName, TableName);
  }
  for (const name of input.RulesetNames ?? []) rulesetOf(glue, name);
  try {
    glue.deps.authorizer.assertAssumable(roleArnOf(glue.deps, input.Role ?? ""), servicePrincipal);
  } catch (cause) {
    throw new InvalidInputException(`Role ${input.Role} cannot be assumed by Glue: ${(cause as Error).message}`, {
      cause,
    });
  }
}

export function getEvaluationRun(
  glue: Glue,
  { RunId = "" }: GetDataQualityRulesetEvaluationRunCommandInput,
): Answer<GetDataQualityRulesetEvaluationRunCommandOutput> {
  const run = runOf(glue, RunId);
  const { request, completedAt } = run;
  const end = completedAt ?? glue.deps.clock.now();
  return {
    RunId: run.id,
    DataSource: request.DataSource,
    Role: request.Role,
    NumberOfWorkers: request.NumberOfWorkers ?? 5,
    Timeout: request.Timeout ?? 120,
    AdditionalRunOptions: request.AdditionalRunOptions,
    Status: run.status,
    ErrorString: run.error,
    StartedOn: new Date(run.startedAt),
    LastModifiedOn: new Date(run.modifiedAt),
    CompletedOn: completedAt === undefined ? undefined : new Date(completedAt),
    ExecutionTime: Math.round((end - run.startedAt) / 1000),
    RulesetNames: request.RulesetNames,
    // The service's lists have no empty form.
    ResultIds: run.resultIds.length === 0 ? undefined : [...run.resultIds],
    AdditionalDataSources: request.AdditionalDataSources,
  };
}

export const cancelEvaluationRun =
  (glue: Glue, runs: EvaluationRuns) =>
  async ({ RunId = "" }: CancelDataQualityRulesetEvaluationRunCommandInput): Promise<object> => {
    const run = runOf(glue, RunId);
    if (!isUnderWay(run)) {
      throw new InvalidInputException(`Run ${RunId} has ended as ${run.status}; it cannot be cancelled any more.`);
    }
    await runs.cancel(RunId);
    return {};
  };

export function listEvaluationRuns(
  glue: Glue,
  { Filter: filter, NextToken, MaxResults }: ListDataQualityRulesetEvaluationRunsCommandInput,
): Answer<ListDataQualityRulesetEvaluationRunsCommandOutput> {
  const wanted = [...glue.evaluationRuns.values()].reverse().filter(({ request, startedAt }) => {
    if (!filter) return true;
    const isNamed = filter.RulesetName === undefined || request.RulesetNames?.includes(filter.RulesetName) === true;
    return (
      isNamed &&
      isSameTable(request.DataSource, filter.DataSource) &&
      isWithin(startedAt, filter.StartedAfter, filter.StartedBefore)
    );
  });
  const { items, next } = page(wanted, NextToken, MaxResults, 1000);
  const Runs = items.map(({ id, status, startedAt, request }) => ({
    ...{ RunId: id, Status: status, StartedOn: new Date(startedAt), DataSource: request.DataSource },
  }));
  return { Runs, NextToken: next };
}

/** No table wanted: any. */
export function isSameTable(source: DataSource | undefined, wanted: DataSource | undefined): boolean {
  const nameOf = (one: DataSource | undefined) => {
    const table = one?.DataQualityGlueTable ?? one?.GlueTable;
    return table && `${table.DatabaseName}/${table.TableName}`.toLowerCase();
  };
  return nameOf(wanted) === undefined || nameOf(source) === nameOf(wanted);
}

function isSame(a: object, b: object): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)));
  return sorted(a) === sorted(b);
}

function runOf(glue: Glue, id: string): EvaluationRunRecord {
  const run = glue.evaluationRuns.get(id);
  if (!run) throw new EntityNotFoundException(`Data quality ruleset evaluation run ${id} not found.`);
  return run;
}
