/** When a schedule runs next, and what becomes of a run that was missed. Pure but for the random source passed in. */
import type { RandomSource } from "../cloud/ports/clock.ts";
import { nextInWindow, parseSchedule } from "./expression/schedule-expression.ts";
import type { Due, Schedule } from "./state.ts";

type Times = Pick<
  Schedule,
  "expression" | "zone" | "startAt" | "endAt" | "windowMinutes" | "enabled" | "anchor" | "target"
>;

const minute = 60_000;

/** The service promises a precision of one minute; what is later than that was missed. */
const precision = minute;

export function dueAfter(schedule: Times, after: number, random: RandomSource): Due | undefined {
  if (!schedule.enabled) return undefined;
  const times = parseSchedule(schedule.expression, schedule.zone);
  const scheduledAt = nextInWindow(times, schedule, after, schedule.anchor);
  if (scheduledAt === undefined) return undefined;
  return { scheduledAt, invokeAt: scheduledAt + Math.floor(random() * schedule.windowMinutes * minute) };
}

/** How long a run may be late at all. */
export const longestDelay = ({ target }: Pick<Schedule, "target">): number =>
  (target.RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400) * 1000;

/**
 * What is due after nobody looked for a while: of all runs that were missed only the last, and only if it is not older
 * than the retry policy allows; otherwise the next one to come.
 */
export function catchUp(schedule: Times & Pick<Schedule, "due">, now: number, random: RandomSource): Due | undefined {
  const { due } = schedule;
  if (!due || due.invokeAt >= now - precision) return due;
  const oldest = now - longestDelay(schedule);
  let latest = due.scheduledAt;
  // Runs older than the policy allows need not be counted through one by one.
  let next = dueAfter(schedule, Math.max(latest, oldest - 1), random);
  while (next && next.scheduledAt <= now) {
    latest = next.scheduledAt;
    next = dueAfter(schedule, latest, random);
  }
  return latest < oldest ? next : { scheduledAt: latest, invokeAt: now };
}
