/** StartJobRun, GetJobRun, GetJobRuns, BatchStopJobRun. */
import type {
  BatchStopJobRunCommandInput,
  BatchStopJobRunCommandOutput,
  BatchStopJobRunError,
  GetJobRunCommandInput,
  GetJobRunCommandOutput,
  GetJobRunsCommandInput,
  GetJobRunsCommandOutput,
  JobRun,
  StartJobRunCommandInput,
  StartJobRunCommandOutput,
} from "@aws-sdk/client-glue";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { page } from "../../cloud/ports/page.ts";
import { defaultTimeout, isUnderWay, type JobRuns } from "../jobs/job-runs.ts";
import { logGroupOf } from "../jobs/perform-job-run.ts";
import { type Answer, EntityNotFoundException, type Glue, type JobRunRecord } from "../state.ts";
import { jobOf } from "./jobs.ts";

export const startJobRun =
  (glue: Glue, runs: JobRuns) =>
  async (input: StartJobRunCommandInput): Promise<Answer<StartJobRunCommandOutput>> => {
    const { JobName = "", JobRunId } = input;
    const { request: job, localScript } = jobOf(glue, JobName);
    const previous = JobRunId === undefined ? undefined : runOf(glue, JobName, JobRunId);
    const most = job.ExecutionProperty?.MaxConcurrentRuns ?? 1;
    const running = [...glue.jobRuns.values()].filter((run) => run.jobName === JobName && isUnderWay(run));
    if (running.length >= most) {
      throw new AwsError("ConcurrentRunsExceededException", `Concurrent runs exceeded for ${JobName}`);
    }
    const now = glue.deps.clock.now();
    const run: JobRunRecord = {
      ...{ id: `jr_${glue.deps.ids.hex(64)}`, jobName: JobName, attempt: 0, job, status: "STARTING" },
      ...{ startedAt: now, modifiedAt: now, executionSeconds: 0 },
      request: { ...input, Arguments: input.Arguments ?? previous?.request.Arguments },
      ...(localScript !== undefined && { localScript }),
      ...(previous && { previousRunId: previous.id }),
    };
    glue.jobRuns.put(run.id, run);
    await glue.deps.store.commit();
    runs.begin(run);
    return { JobRunId: run.id };
  };

export function getJobRun(glue: Glue, input: GetJobRunCommandInput): Answer<GetJobRunCommandOutput> {
  return { JobRun: toJobRun(runOf(glue, input.JobName ?? "", input.RunId ?? "")) };
}

/** The newest first. */
export function getJobRuns(glue: Glue, input: GetJobRunsCommandInput): Answer<GetJobRunsCommandOutput> {
  const { JobName = "", NextToken, MaxResults } = input;
  jobOf(glue, JobName);
  const all = [...glue.jobRuns.values()].filter((run) => run.jobName === JobName).reverse();
  const { items, next } = page(all.map(toJobRun), NextToken, MaxResults, 200);
  return { JobRuns: items, NextToken: next };
}

export const batchStopJobRun =
  (glue: Glue, runs: JobRuns) =>
  async (input: BatchStopJobRunCommandInput): Promise<Answer<BatchStopJobRunCommandOutput>> => {
    const { JobName = "", JobRunIds = [] } = input;
    const Errors: BatchStopJobRunError[] = [];
    const stopped: string[] = [];
    for (const id of JobRunIds) {
      const refusal = refusalOf(glue.jobRuns.get(id), JobName);
      if (refusal) Errors.push({ JobName, JobRunId: id, ErrorDetail: refusal });
      else {
        await runs.stop(id);
        stopped.push(id);
      }
    }
    return { SuccessfulSubmissions: stopped.map((JobRunId) => ({ JobName, JobRunId })), Errors };
  };

function refusalOf(run: JobRunRecord | undefined, jobName: string) {
  if (run?.jobName !== jobName) {
    return { ErrorCode: "EntityNotFoundException", ErrorMessage: "Entity not found" };
  }
  if (isUnderWay(run)) return undefined;
  const ErrorMessage = `Job run is in state ${run.status} and cannot be stopped`;
  return { ErrorCode: "InvalidInputException", ErrorMessage };
}

function runOf(glue: Glue, jobName: string, id: string): JobRunRecord {
  const run = glue.jobRuns.get(id);
  if (run?.jobName !== jobName) throw new EntityNotFoundException(`Job run ${id} of job ${jobName} not found.`);
  return run;
}

function toJobRun(run: JobRunRecord): JobRun {
  const { job, request, completedAt } = run;
  return {
    Id: run.id,
    Attempt: run.attempt,
    PreviousRunId: run.previousRunId,
    JobName: run.jobName,
    StartedOn: new Date(run.startedAt),
    LastModifiedOn: new Date(run.modifiedAt),
    CompletedOn: completedAt === undefined ? undefined : new Date(completedAt),
    JobRunState: run.status,
    Arguments: request.Arguments,
    ErrorMessage: run.error,
    PredecessorRuns: [],
    ExecutionTime: run.executionSeconds,
    Timeout: request.Timeout ?? job.Timeout ?? defaultTimeout,
    MaxCapacity: request.MaxCapacity ?? job.MaxCapacity,
    WorkerType: request.WorkerType ?? job.WorkerType,
    NumberOfWorkers: request.NumberOfWorkers ?? job.NumberOfWorkers,
    LogGroupName: logGroupOf(run),
    GlueVersion: job.GlueVersion,
    ExecutionClass: request.ExecutionClass ?? job.ExecutionClass,
  };
}
