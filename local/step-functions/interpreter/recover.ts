/**
 * What becomes of a failure: a retry, a catch, or the end of the thread, which its parent takes as its own failure, up
 * to the machine. Facts 4, 5, 7, 8, 9, 16 and 17 are decided here.
 */
import type { JsonObject } from "../json.ts";
import { StateFailure } from "../language/failure.ts";
import type { Catcher, Retrier } from "../program/definition.ts";
import type { Draft } from "./draft.ts";
import type { Thread } from "./execution.ts";
import { canStop, dropChildren, haltSiblings } from "./fork.ts";
import { chooseCatcher, chooseRetrier, retryDelaySeconds } from "./retry-delay.ts";
import { scopeOf } from "./scope.ts";
import { endExecution, leaveState, recordNext, stateAt } from "./transition.ts";

/** The state of `thread` failed. Works upwards until somebody recovers or the execution has ended. */
export async function failState(draft: Draft, thread: Thread, failure: StateFailure): Promise<void> {
  const { failed, noted } = noteFailure(draft, thread, failure);
  if (retry(draft, noted, failed)) return;
  const marked = markContainerFailed(draft, noted);
  try {
    if (await catchFailure(draft, marked, failed)) return;
  } catch (thrown) {
    // The catcher's own Output or Assign failed: that failure replaces the first and nobody here may catch it.
    if (!(thrown instanceof StateFailure)) throw thrown;
    const replaced = noteFailure(draft, marked, thrown);
    return failThread(draft, replaced.noted, replaced.failed);
  }
  return failThread(draft, marked, failed);
}

/** Completes the cause (fact 17) and writes EvaluationFailed where an expression is at fault (fact 5). */
function noteFailure(draft: Draft, thread: Thread, failure: StateFailure): { failed: StateFailure; noted: Thread } {
  const { error, failureCause, origin } = failure;
  if (origin.kind === "task" || failureCause === undefined || thread.entered === undefined || hasPlace(failure)) {
    return { failed: failure, noted: thread };
  }
  const cause =
    `An error occurred while executing the state '${thread.state}' ` +
    `(entered at the event id #${thread.entered.eventId}). ${failureCause}`;
  const failed = new StateFailure(error, cause, origin);
  if (origin.kind !== "evaluation") return { failed, noted: thread };
  const { Type } = stateAt(draft, thread).definition;
  const previousEventId = draft.record(
    "EvaluationFailed",
    Type === "Wait" ? thread.entered.eventId : thread.entered.parentEventId,
    {
      evaluationFailedEventDetails: {
        ...(error !== undefined && { error }),
        cause,
        ...(origin.location !== undefined && { location: origin.location }),
        state: thread.state,
      },
    },
  );
  return { failed, noted: draft.put({ ...thread, previousEventId }) };
}

/** A failure that came up from a child names its place already; so does a Fail state's own text. */
const hasPlace = ({ origin }: StateFailure) => origin.kind === "stated" || origin.kind === "passed-on";

function retry(draft: Draft, thread: Thread, failure: StateFailure): boolean {
  const retriers = recoveryOf(draft, thread).Retry ?? [];
  const index = chooseRetrier(retriers, thread.retries, failure);
  const retrier = index === undefined ? undefined : retriers[index];
  if (index === undefined || !retrier) return false;
  const used = thread.retries[index] ?? 0;
  const seconds = retryDelaySeconds(retrier, used, draft.moment.random);
  const retries = retriers.map((_, position) => (thread.retries[position] ?? 0) + (position === index ? 1 : 0));
  dropChildren(draft, thread);
  draft.put({ ...thread, retries, phase: { kind: "retrying", until: draft.moment.deadline(seconds * 1000) } });
  return true;
}

function recoveryOf(draft: Draft, thread: Thread): { Retry?: readonly Retrier[]; Catch?: readonly Catcher[] } {
  const { definition } = stateAt(draft, thread);
  return "Retry" in definition || "Catch" in definition ? definition : {};
}

/** A Map or Parallel says that it failed before anybody may catch it; a Task has its event already (fact 9). */
function markContainerFailed(draft: Draft, thread: Thread): Thread {
  const { Type } = stateAt(draft, thread).definition;
  return Type === "Map" || Type === "Parallel" ? recordNext(draft, thread, `${Type}StateFailed`) : thread;
}

async function catchFailure(draft: Draft, thread: Thread, failure: StateFailure): Promise<boolean> {
  const catchers = recoveryOf(draft, thread).Catch ?? [];
  const index = chooseCatcher(catchers, failure);
  const catcher = index === undefined ? undefined : catchers[index];
  if (index === undefined || !catcher) return false;
  const { error, failureCause } = failure;
  const errorOutput: JsonObject = {
    ...(error !== undefined && { Error: error }),
    ...(failureCause !== undefined && { Cause: failureCause }),
  };
  const scope = scopeOf(draft, thread, { errorOutput });
  const conclusion = await stateAt(draft, thread).language.concludeCaught(catcher, index, scope);
  dropChildren(draft, thread);
  leaveState(draft, thread, conclusion, catcher.Next);
  return true;
}

/** Nobody caught it here. A child's failure becomes its parent's; the machine's ends the execution. */
async function failThread(draft: Draft, thread: Thread, failure: StateFailure): Promise<void> {
  draft.put(canStop(thread) ? { ...thread, phase: { kind: "stopped" } } : thread);
  if (thread.parent === undefined) return failExecution(draft, thread, failure);
  const parent = draft.thread(thread.parent);
  const { name, definition } = stateAt(draft, parent);
  if (definition.Type === "Map") {
    draft.record("MapIterationFailed", thread.previousEventId, {
      mapIterationFailedEventDetails: { name, index: thread.index },
    });
  }
  haltSiblings(draft, parent, thread);
  const { error, failureCause, origin } = failure;
  const passedOn = new StateFailure(error, failureCause, origin.kind === "task" ? origin : { kind: "passed-on" });
  await failState(draft, draft.put({ ...parent, previousEventId: thread.previousEventId }), passedOn);
}

function failExecution(draft: Draft, thread: Thread, { error, failureCause: cause }: StateFailure): void {
  const ending = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  draft.record("ExecutionFailed", thread.previousEventId, { executionFailedEventDetails: ending });
  endExecution(draft, "FAILED", ending);
}

/** A child could not begin: the fault is in its parent's fields (an ItemSelector), the failed thread is the child. */
export async function failChildStart(
  draft: Draft,
  child: Thread,
  parent: Thread,
  failure: StateFailure,
): Promise<void> {
  const { failed, noted } = noteFailure(draft, parent, failure);
  const previousEventId = failed === failure ? child.previousEventId : noted.previousEventId;
  await failThread(draft, { ...child, previousEventId }, failed);
}
