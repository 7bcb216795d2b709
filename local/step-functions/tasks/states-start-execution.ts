/**
 * `arn:aws:states:::states:startExecution` and its `.sync` forms. An execution without a Name is named after the
 * attempt, so that a call repeated after a restart finds the execution it started.
 */
import type { DescribeExecutionOutput, StartExecutionOutput } from "@aws-sdk/client-sfn";
import type { AwsError } from "../../cloud/ports/aws-error.ts";
import type { CallOutcome } from "../interpreter/signal.ts";
import { isObject, textOf, type Json, type JsonObject } from "../json.ts";
import type { CallRequest, Integration, IntegrationDeps } from "./integration.ts";
import { serviceFailure, succeeded } from "./task-error.ts";

const names = { prefix: "StepFunctions", service: "AWSStepFunctions" } as const;

export const statesStartExecution: Integration = async ({ parameters, attempt, caller }, { calls }) => {
  const { StateMachineArn, Name, Input, TraceHeader } = isObject(parameters) ? parameters : {};
  const request = {
    stateMachineArn: StateMachineArn,
    name: Name ?? attempt,
    ...(Input !== undefined && { input: typeof Input === "string" ? Input : textOf(Input) }),
    ...(TraceHeader !== undefined && { traceHeader: TraceHeader }),
  };
  try {
    const answer = (await calls.call("states", "StartExecution", request, caller)) as StartExecutionOutput;
    return succeeded({ ExecutionArn: answer.executionArn ?? "", StartDate: answer.startDate?.toISOString() ?? "" });
  } catch (thrown) {
    const error = thrown as AwsError;
    if (Name === undefined && typeof StateMachineArn === "string" && error.name === "ExecutionAlreadyExists") {
      const executionArn = StateMachineArn.replace(":stateMachine:", ":execution:") + `:${attempt}`;
      const known = await describe(executionArn, { parameters, attempt, caller }, { calls });
      return succeeded({ ExecutionArn: executionArn, StartDate: known.startDate?.toISOString() ?? "" });
    }
    return serviceFailure(thrown, names, attempt);
  }
};

function describe(executionArn: string, { caller }: CallRequest, { calls }: Pick<IntegrationDeps, "calls">) {
  return calls.call("states", "DescribeExecution", { executionArn }, caller) as Promise<DescribeExecutionOutput>;
}

/** The second half of `.sync`: the execution has ended. `.sync:2` hands its input and output on as JSON, not as text. */
export async function executionResult(
  executionArn: string,
  parseTexts: boolean,
  request: CallRequest,
  deps: IntegrationDeps,
): Promise<CallOutcome> {
  try {
    const described = await describe(executionArn, request, deps);
    const output = resultOf(described, parseTexts);
    if (described.status === "SUCCEEDED") return succeeded(output);
    return { kind: "failed", error: "States.TaskFailed", cause: textOf(output) };
  } catch (thrown) {
    return serviceFailure(thrown, names, request.attempt);
  }
}

/** DescribeExecution's answer with the capital initials that integrations use, times as epoch milliseconds. */
function resultOf(described: DescribeExecutionOutput, parseTexts: boolean): JsonObject {
  const result: Record<string, Json> = {};
  for (const [name, value] of Object.entries(described)) {
    if (value === undefined || name.startsWith("$")) continue;
    const isText = parseTexts && (name === "input" || name === "output");
    result[`${name.charAt(0).toUpperCase()}${name.slice(1)}`] =
      value instanceof Date ? value.getTime() : ((isText ? JSON.parse(value as string) : value) as Json);
  }
  return result;
}
