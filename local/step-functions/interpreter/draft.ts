/**
 * A step's working copy: reads see the snapshot and what the step changed, writes stay here. When the step is over,
 * `outcome()` lists the changes; nobody else has seen them before.
 */
import type { Moment } from "../language/language.ts";
import type { Program } from "../program/program.ts";
import type { EventDetails, Execution, Snapshot, StoredEvent, Thread } from "./execution.ts";

/** What a step changes. `undefined` as a thread: it is gone. */
export interface Outcome {
  readonly execution: Execution;
  readonly threads: ReadonlyMap<string, Thread | undefined>;
  readonly history: readonly StoredEvent[];
}

export interface Draft {
  readonly program: Program;
  readonly moment: Moment;
  execution(): Execution;
  putExecution(execution: Execution): void;
  thread(id: string): Thread;
  find(id: string): Thread | undefined;
  /** Ids of every thread that exists now. */
  threadIds(): string[];
  put(thread: Thread): Thread;
  remove(id: string): void;
  /** Appends a history event and returns its id. */
  record(type: StoredEvent["type"], previousEventId: number, details?: EventDetails): number;
  outcome(): Outcome;
}

export function createDraft(program: Program, snapshot: Snapshot, moment: Moment): Draft {
  let execution = snapshot.execution;
  const threads = new Map<string, Thread | undefined>();
  const history: StoredEvent[] = [];
  const find = (id: string) => (threads.has(id) ? threads.get(id) : snapshot.threads.get(id));
  return {
    program,
    moment,
    execution: () => execution,
    putExecution: (next) => void (execution = next),
    find,
    thread(id) {
      const found = find(id);
      if (!found) throw new Error(`The execution ${execution.arn} has no thread '${id}'`);
      return found;
    },
    threadIds: () => [...new Set([...snapshot.threads.keys(), ...threads.keys()])].filter((id) => find(id)),
    put(thread) {
      threads.set(thread.id, thread);
      return thread;
    },
    remove: (id) => void threads.set(id, undefined),
    record(type, previousEventId, details = {}) {
      const id = snapshot.lastEventId + history.length + 1;
      history.push({ id, type, previousEventId, timestamp: moment.now, ...details });
      return id;
    },
    outcome: () => ({ execution, threads, history }),
  };
}

/** The snapshot after a step; the old one must not be used any more, its map of threads is handed on. */
export function applyOutcome(snapshot: Snapshot, outcome: Outcome): Snapshot {
  const threads = snapshot.threads as Map<string, Thread>;
  for (const [id, thread] of outcome.threads) {
    if (thread) threads.set(id, thread);
    else threads.delete(id);
  }
  return { execution: outcome.execution, threads, lastEventId: snapshot.lastEventId + outcome.history.length };
}
