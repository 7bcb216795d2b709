/**
 * The clock of the tests: time stands still while anybody works and jumps to the next timer when nobody does, so that
 * a week's machine run takes a second and never depends on the machine's speed.
 *
 * "Nobody works" means: no `busy` token is held, and none was taken during a few turns of the event loop (settling),
 * which lets promise chains and sockets between two tokens come to rest.
 */
import type { Clock, Timer } from "../ports/clock.ts";

interface Pending {
  readonly due: number;
  readonly order: number;
  readonly background: boolean;
  readonly run: () => void;
}

export interface JumpingClock extends Clock {
  /** Forbids jumps until the returned function is called; for tests that look at a moment. */
  hold(): () => void;
  /** Resolves when no timer is left, except of the background, and nobody works. */
  idle(): Promise<void>;
}

/** @param settleTurns event-loop turns without work before a jump; more is safer and slower. */
export function createJumpingClock({ start = Date.UTC(2026, 0, 5), settleTurns = 12 } = {}): JumpingClock {
  let now = start;
  let order = 0;
  let workers = 0;
  let activity = 0;
  let loopRunning = false;
  const pending = new Set<Pending>();
  const idleWaiters = new Set<() => void>();

  const isBefore = (one: Pending, other: Pending): boolean =>
    one.due < other.due || (one.due === other.due && one.order < other.order);

  /** The first of all timers, if there is anything in the foreground to go on to. */
  function next(): Pending | undefined {
    let first: Pending | undefined;
    let goal: Pending | undefined;
    for (const timer of pending) {
      if (!first || isBefore(timer, first)) first = timer;
      if (!timer.background && (!goal || isBefore(timer, goal))) goal = timer;
    }
    return goal && first;
  }

  /** One round: wait for quiet, then fire the next timer or report idleness. */
  async function loop(): Promise<void> {
    while (workers === 0) {
      const before = activity;
      for (let turn = 0; turn < settleTurns; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (workers > 0) break;
      if (activity !== before) continue;
      const timer = next();
      if (!timer) {
        for (const wake of idleWaiters) wake();
        idleWaiters.clear();
        break;
      }
      pending.delete(timer);
      now = Math.max(now, timer.due);
      activity++;
      timer.run();
    }
    loopRunning = false;
  }

  function wake(): void {
    activity++;
    if (loopRunning || workers > 0) return;
    loopRunning = true;
    void loop();
  }

  function busy(): () => void {
    workers++;
    activity++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      workers--;
      wake();
    };
  }

  function at(due: number, run: () => void, { background = false } = {}): Timer {
    const timer: Pending = { due, order: order++, run, background };
    pending.add(timer);
    wake();
    return { cancel: () => void pending.delete(timer) };
  }

  return {
    now: () => now,
    deadline: (milliseconds) => now + milliseconds,
    at,
    sleep: (milliseconds, signal) => sleepOn({ at, deadline: (ms) => now + ms }, milliseconds, signal),
    busy,
    hold: busy,
    idle: () =>
      new Promise((resolve) => {
        idleWaiters.add(resolve);
        wake();
      }),
  };
}

/** `Clock.sleep` in terms of `at` and `deadline`; shared by both clocks. */
export function sleepOn(
  clock: Pick<Clock, "at" | "deadline">,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason as Error);
    };
    const timer = clock.at(clock.deadline(milliseconds), () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
