/**
 * `cron(...)`, `rate(...)` and `at(...)`: parsed once, then asked for the next time after an instant. Pure.
 *
 *   cron   in the schedule's zone; see cron.ts
 *   rate   exact elapsed time from an anchor: the start date or, without one, the moment the schedule was made, which
 *          is itself the first run; a day is always 24 hours
 *   at     once, in the schedule's zone
 *
 * Rules of EventBridge speak an older dialect: UTC only, no `at`, and a rate of 1 is singular, any other plural.
 */
import { parseCron } from "./cron.ts";
import { InvalidExpression } from "./invalid-expression.ts";
import { nextCron } from "./next-cron.ts";
import { timeZone, type TimeZone } from "./time-zone.ts";

export interface ScheduleTimes {
  /** True for `at`, which start and end dates do not limit. */
  readonly isOneTime: boolean;
  /** The first time after `after`; `anchor` is where a rate counts from. */
  next(after: number, anchor: number): number | undefined;
}

export interface ScheduleWindow {
  readonly startAt?: number;
  readonly endAt?: number;
}

export type Dialect = "schedule" | "rule";

const unitMilliseconds: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export function parseSchedule(expression: string, zoneName = "UTC", dialect: Dialect = "schedule"): ScheduleTimes {
  const fault = (reason: string) => new InvalidExpression(expression, reason);
  const zone = timeZone(zoneName);
  if (!zone) throw new InvalidExpression(expression, `${zoneName} is not an IANA time zone`);
  const [, kind, body = ""] = /^(cron|rate|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "cron") {
    const cron = parseCron(body, fault);
    return { isOneTime: false, next: (after) => nextCron(cron, zone, after) };
  }
  if (kind === "rate") return rateTimes(parseRate(body, dialect, fault));
  if (kind === "at" && dialect === "schedule") return oneTime(body, zone, fault);
  throw fault(dialect === "rule" ? "use cron() or rate()" : "use cron(), rate() or at()");
}

function parseRate(body: string, dialect: Dialect, fault: (reason: string) => Error): number {
  const [, digits = "", unit = "", plural] = /^\s*(\d+)\s+(minute|hour|day)(s?)\s*$/.exec(body) ?? [];
  const value = Number(digits);
  const milliseconds = value * (unitMilliseconds[unit] ?? 0);
  if (!(milliseconds > 0)) throw fault("rate needs a positive whole number and minutes, hours or days");
  if (dialect === "rule" && (value === 1) !== (plural === "")) {
    throw fault(`write ${value} ${unit}${value === 1 ? "" : "s"}`);
  }
  return milliseconds;
}

const rateTimes = (period: number): ScheduleTimes => ({
  isOneTime: false,
  next: (after, anchor) => (after < anchor ? anchor : anchor + (Math.floor((after - anchor) / period) + 1) * period),
});

function oneTime(body: string, zone: TimeZone, fault: (reason: string) => Error): ScheduleTimes {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(body)?.slice(1).map(Number);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts ?? [];
  const probe = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const exists = parts !== undefined && probe.toISOString().slice(0, 19) === body;
  if (!exists) throw fault("at needs a date and time as yyyy-mm-ddThh:mm:ss");
  const instant = zone.instantOf({ year, month, day, hour, minute, second });
  return { isOneTime: true, next: (after) => (instant !== undefined && instant > after ? instant : undefined) };
}

/** The next time inside the schedule's window; `anchor` as for `ScheduleTimes.next`. */
export function nextInWindow(
  times: ScheduleTimes,
  { startAt, endAt }: ScheduleWindow,
  after: number,
  anchor: number,
): number | undefined {
  if (times.isOneTime) return times.next(after, anchor);
  // A run exactly at the start date counts.
  const next = times.next(Math.max(after, (startAt ?? -Infinity) - 1), startAt ?? anchor);
  return next === undefined || (endAt !== undefined && next > endAt) ? undefined : next;
}
