/** What Glue keeps: the catalog, rulesets, their runs and results, jobs and their runs; and its errors. */
import type {
  CreateDataQualityRulesetRequest,
  CreateJobRequest,
  DatabaseInput,
  DataQualityResult,
  StartDataQualityRulesetEvaluationRunRequest,
  StartJobRunRequest,
  TableInput,
} from "@aws-sdk/client-glue";
import { AwsError } from "../cloud/ports/aws-error.ts";
import type { Clock } from "../cloud/ports/clock.ts";
import type { IssuedKey } from "../cloud/ports/credentials.ts";
import type { Authorizer, EventSink, ObjectStore, ServiceDeps } from "../cloud/ports/service.ts";
import type { Table } from "../cloud/ports/store.ts";

export interface GlueDeps extends ServiceDeps {
  readonly authorizer: Authorizer;
  readonly objects: ObjectStore;
  readonly events: EventSink;
  /** Where jobs send their AWS calls. */
  readonly endpointUrl: () => string;
  readonly issueCredentials: (roleArn: string, session: string) => IssuedKey;
  readonly appendLog: (group: string, stream: string, lines: readonly string[]) => void;
  /** Real time even where `clock` jumps: jobs really run, so their timeouts must really pass. */
  readonly realClock: Clock;
  /** Where jobs' scripts are put while they run. */
  readonly scratchDirectory: string;
}

export interface DatabaseRecord {
  readonly input: DatabaseInput;
  readonly createdAt: number;
}

export interface TableRecord {
  readonly databaseName: string;
  /** Dates in it as epoch milliseconds. */
  readonly input: TableInput;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly version: number;
}

export interface RulesetRecord {
  readonly request: CreateDataQualityRulesetRequest;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export type EvaluationStatus = "STARTING" | "RUNNING" | "STOPPING" | "STOPPED" | "SUCCEEDED" | "FAILED" | "TIMEOUT";

export interface EvaluationRunRecord {
  readonly id: string;
  readonly request: StartDataQualityRulesetEvaluationRunRequest;
  readonly status: EvaluationStatus;
  readonly error?: string;
  readonly resultIds: readonly string[];
  readonly startedAt: number;
  readonly modifiedAt: number;
  readonly completedAt?: number;
}

/** A result as the service shows it, with its times as epoch milliseconds. */
export type ResultRecord = Omit<DataQualityResult, "StartedOn" | "CompletedOn"> & {
  readonly startedAt: number;
  readonly completedAt: number;
};

export interface JobRecord {
  readonly request: CreateJobRequest;
  /** Where the script lies on this machine, when it is an asset of a synthesized template. */
  readonly localScript?: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export type JobRunStatus = "STARTING" | "RUNNING" | "STOPPING" | "STOPPED" | "SUCCEEDED" | "FAILED" | "TIMEOUT";

export interface JobRunRecord {
  readonly id: string;
  readonly jobName: string;
  /** 0 of a first attempt. */
  readonly attempt: number;
  readonly previousRunId?: string;
  /** The job as it was when the run began, and what the caller asked for beside it. */
  readonly job: CreateJobRequest;
  readonly localScript?: string;
  readonly request: StartJobRunRequest;
  readonly status: JobRunStatus;
  readonly error?: string;
  readonly startedAt: number;
  readonly modifiedAt: number;
  readonly completedAt?: number;
  /** How long the script ran, in real time. */
  readonly executionSeconds: number;
}

export interface Glue {
  readonly deps: GlueDeps;
  /** By name, in small letters as Glue keeps it. */
  readonly databases: Table<DatabaseRecord>;
  /** By `<database>/<table>`. */
  readonly tables: Table<TableRecord>;
  readonly rulesets: Table<RulesetRecord>;
  readonly evaluationRuns: Table<EvaluationRunRecord>;
  readonly results: Table<ResultRecord>;
  readonly jobs: Table<JobRecord>;
  /** By run id. */
  readonly jobRuns: Table<JobRunRecord>;
}

export function openGlue(deps: GlueDeps): Glue {
  const { store } = deps;
  return {
    deps,
    databases: store.table("glue/databases"),
    tables: store.table("glue/tables"),
    rulesets: store.table("glue/rulesets"),
    evaluationRuns: store.table("glue/evaluation-runs"),
    results: store.table("glue/results"),
    jobs: store.table("glue/jobs"),
    jobRuns: store.table("glue/job-runs"),
  };
}

/** The answer of an operation without the SDK's metadata. */
export type Answer<T> = Omit<T, "$metadata">;

export class EntityNotFoundException extends AwsError {
  constructor(message: string) {
    super("EntityNotFoundException", message);
  }
}

export class AlreadyExistsException extends AwsError {
  constructor(message: string) {
    super("AlreadyExistsException", message);
  }
}

export class InvalidInputException extends AwsError {
  constructor(message: string, options: ErrorOptions = {}) {
    super("InvalidInputException", message, options);
  }
}

/** Runs and results are kept for 90 days, as the service keeps them. */
export const keptMilliseconds = 90 * 24 * 60 * 60 * 1000;

/** A role by its ARN or by its name. */
export const roleArnOf = ({ account }: Pick<ServiceDeps, "account">, role: string): string =>
  role.startsWith("arn:") ? role : `arn:aws:iam::${account}:role/${role}`;

/** `database/x`, `table/x/y`, `dataQualityRuleset/x`, `job/x` as an ARN. */
export const glueArn = ({ region, account }: Pick<ServiceDeps, "region" | "account">, path: string): string =>
  `arn:aws:glue:${region}:${account}:${path}`;
