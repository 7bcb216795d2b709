/** What a user has met: the ids among the newest interactions of each event type, whatever the case of its name. Pure. */
import type { Interaction } from "../job-runner.ts";
import type { EventTypes } from "./let-through.ts";

/** @param perType how many of each event type count, the newest @param interactions oldest first */
export function metBy(interactions: readonly Interaction[], eventTypes: EventTypes, perType: number): Set<string> {
  const counts = new Map<string, number>();
  const met = new Set<string>();
  for (let n = interactions.length - 1; n >= 0; n--) {
    const { eventType, itemId } = interactions[n] as Interaction;
    const type = eventType.toLowerCase();
    if (eventTypes && !eventTypes.has(type)) continue;
    const count = counts.get(type) ?? 0;
    if (count >= perType) continue;
    counts.set(type, count + 1);
    met.add(itemId);
  }
  return met;
}
