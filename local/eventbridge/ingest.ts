/** Where events come in: matched against the rules of their bus and handed to the delivery queue, whole or not at all. */
import type { EventSink } from "../cloud/ports/service.ts";
import type { DeliveryQueue, NewDelivery } from "./delivery/delivery-queue.ts";
import { envelope, type EventEnvelope } from "./event-envelope.ts";
import { matchesPattern } from "./pattern/matches-pattern.ts";
import { createPatternCache, defaultBus, type EventsState } from "./state.ts";

export interface Ingest {
  /** What these events of one bus set off; nothing is written yet. */
  deliveriesFor(bus: string, event: EventEnvelope): NewDelivery[];
  readonly sink: EventSink;
}

export function createIngest(state: EventsState, queue: DeliveryQueue): Ingest {
  const patternOf = createPatternCache();
  const { clock, ids } = state.deps;

  function deliveriesFor(bus: string, event: EventEnvelope): NewDelivery[] {
    const deliveries: NewDelivery[] = [];
    for (const rule of state.rules.values()) {
      if (rule.bus !== bus || !rule.enabled) continue;
      const pattern = patternOf(rule);
      if (!pattern || !matchesPattern(pattern, event)) continue;
      for (const target of rule.targets) deliveries.push({ event, rule: { name: rule.name, arn: rule.arn }, target });
    }
    return deliveries;
  }

  return {
    deliveriesFor,
    sink: {
      emit: (event) =>
        queue.accept(deliveriesFor(defaultBus, envelope({ ...event, id: ids.uuid(), at: clock.now() }, state.deps))),
    },
  };
}
