/** When schedules are due, by the same reading of the expressions that the embedded cloud has. Pure. */
import { InvalidExpression } from "../../scheduler/expression/invalid-expression.ts";
import { parseSchedule } from "../../scheduler/expression/schedule-expression.ts";

export interface Timed {
  readonly expression: string;
  readonly timezone: string;
}

/**
 * The next `count` due times after `now`, in milliseconds; fewer when the expression has an end. A rate begins when the
 * schedule is made, which `anchor` is.
 */
export function dueTimes({ expression, timezone }: Timed, now: number, count: number, anchor = now): number[] {
  const times = parseSchedule(expression, timezone);
  const due: number[] = [];
  for (let next = times.next(now, anchor); next !== undefined && due.length < count;) {
    due.push(next);
    next = times.next(next, anchor);
  }
  return due;
}

/** Why Scheduler would refuse the expression; undefined when it would not. */
export function expressionFault(timed: Timed): string | undefined {
  try {
    parseSchedule(timed.expression, timed.timezone);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidExpression) return error.message;
    throw error;
  }
}

/** Milliseconds between the closest two of the next due times; undefined when it is due less than twice. */
export function shortestPause(timed: Timed, now: number): number | undefined {
  const due = dueTimes(timed, now, 25);
  const pauses = due.slice(1).map((time, at) => time - (due[at] ?? time));
  return pauses.length === 0 ? undefined : Math.min(...pauses);
}

/** `Mon 2026-11-30 03:00 Europe/Berlin`. */
export function onClock(time: number, timezone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone: timezone, weekday: "short", hourCycle: "h23" },
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
  }).formatToParts(time);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  const date = [part("year"), part("month"), part("day")].join("-");
  return `${part("weekday")} ${date} ${part("hour")}:${part("minute")} ${timezone}`;
}
