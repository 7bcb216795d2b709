/**
 * Delivers accepted events, at least once each.
 *
 * Invariants
 *   Q1  A delivery is on disk before its event is acknowledged, and stays there until its target took it or it was
 *       given up; `resume` goes on with all that are left.
 *   Q2  Attempts are bounded by the target's RetryPolicy (185 attempts, 24 hours when it says nothing), with growing,
 *       jittered pauses. A target that is gone or forbidden is not tried again, as in AWS.
 *   Q3  The clock is held busy during an attempt, never during a pause.
 */
import type { Clock, RandomSource, Timer } from "../../cloud/ports/clock.ts";
import type { CallCounter } from "../../cloud/ports/metrics.ts";
import type { Store, Table } from "../../cloud/ports/store.ts";
import { send, type Delivery, type SendPorts } from "./send.ts";

export interface QueueDeps extends SendPorts {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly store: Store;
  readonly log: (line: string) => void;
  readonly metrics?: CallCounter;
}

export type NewDelivery = Pick<Delivery, "event" | "rule" | "target">;

export interface DeliveryQueue {
  /** Durable when it resolves. */
  accept(deliveries: readonly NewDelivery[]): Promise<void>;
  resume(): void;
  close(): void;
}

const hour = 3_600_000;
const defaults = { attempts: 185, ageSeconds: 86_400 };

/** Pause before the next attempt, in milliseconds: doubling from one second to ten minutes, half of it jitter. */
export function retryDelay(attempts: number, random: RandomSource): number {
  const ceiling = Math.min(1000 * 2 ** (attempts - 1), hour / 6);
  return ceiling * (0.5 + random() / 2);
}

/** AWS's answers that another attempt cannot change. */
export function isHopeless(error: unknown): boolean {
  const { name, status } = error as { name?: string; status?: number };
  if (typeof status !== "number" || status >= 500 || status === 429) return false;
  return !/Throttl|TooManyRequests|LimitExceeded|ServiceUnavailable/.test(name ?? "");
}

export function createDeliveryQueue(deps: QueueDeps): DeliveryQueue {
  const { clock, store, log } = deps;
  const table: Table<Delivery> = store.table("events/deliveries");
  const timers = new Map<string, Timer>();
  let isClosed = false;

  async function attempt(key: string): Promise<void> {
    const delivery = table.get(key);
    if (!delivery || isClosed) return;
    const release = clock.busy();
    try {
      await send(delivery, deps);
      table.delete(key);
    } catch (error) {
      afterFailure(key, delivery, error as Error);
    } finally {
      await store.commit();
      release();
    }
  }

  function afterFailure(key: string, delivery: Delivery, error: Error): void {
    const attempts = delivery.attempts + 1;
    const most = delivery.target.RetryPolicy?.MaximumRetryAttempts ?? defaults.attempts;
    const dueAt = clock.deadline(retryDelay(attempts, deps.random));
    const why = isHopeless(error)
      ? "retrying cannot help"
      : attempts > most
        ? `${most} retries are used up`
        : dueAt > delivery.expiresAt
          ? "the event is too old"
          : undefined;
    const what = `event ${delivery.event.id} of rule ${delivery.rule.name} to ${delivery.target.Arn}`;
    if (why !== undefined) {
      log(`events: gave up ${what}: ${error.name}: ${error.message} (${why})`);
      deps.metrics?.count("AWS/Events", "FailedInvocations", { RuleName: delivery.rule.name });
      table.delete(key);
      return;
    }
    log(`events: will retry ${what} after ${error.name}: ${error.message}`);
    table.put(key, { ...delivery, attempts, dueAt });
    waitFor(key, dueAt);
  }

  function waitFor(key: string, dueAt: number): void {
    if (isClosed) return;
    timers.set(
      key,
      clock.at(dueAt, () => {
        timers.delete(key);
        void attempt(key);
      }),
    );
  }

  return {
    async accept(deliveries) {
      const now = clock.now();
      const keys = deliveries.map(({ event, rule, target }) => {
        const key = `${event.id}/${rule.arn}/${target.Id}`;
        const age = (target.RetryPolicy?.MaximumEventAgeInSeconds ?? defaults.ageSeconds) * 1000;
        table.put(key, {
          event,
          rule,
          target,
          acceptedAt: now,
          expiresAt: now + age,
          attempts: 0,
          dueAt: now,
        });
        return key;
      });
      const release = clock.busy();
      await store.commit();
      for (const key of keys) void attempt(key);
      release();
    },
    resume() {
      for (const [key, { dueAt }] of table.entries()) waitFor(key, dueAt);
    },
    close() {
      isClosed = true;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}
