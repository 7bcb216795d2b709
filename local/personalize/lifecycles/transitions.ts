/**
 * Moves statuses over time. A transition is a row of its own table until it has settled, so that whatever was under way
 * at a `kill -9` goes on at the next start.
 *
 * Invariants
 *   T1  A transition's steps are pending, working, gone; each step is committed before the next begins, so real work
 *       never starts for a resource that a crash could forget.
 *   T2  Work may run twice (crash in between), settling happens once: the settled status and the removal of the
 *       transition are put in one synchronous stretch.
 *   T3  After `close` nothing settles: an aborted job is not a failed one.
 */
import type { Clock, Timer } from "../../cloud/ports/clock.ts";
import type { Store } from "../../cloud/ports/store.ts";
import type { LifecycleName, PhaseDurations } from "../settings.ts";

/** What real work ends with. */
export type WorkOutcome =
  | { readonly kind: "succeeded"; readonly result?: unknown }
  | { readonly kind: "failed"; readonly failureReason: string }
  | { readonly kind: "cancelled" };

export interface Lifecycle {
  /** Puts the status of the second phase, e.g. CREATE IN_PROGRESS. */
  enter(arn: string): void;
  /** Absent where only time passes. */
  work?(arn: string): Promise<WorkOutcome>;
  /** Puts the final status, or deletes the row. */
  settle(arn: string, outcome: WorkOutcome): void;
  /** What follows from a settled and committed change; what it puts is committed as well. */
  afterwards?(arn: string): void;
}

export interface Transitions {
  /** Puts the transition; the caller has put the resource with its pending status, and commits both. */
  begin(name: LifecycleName, arn: string): void;
  isUnderWay(name: LifecycleName, arn: string): boolean;
  /** Settles a transition that has not begun to work, at once. False when it is working already, or unknown. */
  settlePending(name: LifecycleName, arn: string, outcome: WorkOutcome): boolean;
  /** Resolves when the transition is gone. */
  settled(name: LifecycleName, arn: string): Promise<void>;
  resume(): void;
  close(): void;
}

interface TransitionRow {
  readonly name: LifecycleName;
  readonly arn: string;
  readonly phase: "pending" | "working";
  readonly due: number;
}

export interface TransitionDeps {
  readonly clock: Clock;
  readonly store: Store;
  readonly log: (line: string) => void;
  readonly durations: (name: LifecycleName) => PhaseDurations;
  readonly lifecycle: (name: LifecycleName) => Lifecycle;
}

export function createTransitions({ clock, store, log, durations, lifecycle }: TransitionDeps): Transitions {
  const table = store.table<TransitionRow>("personalize/transitions");
  const timers = new Map<string, Timer>();
  const waiters = new Map<string, (() => void)[]>();
  let closed = false;
  const keyOf = ({ name, arn }: Pick<TransitionRow, "name" | "arn">) => `${name} ${arn}`;

  function at(key: string, due: number, run: () => Promise<void>): void {
    const fire = () => {
      timers.delete(key);
      const release = clock.busy();
      run()
        .catch((error: unknown) => log(`personalize: ${key}: ${String((error as Error).stack ?? error)}`))
        .finally(release);
    };
    timers.set(key, clock.at(due, fire));
  }

  async function startWorking(row: TransitionRow): Promise<void> {
    if (closed || !table.has(keyOf(row))) return;
    lifecycle(row.name).enter(row.arn);
    const working: TransitionRow = { ...row, phase: "working", due: clock.deadline(durations(row.name).workingMs) };
    table.put(keyOf(row), working);
    await store.commit();
    keepWorking(working);
  }

  /** Runs the work and the least duration side by side. */
  function keepWorking(row: TransitionRow): void {
    const key = keyOf(row);
    const release = clock.busy();
    const outcome = runWork(row).finally(release);
    at(key, row.due, async () => settle(row, await outcome));
  }

  async function runWork({ name, arn }: TransitionRow): Promise<WorkOutcome> {
    try {
      return (await lifecycle(name).work?.(arn)) ?? { kind: "succeeded" };
    } catch (error) {
      log(`personalize: ${name} ${arn}: ${String((error as Error).stack ?? error)}`);
      return { kind: "failed", failureReason: "Internal failure; the log of the embedded cloud has the details." };
    }
  }

  async function settle(row: TransitionRow, outcome: WorkOutcome): Promise<void> {
    const key = keyOf(row);
    if (closed || !table.has(key)) return;
    lifecycle(row.name).settle(row.arn, outcome);
    table.delete(key);
    await store.commit();
    const { afterwards } = lifecycle(row.name);
    if (afterwards) {
      afterwards(row.arn);
      await store.commit();
    }
    wake(key);
  }

  function wake(key: string): void {
    for (const resolve of waiters.get(key) ?? []) resolve();
    waiters.delete(key);
  }

  const arm = (row: TransitionRow) => at(keyOf(row), row.due, () => startWorking(row));

  return {
    begin(name, arn) {
      const row: TransitionRow = { name, arn, phase: "pending", due: clock.deadline(durations(name).pendingMs) };
      table.put(keyOf(row), row);
      arm(row);
    },
    isUnderWay: (name, arn) => table.has(keyOf({ name, arn })),
    settlePending(name, arn, outcome) {
      const key = keyOf({ name, arn });
      if (table.get(key)?.phase !== "pending") return false;
      timers.get(key)?.cancel();
      timers.delete(key);
      lifecycle(name).settle(arn, outcome);
      table.delete(key);
      wake(key);
      return true;
    },
    settled(name, arn) {
      const key = keyOf({ name, arn });
      if (!table.has(key)) return Promise.resolve();
      return new Promise((resolve) => waiters.set(key, [...(waiters.get(key) ?? []), resolve]));
    },
    resume() {
      for (const row of [...table.values()]) {
        if (row.phase === "pending") arm(row);
        else keepWorking(row);
      }
    },
    close() {
      closed = true;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}
