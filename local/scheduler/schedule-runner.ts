/**
 * Runs schedules.
 *
 * Invariants
 *   R1  A run and the step to the next one are written together, before the target is called; so a crash neither loses
 *       a run nor makes it twice.
 *   R2  An invocation stays on disk until its target took it or it was given up (185 retries, 24 hours, unless the
 *       target's RetryPolicy says less).
 *   R3  A run missed while the process was down is made up for once, at start.
 */
import type { Clock, RandomSource, Timer } from "../cloud/ports/clock.ts";
import type { Store } from "../cloud/ports/store.ts";
import { SdkIntegrationError } from "../cloud/ports/sdk-integration-error.ts";
import { catchUp, dueAfter, longestDelay } from "./due.ts";
import { invoke, type Invocation, type InvocationPorts } from "./invocation.ts";
import { groupArn, type Schedule, type SchedulerState } from "./state.ts";

export interface RunnerDeps extends InvocationPorts {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly store: Store;
  readonly log: (line: string) => void;
}

export interface ScheduleRunner {
  /** Sets the timer of a schedule as it now stands, or takes it away. */
  follow(key: string): void;
  resume(): Promise<void>;
  close(): void;
}

const mostRetries = 185;

export function createScheduleRunner(
  deps: RunnerDeps,
  state: Pick<SchedulerState, "deps" | "schedules">,
): ScheduleRunner {
  const { clock, store, random } = deps;
  const invocations = createInvocations(deps);
  const timers = new Map<string, Timer>();

  function follow(key: string): void {
    timers.get(key)?.cancel();
    timers.delete(key);
    const due = state.schedules.get(key)?.due;
    if (due)
      timers.set(
        key,
        clock.at(due.invokeAt, () => void fire(key)),
      );
  }

  async function fire(key: string): Promise<void> {
    const schedule = state.schedules.get(key);
    if (!schedule?.due) return;
    const release = clock.busy();
    const { scheduledAt } = schedule.due;
    const invocation = invocations.add(schedule, scheduledAt);
    const next = dueAfter(schedule, scheduledAt, random);
    const { due: _, ...rest } = schedule;
    const due = catchUp({ ...rest, ...(next ? { due: next } : {}) }, clock.now(), random);
    if (!due && schedule.deleteWhenDone) state.schedules.delete(key);
    else state.schedules.put(key, { ...rest, ...(due ? { due } : {}) });
    follow(key);
    await store.commit();
    void invocations.attempt(invocation);
    release();
  }

  return {
    follow,
    async resume() {
      for (const [key, schedule] of [...state.schedules.entries()]) {
        const due = catchUp(schedule, clock.now(), random);
        const { due: before, ...rest } = schedule;
        if (due !== before) state.schedules.put(key, { ...rest, ...(due ? { due } : {}) });
        follow(key);
      }
      await store.commit();
      invocations.resume();
    },
    close() {
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
      invocations.close();
    },
  };
}

/** Pause before the next attempt, in milliseconds: doubling from one second to ten minutes, half of it jitter. */
const retryDelay = (attempts: number, random: RandomSource): number =>
  Math.min(1000 * 2 ** (attempts - 1), 600_000) * (0.5 + random() / 2);

/** AWS's answers that another attempt cannot change. */
function isHopeless(error: unknown): boolean {
  if (error instanceof SdkIntegrationError)
    return /AccessDenied|NotFound|DoesNotExist|Invalid|Validation/.test(error.error);
  const { name, status } = error as { name?: string; status?: number };
  if (typeof status !== "number" || status >= 500 || status === 429) return false;
  return !/Throttl|TooManyRequests|LimitExceeded|ServiceUnavailable/.test(name ?? "");
}

function createInvocations(deps: RunnerDeps) {
  const { clock, store, random, log } = deps;
  const table = store.table<Invocation>("scheduler/invocations");
  const timers = new Map<string, Timer>();
  let isClosed = false;

  /** Put, not yet durable. */
  function add(schedule: Schedule, scheduledAt: number): string {
    const key = `${schedule.arn}/${scheduledAt}`;
    const now = clock.now();
    table.put(key, {
      scheduleArn: schedule.arn,
      scheduleName: schedule.name,
      groupArn: groupArnOf(schedule),
      target: schedule.target,
      scheduledAt,
      expiresAt: now + longestDelay(schedule),
      attempts: 0,
      dueAt: now,
    });
    return key;
  }

  async function attempt(key: string): Promise<void> {
    const invocation = table.get(key);
    if (!invocation || isClosed) return;
    const release = clock.busy();
    try {
      await invoke(invocation, deps);
      table.delete(key);
    } catch (error) {
      afterFailure(key, invocation, error as Error);
    } finally {
      await store.commit();
      release();
    }
  }

  function afterFailure(key: string, invocation: Invocation, error: Error): void {
    const attempts = invocation.attempts + 1;
    const most = invocation.target.RetryPolicy?.MaximumRetryAttempts ?? mostRetries;
    const dueAt = clock.deadline(retryDelay(attempts, random));
    const what = `${invocation.scheduleName} to ${invocation.target.Arn}: ${error.name}: ${error.message}`;
    if (isHopeless(error) || attempts > most || dueAt > invocation.expiresAt) {
      log(`scheduler: gave up ${what} (after ${attempts} of at most ${most + 1} attempts)`);
      table.delete(key);
      return;
    }
    log(`scheduler: will retry ${what}`);
    table.put(key, { ...invocation, attempts, dueAt });
    wait(key, dueAt);
  }

  function wait(key: string, dueAt: number): void {
    if (isClosed) return;
    const run = () => {
      timers.delete(key);
      void attempt(key);
    };
    timers.set(key, clock.at(dueAt, run));
  }

  return {
    add,
    attempt,
    resume: () => [...table.entries()].forEach(([key, { dueAt }]) => wait(key, dueAt)),
    close() {
      isClosed = true;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}

/** The group's ARN, from the schedule's own. */
function groupArnOf({ arn, group }: Schedule): string {
  const [, , , region = "", account = ""] = arn.split(":");
  return groupArn({ region, account }, group);
}
