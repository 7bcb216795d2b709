/**
 * The interpreter's heart: what a signal changes. Same program, snapshot, signal and moment, same outcome; nothing is
 * stored, called or armed here (`runner/` does that), and the snapshot is not touched.
 *
 * Invariants
 *   P1  One step moves one thread by one state at most, and its parents when that ends a branch or fails one.
 *   P2  A signal that comes too late (its thread moved on, the execution ended) changes nothing.
 *   P3  A failing state is rolled back to its entry before it is retried, caught or ended: what was put before the
 *       failure in the same step are history events and the thread's position in them, nothing else.
 */
import { StateFailure } from "../language/failure.ts";
import type { Moment } from "../language/language.ts";
import type { Program } from "../program/program.ts";
import { expire, settle } from "../states/task.ts";
import { stateTypes } from "../states/state-types.ts";
import { createDraft, type Draft, type Outcome } from "./draft.ts";
import { abortExecution, breakExecution, expireExecution, redriveExecution } from "./execution-end.ts";
import { rootThread, type Execution, type Snapshot, type Thread } from "./execution.ts";
import { failChildStart, failState } from "./recover.ts";
import type { Signal } from "./signal.ts";
import { enterState, stateAt, whole } from "./transition.ts";

/** The service ends an execution whose history is as long as this. */
const mostHistoryEvents = 25_000;

export async function step(program: Program, snapshot: Snapshot, signal: Signal, moment: Moment): Promise<Outcome> {
  const draft = createDraft(program, snapshot, moment);
  const running = snapshot.execution.status === "RUNNING";
  if (running !== (signal.kind !== "redrive")) return draft.outcome();
  if (snapshot.lastEventId >= mostHistoryEvents - 1) {
    breakExecution(draft, `The execution reached the maximum number of history events (${mostHistoryEvents}).`);
  } else {
    await react(draft, signal);
  }
  return draft.outcome();
}

/** The first rows of a new execution: ExecutionStarted, and the root thread before its first state. */
export function begin(program: Program, execution: Execution, moment: Moment): Outcome {
  const draft = createDraft(program, { execution, threads: new Map(), lastEventId: 0 }, moment);
  const { inputText, roleArn, versionArn, aliasArn } = execution;
  draft.record("ExecutionStarted", 0, {
    executionStartedEventDetails: {
      input: inputText,
      inputDetails: whole,
      roleArn,
      ...(versionArn !== undefined && { stateMachineVersionArn: versionArn }),
      ...(aliasArn !== undefined && { stateMachineAliasArn: aliasArn }),
    },
  });
  draft.put({
    id: rootThread,
    parent: undefined,
    index: 0,
    flow: 0,
    state: program.definition.StartAt,
    previousEventId: 0,
    entered: undefined,
    retries: [],
    phase: { kind: "ready" },
    data: { input: JSON.parse(inputText) as Thread["data"]["input"], variables: {} },
  });
  return draft.outcome();
}

async function react(draft: Draft, signal: Signal): Promise<void> {
  switch (signal.kind) {
    case "stop":
      return abortExecution(draft, signal);
    case "execution-expired":
      return expireExecution(draft);
    case "redrive":
      return redriveExecution(draft);
    case "broken":
      return breakExecution(draft, signal.message);
    default: {
      const thread = draft.find(signal.thread);
      if (thread) await moveThread(draft, thread, signal);
    }
  }
}

type ThreadSignal = Extract<Signal, { readonly thread: string }>;

async function moveThread(draft: Draft, thread: Thread, signal: ThreadSignal): Promise<void> {
  const { phase } = thread;
  if (signal.kind === "proceed") {
    if (phase.kind === "starting") return startChild(draft, thread);
    if (phase.kind === "ready") return attempt(draft, enterState(draft, thread), run);
    return;
  }
  if (signal.kind === "elapsed") {
    if (phase.kind === "retrying") return attempt(draft, thread, run);
    if (phase.kind === "waiting") {
      return attempt(draft, thread, (now) => typeOf(draft, now).elapsed?.(draft, now, stateAt(draft, now)));
    }
    return;
  }
  if (phase.kind !== "calling" || phase.call.attempt !== signal.attempt) return;
  const task = stateAt(draft, thread) as Parameters<typeof settle>[2];
  if (signal.kind === "answered" && !phase.call.submitted) {
    return attempt(draft, thread, (now) => typeOf(draft, now).answered?.(draft, now, task, signal.outcome));
  }
  if (signal.kind === "settled") return attempt(draft, thread, (now) => settle(draft, now, task, signal.outcome));
  if (signal.kind === "call-expired")
    return attempt(draft, thread, async (now) => expire(draft, now, task, phase.call));
  if (signal.kind === "heartbeat" && phase.call.heartbeatSeconds !== undefined) {
    const heartbeatAt = draft.moment.now + phase.call.heartbeatSeconds * 1000;
    draft.put({ ...thread, phase: { kind: "calling", call: { ...phase.call, heartbeatAt } } });
  }
  function run(now: Thread) {
    return typeOf(draft, now).run(draft, now, stateAt(draft, now));
  }
}

const typeOf = (draft: Draft, thread: Thread) => stateTypes[stateAt(draft, thread).definition.Type];

/** Does one thing to a thread; a failure is answered, and a thread that ends is told to its parent. */
async function attempt(
  draft: Draft,
  thread: Thread,
  act: (thread: Thread) => Promise<void> | undefined,
): Promise<void> {
  try {
    await act(thread);
  } catch (thrown) {
    if (!(thrown instanceof StateFailure)) throw thrown;
    await failState(draft, positionOf(draft, thread), thrown);
  }
  await tellParent(draft, thread.id);
}

/** After a failure: the thread as the step found it, but standing at the last event it recorded. */
function positionOf(draft: Draft, thread: Thread): Thread {
  const { previousEventId, phase } = draft.thread(thread.id);
  return { ...thread, previousEventId, phase };
}

async function tellParent(draft: Draft, id: string): Promise<void> {
  const thread = draft.find(id);
  if (!thread || thread.phase.kind !== "done" || thread.parent === undefined) return;
  const parent = draft.thread(thread.parent);
  await attempt(draft, parent, (now) => typeOf(draft, now).childDone?.(draft, now, stateAt(draft, now), thread));
}

async function startChild(draft: Draft, child: Thread): Promise<void> {
  const parent = draft.thread(child.parent ?? rootThread);
  const { startChild: start } = typeOf(draft, parent);
  if (!start)
    return attempt(draft, enterState(draft, child), (now) => typeOf(draft, now).run(draft, now, stateAt(draft, now)));
  try {
    const started = await start(draft, child, parent, stateAt(draft, parent));
    draft.put({ ...started, phase: { kind: "ready" } });
  } catch (thrown) {
    if (!(thrown instanceof StateFailure)) throw thrown;
    await failChildStart(draft, draft.thread(child.id), parent, thrown);
    await tellParent(draft, parent.id);
  }
}
