/** `arn:aws:states:::glue:startJobRun` and its `.sync` form, which asks for the run's state until it has ended. */
import type { GetJobRunResponse, JobRun, StartJobRunResponse } from "@aws-sdk/client-glue";
import type { CallOutcome } from "../interpreter/signal.ts";
import { isObject, textOf, type Json, type JsonObject } from "../json.ts";
import type { CallRequest, Integration, IntegrationDeps } from "./integration.ts";
import { serviceFailure, succeeded } from "./task-error.ts";

const names = { prefix: "Glue", service: "AWSGlue" } as const;

export const glueStartJobRun: Integration = async ({ parameters, attempt, caller }, { calls }) => {
  try {
    const { JobRunId = "" } = (await calls.call("glue", "StartJobRun", parameters, caller)) as StartJobRunResponse;
    const JobName = isObject(parameters) ? (parameters["JobName"] ?? "") : "";
    return succeeded({ JobName, JobRunId });
  } catch (thrown) {
    return serviceFailure(thrown, names, attempt);
  }
};

const underWay: readonly (string | undefined)[] = ["STARTING", "RUNNING", "STOPPING", "WAITING"];

/** The second half of `.sync`. Undefined while the run goes on. */
export async function jobRunResult(
  RunId: string,
  { parameters, attempt, caller }: CallRequest,
  { calls }: Pick<IntegrationDeps, "calls">,
): Promise<CallOutcome | undefined> {
  const JobName = isObject(parameters) ? parameters["JobName"] : undefined;
  try {
    const answer = (await calls.call("glue", "GetJobRun", { JobName, RunId }, caller)) as GetJobRunResponse;
    const run = answer.JobRun ?? {};
    if (underWay.includes(run.JobRunState)) return undefined;
    const output = resultOf(run);
    if (run.JobRunState === "SUCCEEDED") return succeeded(output);
    return { kind: "failed", error: "States.TaskFailed", cause: textOf(output) };
  } catch (thrown) {
    return serviceFailure(thrown, names, attempt);
  }
}

/** The run as GetJobRun has it, times as epoch milliseconds. */
function resultOf(run: JobRun): JsonObject {
  const members = Object.entries(run).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    members.map(([name, value]) => [name, value instanceof Date ? value.getTime() : (value as Json)]),
  );
}
