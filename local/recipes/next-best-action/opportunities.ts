/**
 * What next-best-action learns from: occasions at which a user met an action, and whether it was taken within the
 * optimisation period.
 *
 *   An occasion opens at the first event of a user with an action and lasts `action_optimization_period` days; all their
 *   events within belong to it. It is a success if one of them is TAKEN. The next event after it opens another.
 *
 * An action can be scored when, in the six weeks before its latest event, it was taken at least fifty times and left at least
 * fifty times (NOT_TAKEN or VIEWED), as in the service.
 */
import type { TrainingData } from "../recipe.ts";

export type Outcome = "taken" | "left" | "none";

/** TAKEN, Not taken, not-taken: the guide's spelling and its examples' differ. Other types say nothing. */
export function outcomeOf(eventType: string): Outcome {
  const name = eventType
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, "_");
  return name === "TAKEN" ? "taken" : name === "NOT_TAKEN" || name === "VIEWED" ? "left" : "none";
}

export interface Occasion {
  readonly user: number;
  readonly action: number;
  /** Where it opens: the user's events before this position are their past. */
  readonly position: number;
  readonly isTaken: boolean;
}

type Actions = Pick<TrainingData, "users" | "items" | "offsets" | "item" | "timestamp" | "eventType" | "eventTypes">;

const daySeconds = 86_400;

export function findOccasions(data: Actions, periodDays: number): Occasion[] {
  const outcomes = data.eventTypes.map(outcomeOf);
  const found: { user: number; action: number; position: number; isTaken: boolean }[] = [];
  for (let user = 0; user + 1 < data.offsets.length; user++) {
    const open = new Map<number, (typeof found)[number]>();
    for (let n = data.offsets[user]!; n < data.offsets[user + 1]!; n++) {
      const outcome = outcomes[data.eventType[n]!];
      if (outcome === "none") continue;
      const action = data.item[n]!;
      let occasion = open.get(action);
      if (!occasion || data.timestamp[n]! - data.timestamp[occasion.position]! > periodDays * daySeconds) {
        occasion = { user, action, position: n, isTaken: false };
        open.set(action, occasion);
        found.push(occasion);
      }
      if (outcome === "taken") occasion.isTaken = true;
    }
  }
  return found;
}

const windowSeconds = 42 * daySeconds;
const fewestOfEach = 50;

/** (actions) 1 where an action has enough of both outcomes to be scored. */
export function scorableActions(data: Actions): Uint8Array {
  const outcomes = data.eventTypes.map(outcomeOf);
  const latest = new Float64Array(data.items.length).fill(-Infinity);
  data.item.forEach((action, n) => (latest[action] = Math.max(latest[action]!, data.timestamp[n]!)));
  const taken = new Uint32Array(data.items.length);
  const left = new Uint32Array(data.items.length);
  data.item.forEach((action, n) => {
    const outcome = outcomes[data.eventType[n]!];
    if (outcome === "none" || latest[action]! - data.timestamp[n]! > windowSeconds) return;
    (outcome === "taken" ? taken : left)[action]!++;
  });
  return Uint8Array.from(taken, (count, action) => Number(count >= fewestOfEach && left[action]! >= fewestOfEach));
}
