/** How a thread moves: into a state, out of it, and to its end. Every history event about states is written here. */
import { exceedsLimit, textOf, type Json, type JsonObject } from "../json.ts";
import { StateFailure } from "../language/failure.ts";
import type { Conclusion } from "../language/language.ts";
import { stateOf, type State } from "../program/program.ts";
import type { Draft } from "./draft.ts";
import type { EventDetails, ExecutionStatus, StoredEvent, Thread } from "./execution.ts";

export const whole = { truncated: false } as const;

export const stateAt = (draft: Draft, thread: Thread): State => stateOf(draft.program, thread.flow, thread.state);

/** Records an event that follows the thread's last one, and makes it the last one. */
export function recordNext(draft: Draft, thread: Thread, type: StoredEvent["type"], details?: EventDetails): Thread {
  return draft.put({ ...thread, previousEventId: draft.record(type, thread.previousEventId, details) });
}

/** Writes …StateEntered. The first state shows the caller's text verbatim (fact 11). */
export function enterState(draft: Draft, thread: Thread): Thread {
  const { name, definition } = stateAt(draft, thread);
  const parentEventId = thread.previousEventId;
  const isFirst = thread.parent === undefined && parentEventId === 0;
  const input = isFirst ? draft.execution().inputText : textOf(thread.data.input);
  const eventId = draft.record(`${definition.Type}StateEntered`, parentEventId, {
    stateEnteredEventDetails: { name, input, inputDetails: whole },
  });
  return draft.put({
    ...thread,
    previousEventId: eventId,
    entered: { eventId, parentEventId, time: draft.moment.now },
    retries: [],
  });
}

function assignedDetails(assigned: JsonObject | undefined) {
  if (!assigned || Object.keys(assigned).length === 0) return {};
  const texts = Object.entries(assigned).map(([name, value]) => [name, textOf(value)] as const);
  for (const [name, text] of texts) {
    if (exceedsLimit(text)) throw tooLarge(`The variable '${name}' has`);
  }
  return { assignedVariables: Object.fromEntries(texts), assignedVariablesDetails: whole };
}

const tooLarge = (what: string) =>
  new StateFailure("States.DataLimitExceeded", `${what} a size exceeding the maximum number of bytes service limit.`, {
    kind: "stated",
  });

/**
 * Writes …StateExited and moves on to `next`, or ends the thread where that is undefined.
 * @param parentEventId the event's causal parent where it is not the thread's last event (fact 4).
 */
export function leaveState(
  draft: Draft,
  thread: Thread,
  { output, assigned }: Conclusion,
  next: string | undefined,
): void {
  const { name, definition } = stateAt(draft, thread);
  const text = textOf(output);
  if (exceedsLimit(text)) throw tooLarge(`The state/task '${name}' returned a result with`);
  const details = assignedDetails(assigned);
  const exited = draft.record(`${definition.Type}StateExited` as StoredEvent["type"], thread.previousEventId, {
    stateExitedEventDetails: { name, output: text, outputDetails: whole, ...details },
  });
  const variables = assigned ? { ...thread.data.variables, ...assigned } : thread.data.variables;
  const left: Thread = {
    ...thread,
    previousEventId: exited,
    entered: undefined,
    retries: [],
    data: { ...thread.data, input: output, variables },
  };
  if (next === undefined) endThread(draft, left);
  else draft.put({ ...left, state: next, phase: { kind: "ready" } });
}

/** The last state is behind the thread: the machine succeeds, or the parent hears of it (in `step`, by the phase). */
function endThread(draft: Draft, thread: Thread): void {
  draft.put({ ...thread, phase: { kind: "done" } });
  if (thread.parent !== undefined) return;
  const output = textOf(thread.data.input);
  draft.record("ExecutionSucceeded", thread.previousEventId, {
    executionSucceededEventDetails: { output, outputDetails: whole },
  });
  for (const id of draft.threadIds()) draft.remove(id);
  endExecution(draft, "SUCCEEDED", { outputText: output });
}

export interface Ending {
  readonly outputText?: string;
  readonly error?: string;
  readonly cause?: string;
}

export function endExecution(draft: Draft, status: ExecutionStatus, ending: Ending): void {
  draft.putExecution({ ...draft.execution(), ...ending, status, stopDate: draft.moment.now });
}

/** `End: true` and the lack of a Next both end the flow; the validator has seen that one of them is there. */
export const nextOf = (definition: { readonly Next?: string }): string | undefined => definition.Next;

/** Puts the output of a thread's children together, in order of index. */
export const outputsOf = (draft: Draft, ids: readonly string[]): Json => ids.map((id) => draft.thread(id).data.input);
