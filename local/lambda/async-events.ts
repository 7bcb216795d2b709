/**
 * Asynchronous invocations: on disk before they are acknowledged, done at least once, repeated twice when the function
 * fails (after one and two minutes, as Lambda does), then given up with a line in the log.
 */
import type { Timer } from "../cloud/ports/clock.ts";
import type { EnvironmentPool } from "./environments/environment-pool.ts";
import { invokeFunction } from "./invoke-function.ts";
import { findFunction, type LambdaState } from "./state.ts";

interface AsyncEvent {
  readonly functionName: string;
  readonly qualifier: string | undefined;
  readonly payload: string;
  readonly requestId: string;
  readonly attempts: number;
  readonly dueAt: number;
}

export interface AsyncEvents {
  accept(event: Pick<AsyncEvent, "functionName" | "qualifier" | "payload" | "requestId">): Promise<void>;
  resume(): void;
  close(): void;
}

const mostAttempts = 3;
const minute = 60_000;

export function createAsyncEvents(state: LambdaState, pool: EnvironmentPool): AsyncEvents {
  const { clock, store, log } = state.deps;
  const table = store.table<AsyncEvent>("lambda/events");
  const timers = new Map<string, Timer>();
  let isClosed = false;

  async function attempt(key: string): Promise<void> {
    const event = table.get(key);
    if (!event || isClosed) return;
    const release = clock.busy();
    try {
      const failure = await failureOf(event);
      if (isClosed) return; // Left for the next start.
      if (failure === undefined) table.delete(key);
      else afterFailure(key, event, failure);
      await store.commit();
    } finally {
      release();
    }
  }

  async function failureOf({ functionName, qualifier, payload, requestId }: AsyncEvent): Promise<string | undefined> {
    try {
      const found = findFunction(state, functionName, qualifier);
      const result = await invokeFunction(found, payload, requestId, { deps: state.deps, pool });
      return result.failed ? result.payload : undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  function afterFailure(key: string, event: AsyncEvent, failure: string): void {
    const attempts = event.attempts + 1;
    if (attempts >= mostAttempts) {
      table.delete(key);
      log(`lambda: gave up event ${event.requestId} for ${event.functionName} after ${attempts} attempts: ${failure}`);
      return;
    }
    const dueAt = clock.deadline(attempts * minute);
    table.put(key, { ...event, attempts, dueAt });
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
    async accept(event) {
      const release = clock.busy();
      table.put(event.requestId, { ...event, attempts: 0, dueAt: clock.now() });
      await store.commit();
      void attempt(event.requestId);
      release();
    },
    resume: () => [...table.entries()].forEach(([key, { dueAt }]) => wait(key, dueAt)),
    close() {
      isClosed = true;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}
