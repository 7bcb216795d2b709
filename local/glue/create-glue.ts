/** AWS Glue: the Data Catalog, Data Quality over CSV tables in S3, and jobs that are commands of this machine. */
import type { AwsService, Operation, Provisioner } from "../cloud/ports/service.ts";
import { accessOf, type GlueInput } from "./access.ts";
import { createJobRuns } from "./jobs/job-runs.ts";
import { createDatabase, deleteDatabase, getDatabase, getDatabases } from "./operations/databases.ts";
import {
  cancelEvaluationRun,
  getEvaluationRun,
  listEvaluationRuns,
  startEvaluationRun,
} from "./operations/evaluation-runs.ts";
import { batchStopJobRun, getJobRun, getJobRuns, startJobRun } from "./operations/job-runs.ts";
import { createJob, deleteJob, getJob, getJobs, listJobs, updateJob } from "./operations/jobs.ts";
import { batchGetResults, getResult, listResults } from "./operations/results.ts";
import { createRuleset, deleteRuleset, getRuleset, listRulesets, updateRuleset } from "./operations/rulesets.ts";
import { createTable, deleteTable, getTable, getTables, updateTable } from "./operations/tables.ts";
import { databaseProvisioner, tableProvisioner } from "./provision/catalog.ts";
import { jobProvisioner } from "./provision/job.ts";
import { rulesetProvisioner } from "./provision/ruleset.ts";
import { createEvaluationRuns } from "./runs/evaluation-runs.ts";
import { type Glue, type GlueDeps, openGlue } from "./state.ts";

export interface GlueParts {
  readonly service: AwsService;
  readonly provisioners: readonly Provisioner[];
}

export function createGlue(deps: GlueDeps): GlueParts {
  const glue = openGlue(deps);
  const runs = createEvaluationRuns(glue);
  const jobRuns = createJobRuns(glue);
  const bound = Object.entries(operations).map(([name, run]) => [name, (input: unknown) => run(glue, input)] as const);
  return {
    service: {
      id: "glue",
      operations: {
        ...Object.fromEntries(bound),
        StartDataQualityRulesetEvaluationRun: startEvaluationRun(glue, runs),
        CancelDataQualityRulesetEvaluationRun: cancelEvaluationRun(glue, runs),
        StartJobRun: startJobRun(glue, jobRuns),
        BatchStopJobRun: batchStopJobRun(glue, jobRuns),
      },
      access: (operation, input: GlueInput) => accessOf(deps, operation, input),
      async resume() {
        runs.resume();
        await jobRuns.resume();
        await deps.store.commit();
      },
      async close() {
        await Promise.all([runs.close(), jobRuns.close()]);
      },
    },
    provisioners: [databaseProvisioner, tableProvisioner, rulesetProvisioner, jobProvisioner].map((make) => make(glue)),
  };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the table is heterogeneous; each function is typed where it is defined
const operations: Readonly<Record<string, (glue: Glue, input: any) => ReturnType<Operation>>> = {
  CreateDatabase: createDatabase,
  GetDatabase: getDatabase,
  GetDatabases: getDatabases,
  DeleteDatabase: deleteDatabase,
  CreateTable: createTable,
  GetTable: getTable,
  GetTables: getTables,
  UpdateTable: updateTable,
  DeleteTable: deleteTable,
  CreateDataQualityRuleset: createRuleset,
  GetDataQualityRuleset: getRuleset,
  UpdateDataQualityRuleset: updateRuleset,
  DeleteDataQualityRuleset: deleteRuleset,
  ListDataQualityRulesets: listRulesets,
  GetDataQualityRulesetEvaluationRun: getEvaluationRun,
  ListDataQualityRulesetEvaluationRuns: listEvaluationRuns,
  GetDataQualityResult: getResult,
  BatchGetDataQualityResult: batchGetResults,
  ListDataQualityResults: listResults,
  CreateJob: createJob,
  GetJob: getJob,
  GetJobs: getJobs,
  UpdateJob: updateJob,
  DeleteJob: deleteJob,
  ListJobs: listJobs,
  GetJobRun: getJobRun,
  GetJobRuns: getJobRuns,
};
