/**
 * Threads that run side by side: starting the children of a Parallel or a Map, hearing that one is done, and cutting
 * the others off when one fails (facts 2, 3, 4, 16).
 */
import type { Json } from "../json.ts";
import type { Draft } from "./draft.ts";
import { childId, type Thread, type ThreadData } from "./execution.ts";
import { outputsOf, recordNext, stateAt } from "./transition.ts";

/** What one child begins with. */
export interface ChildStart {
  readonly flow: number;
  readonly data: ThreadData;
}

/** Makes the children, queued; `thread` has just recorded …StateStarted. Returns the forked thread. */
export function fork(draft: Draft, thread: Thread, children: readonly ChildStart[]): Thread {
  const startedEventId = thread.previousEventId;
  children.forEach(({ flow, data }, index) =>
    draft.put({
      id: childId(thread.id, startedEventId, index),
      parent: thread.id,
      index,
      flow,
      state: draft.program.flows[flow]?.startAt ?? "",
      previousEventId: startedEventId,
      entered: undefined,
      retries: [],
      phase: { kind: "queued" },
      data,
    }),
  );
  const phase = { kind: "forked", startedEventId, total: children.length, started: 0, done: 0 } as const;
  return draft.put({ ...thread, phase });
}

export function childIds({ id, phase }: Thread): string[] {
  if (phase.kind !== "forked") return [];
  return Array.from({ length: phase.total }, (_, index) => childId(id, phase.startedEventId, index));
}

/** Counts a child as started and lets it begin. */
export function startNextChild(draft: Draft, parentId: string, previousEventId?: number): Thread {
  const parent = draft.thread(parentId);
  const { phase } = parent;
  if (phase.kind !== "forked") throw new Error(`Thread '${parentId}' has no children to start`);
  draft.put({ ...parent, phase: { ...phase, started: phase.started + 1 } });
  const child = draft.thread(childId(parentId, phase.startedEventId, phase.started));
  return draft.put({
    ...child,
    previousEventId: previousEventId ?? child.previousEventId,
    phase: { kind: "starting" },
  });
}

/** Counts a child as done; true when it was the last one. */
export function countDone(draft: Draft, parentId: string): boolean {
  const parent = draft.thread(parentId);
  const { phase } = parent;
  if (phase.kind !== "forked") throw new Error(`Thread '${parentId}' does not wait for children`);
  draft.put({ ...parent, phase: { ...phase, done: phase.done + 1 } });
  return phase.done + 1 === phase.total;
}

export const joinedOutput = (draft: Draft, parent: Thread): Json => outputsOf(draft, childIds(parent));

/** Removes a forked thread's children and theirs. */
export function dropChildren(draft: Draft, thread: Thread): void {
  for (const id of childIds(thread)) {
    const child = draft.find(id);
    if (!child) continue;
    dropChildren(draft, child);
    draft.remove(id);
  }
}

/** One child failed: the others stop where they are, each leaving a …StateAborted that points at the failure. */
export function haltSiblings(draft: Draft, parent: Thread, failed: Thread): void {
  const { name, definition } = stateAt(draft, parent);
  for (const id of childIds(parent)) {
    const sibling = draft.thread(id);
    if (id === failed.id || !(canStop(sibling) || sibling.phase.kind === "forked")) continue;
    halt(draft, sibling, failed.previousEventId);
    if (definition.Type === "Map") {
      const details = { mapIterationAbortedEventDetails: { name, index: sibling.index } };
      draft.record("MapIterationAborted", failed.previousEventId, details);
    }
  }
}

/** Stops a thread and all below it, innermost first. A forked thread stays forked, for a redrive. */
function halt(draft: Draft, thread: Thread, previousEventId: number): void {
  if (!canStop(thread) && thread.phase.kind !== "forked") return;
  for (const id of childIds(thread)) halt(draft, draft.thread(id), previousEventId);
  const { Type } = stateAt(draft, thread).definition;
  const canBeCut = Type === "Task" || Type === "Wait" || Type === "Parallel" || Type === "Map";
  if (thread.entered && canBeCut) draft.record(`${Type}StateAborted`, previousEventId);
  if (canStop(thread)) draft.put({ ...thread, phase: { kind: "stopped" } });
}

/** Threads that wait for something themselves; what has not begun or waits for its children is left as it is. */
export function canStop({ phase: { kind } }: Thread): boolean {
  return kind === "ready" || kind === "waiting" || kind === "retrying" || kind === "calling";
}

/** …StateStarted, the first event of a fork. */
export const recordForkStarted = (draft: Draft, thread: Thread, length?: number): Thread =>
  length === undefined
    ? recordNext(draft, thread, "ParallelStateStarted")
    : recordNext(draft, thread, "MapStateStarted", { mapStateStartedEventDetails: { length } });
