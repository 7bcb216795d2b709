/** Task: makes one call as the machine's role, and takes its result, its failure or the end of its time (facts 13, 14, 22). */
import type { Draft } from "../interpreter/draft.ts";
import type { Call, Thread } from "../interpreter/execution.ts";
import { scopeOf } from "../interpreter/scope.ts";
import type { CallOutcome } from "../interpreter/signal.ts";
import { taskToken } from "../interpreter/task-token.ts";
import { leaveState, nextOf, recordNext } from "../interpreter/transition.ts";
import { exceedsLimit, isObject, textOf } from "../json.ts";
import { StateFailure } from "../language/failure.ts";
import type { Moment } from "../language/language.ts";
import type { TaskDefinition } from "../program/definition.ts";
import type { State } from "../program/program.ts";
import { awaitsEnd, parseTaskResource, waitsForToken, type TaskResource } from "../program/task-resource.ts";
import type { StateType } from "./state-type.ts";
import { taskEvents } from "./task-events.ts";

type TaskState = State<TaskDefinition>;

export const taskState: StateType<TaskDefinition> = {
  async run(draft, thread, { definition, language }) {
    const resource = resourceOf(definition);
    const attempt = draft.moment.uuid();
    const token = waitsForToken(resource) ? taskToken(draft.execution().arn, thread.id, attempt) : undefined;
    const scope = scopeOf(draft, thread, { ...(token !== undefined && { token }) });
    const parameters = await language.effectiveInput(definition, scope);
    const timeoutInSeconds = await language.timeoutSeconds(definition, scope);
    const heartbeatInSeconds = await language.heartbeatSeconds(definition, scope);
    const events = taskEvents(resource);
    const scheduled = recordNext(
      draft,
      thread,
      ...events.scheduled({
        parameters,
        region: draft.execution().machineArn.split(":")[3] ?? "",
        ...(timeoutInSeconds !== undefined && { timeoutInSeconds }),
        ...(heartbeatInSeconds !== undefined && { heartbeatInSeconds }),
      }),
    );
    const started = recordNext(draft, scheduled, ...events.started());
    const call: Call = {
      attempt,
      resource: definition.Resource,
      parameters,
      submitted: false,
      ...(token !== undefined && { token }),
      ...limits(draft.moment, timeoutInSeconds, heartbeatInSeconds),
    };
    draft.put({ ...started, phase: { kind: "calling", call } });
  },
  answered: (draft, thread, state, outcome) => takeAnswer(draft, thread, state, outcome),
};

/** Limits are real time even where waits are shortened: what they bound takes what it takes. */
function limits(moment: Moment, timeoutSeconds: number | undefined, heartbeatSeconds: number | undefined) {
  return {
    ...(timeoutSeconds !== undefined && { timeoutAt: moment.now + timeoutSeconds * 1000 }),
    ...(heartbeatSeconds !== undefined && {
      heartbeatSeconds,
      heartbeatAt: moment.now + heartbeatSeconds * 1000,
    }),
  };
}

function resourceOf({ Resource }: TaskDefinition): TaskResource {
  const resource = parseTaskResource(Resource);
  if (!resource) throw new Error(`No integration for the resource '${Resource}'; the validator should have refused it`);
  return resource;
}

/** The request was answered. With a task token or `.sync` that is only the first half of the task. */
async function takeAnswer(draft: Draft, thread: Thread, state: TaskState, outcome: CallOutcome): Promise<void> {
  const resource = resourceOf(state.definition);
  const { phase } = thread;
  const goesOn = waitsForToken(resource) || awaitsEnd(resource);
  if (outcome.kind === "failed" || !goesOn || phase.kind !== "calling") return settle(draft, thread, state, outcome);
  const submitted = recordNext(draft, thread, ...taskEvents(resource).submitted(outcome.output));
  const { ExecutionArn, JobRunId } = isObject(outcome.output) ? outcome.output : {};
  const begun = ExecutionArn ?? JobRunId;
  const awaits = awaitsEnd(resource) && typeof begun === "string" ? { awaits: begun } : {};
  draft.put({ ...submitted, phase: { kind: "calling", call: { ...phase.call, submitted: true, ...awaits } } });
}

/** The task is over. */
export async function settle(draft: Draft, thread: Thread, state: TaskState, outcome: CallOutcome): Promise<void> {
  const { definition, language } = state;
  const resource = resourceOf(definition);
  const events = taskEvents(resource);
  const final = withinLimit(outcome, resource);
  if (final.kind === "failed") {
    recordNext(draft, thread, ...events.failed(final.error, final.cause));
    throw new StateFailure(final.error, final.cause, { kind: "task" });
  }
  const succeeded = recordNext(draft, thread, ...events.succeeded(final.output));
  const scope = scopeOf(draft, succeeded, { result: final.output });
  leaveState(draft, succeeded, await language.conclude(definition, scope, final.output), nextOf(definition));
}

/** A result over 256 KiB is a failed task that a catcher may name (fact 22). */
function withinLimit(outcome: CallOutcome, resource: TaskResource): CallOutcome {
  if (outcome.kind === "failed" || !exceedsLimit(textOf(outcome.output))) return outcome;
  const who = resource.kind === "function" ? resource.arn : resource.resourceType;
  return {
    kind: "failed",
    error: "States.DataLimitExceeded",
    cause: `The state/task '${who}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  };
}

/** Time or heartbeat is over: States.Timeout without a cause (fact 14). */
export function expire(draft: Draft, thread: Thread, { definition }: TaskState, call: Call): never {
  recordNext(draft, thread, ...taskEvents(resourceOf(definition)).timedOut());
  const missedHeartbeat = call.heartbeatAt !== undefined && call.heartbeatAt <= (call.timeoutAt ?? Infinity);
  throw new StateFailure("States.Timeout", undefined, { kind: "task", missedHeartbeat });
}
