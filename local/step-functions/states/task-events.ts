/** A Task's history events: a plain function ARN has the LambdaFunction… family, all else the Task… family (fact 13). */
import { textOf, type Json } from "../json.ts";
import type { EventDetails, StoredEvent } from "../interpreter/execution.ts";
import { whole } from "../interpreter/transition.ts";
import type { TaskResource } from "../program/task-resource.ts";

export interface Scheduled {
  readonly parameters: Json;
  readonly region: string;
  readonly timeoutInSeconds?: number;
  readonly heartbeatInSeconds?: number;
}

type Event = readonly [type: StoredEvent["type"], details: EventDetails];

export interface TaskEvents {
  scheduled(scheduled: Scheduled): Event;
  started(): Event;
  submitted(output: Json): Event;
  succeeded(output: Json): Event;
  failed(error: string | undefined, cause: string | undefined): Event;
  timedOut(): Event;
}

/** Absent, not null, when not given (fact 15). */
const given = (error: string | undefined, cause: string | undefined) => ({
  ...(error !== undefined && { error }),
  ...(cause !== undefined && { cause }),
});

const timeout = { error: "States.Timeout" } as const;

function functionEvents(resource: string): TaskEvents {
  return {
    scheduled: ({ parameters, region: _region, ...limits }) => [
      "LambdaFunctionScheduled",
      {
        lambdaFunctionScheduledEventDetails: { input: textOf(parameters), inputDetails: whole, resource, ...limits },
      },
    ],
    started: () => ["LambdaFunctionStarted", {}],
    submitted: () => ["LambdaFunctionStarted", {}],
    succeeded: (output) => [
      "LambdaFunctionSucceeded",
      { lambdaFunctionSucceededEventDetails: { output: textOf(output), outputDetails: whole } },
    ],
    failed: (error, cause) => ["LambdaFunctionFailed", { lambdaFunctionFailedEventDetails: given(error, cause) }],
    timedOut: () => ["LambdaFunctionTimedOut", { lambdaFunctionTimedOutEventDetails: timeout }],
  };
}

function serviceEvents(names: { readonly resource: string; readonly resourceType: string }): TaskEvents {
  return {
    scheduled: ({ parameters, ...rest }) => [
      "TaskScheduled",
      { taskScheduledEventDetails: { parameters: textOf(parameters), ...rest, ...names } },
    ],
    started: () => ["TaskStarted", { taskStartedEventDetails: names }],
    submitted: (output) => [
      "TaskSubmitted",
      { taskSubmittedEventDetails: { output: textOf(output), outputDetails: whole, ...names } },
    ],
    succeeded: (output) => [
      "TaskSucceeded",
      { taskSucceededEventDetails: { output: textOf(output), outputDetails: whole, ...names } },
    ],
    failed: (error, cause) => ["TaskFailed", { taskFailedEventDetails: { ...given(error, cause), ...names } }],
    timedOut: () => ["TaskTimedOut", { taskTimedOutEventDetails: { ...timeout, ...names } }],
  };
}

export const taskEvents = (resource: TaskResource): TaskEvents =>
  resource.kind === "function"
    ? functionEvents(resource.arn)
    : serviceEvents({ resource: resource.resource, resourceType: resource.resourceType });
