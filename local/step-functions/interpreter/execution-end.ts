/** Ends that come from outside the states: StopExecution, the machine's TimeoutSeconds, a bug of ours; and the redrive. */
import { runtimeFailure } from "../language/failure.ts";
import type { Draft } from "./draft.ts";
import { rootThread, type Thread } from "./execution.ts";
import { canStop, childIds, dropChildren } from "./fork.ts";
import { endExecution } from "./transition.ts";

/** Where the machine stood before the state it is in; 0 in the first state (fact 6). */
function beforeCurrentState(draft: Draft): number {
  const root = draft.find(rootThread);
  return root?.entered?.parentEventId ?? root?.previousEventId ?? 0;
}

export function abortExecution(draft: Draft, { error, cause }: { error?: string; cause?: string }): void {
  const ending = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  draft.record("ExecutionAborted", beforeCurrentState(draft), { executionAbortedEventDetails: ending });
  stopThreads(draft);
  endExecution(draft, "ABORTED", ending);
}

/** Neither error nor cause (fact 14). */
export function expireExecution(draft: Draft): void {
  draft.record("ExecutionTimedOut", beforeCurrentState(draft), { executionTimedOutEventDetails: {} });
  stopThreads(draft);
  endExecution(draft, "TIMED_OUT", {});
}

export function breakExecution(draft: Draft, message: string): void {
  const { error = "", failureCause: cause = message } = runtimeFailure(message);
  draft.record("ExecutionFailed", draft.find(rootThread)?.previousEventId ?? 0, {
    executionFailedEventDetails: { error, cause },
  });
  stopThreads(draft);
  endExecution(draft, "FAILED", { error, cause });
}

/** Every thread that waits for something stands still where it is, for a redrive. */
function stopThreads(draft: Draft): void {
  for (const id of draft.threadIds()) {
    const thread = draft.thread(id);
    if (canStop(thread)) draft.put({ ...thread, phase: { kind: "stopped" } });
  }
}

/**
 * Runs the execution on from where it stopped: each stopped thread enters its state again, what was done stays done.
 * A fork none of whose children has anything left to do starts over.
 */
export function redriveExecution(draft: Draft): void {
  const { outputText: _output, error: _error, cause: _cause, stopDate: _stop, ...kept } = draft.execution();
  const redriveCount = kept.redriveCount + 1;
  const { now } = draft.moment;
  const { TimeoutSeconds } = draft.program.definition;
  const expires = TimeoutSeconds === undefined ? {} : { expiresAt: now + TimeoutSeconds * 1000 };
  draft.putExecution({ ...kept, ...expires, status: "RUNNING", redriveCount, redriveDate: now });
  const previousEventId = draft.record("ExecutionRedriven", draft.find(rootThread)?.previousEventId ?? 0, {
    executionRedrivenEventDetails: { redriveCount },
  });
  for (const id of draft.threadIds()) restart(draft, draft.thread(id), previousEventId);
}

function restart(draft: Draft, thread: Thread, previousEventId: number): void {
  const { phase } = thread;
  if (phase.kind === "starting") return void draft.put({ ...thread });
  if (phase.kind !== "stopped" && phase.kind !== "forked") return;
  if (childIds(thread).some((id) => (draft.find(id)?.phase.kind ?? "done") !== "done")) return;
  dropChildren(draft, thread);
  draft.put({ ...thread, previousEventId, entered: undefined, retries: [], phase: { kind: "ready" } });
}
