/**
 * Rules with a schedule: a "Scheduled Event" at every due time, for the targets of that rule alone. A time that passed
 * while the process was down is lost, as EventBridge makes no promise to catch up.
 */
import type { Timer } from "../cloud/ports/clock.ts";
import type { DeliveryQueue } from "./delivery/delivery-queue.ts";
import { envelope } from "./event-envelope.ts";
import type { EventsState, Rule } from "./state.ts";

/** The next time of a rule's expression after an instant; throws ValidationException for what is no expression. */
export type NextScheduled = (expression: string, after: number) => number | undefined;

export interface RuleSchedules {
  follow(key: string): void;
  resume(): void;
  close(): void;
}

export function createRuleSchedules(
  state: Pick<EventsState, "deps" | "rules">,
  queue: DeliveryQueue,
  next: NextScheduled,
): RuleSchedules {
  const { clock, ids } = state.deps;
  const timers = new Map<string, Timer>();

  /** @param after the time that fired just now; a timer may wake a moment early and must not find it again. */
  function follow(key: string, after = 0): void {
    timers.get(key)?.cancel();
    timers.delete(key);
    const rule = state.rules.get(key);
    const due =
      rule?.enabled && rule.schedule !== undefined ? next(rule.schedule, Math.max(clock.now(), after)) : undefined;
    if (due !== undefined)
      timers.set(
        key,
        clock.at(due, () => fire(key, due)),
      );
  }

  function fire(key: string, due: number): void {
    const rule = state.rules.get(key);
    follow(key, due);
    if (rule) void queue.accept(deliveriesOf(rule, due));
  }

  function deliveriesOf(rule: Rule, due: number) {
    const event = envelope(
      {
        id: ids.uuid(),
        source: "aws.events",
        detailType: "Scheduled Event",
        resources: [rule.arn],
        detail: {},
        at: due,
      },
      state.deps,
    );
    return rule.targets.map((target) => ({ event, rule: { name: rule.name, arn: rule.arn }, target }));
  }

  return {
    follow: (key) => follow(key),
    resume: () => [...state.rules.entries()].forEach(([key]) => follow(key)),
    close: () => {
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}
