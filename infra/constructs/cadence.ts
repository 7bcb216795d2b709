/** How often a schedule comes round, as far as an alarm needs to know. */
import type { Schedule } from "../../pipeline/config/schedule.ts";

/** True when no week passes without a scheduled run. Only what is certain: a list of days in a month is not. */
export function atLeastWeekly(schedule: Pick<Schedule, "expression"> | undefined): boolean {
  if (schedule === undefined) return false;
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule.expression);
  if (rate) return Number(rate[1]) * { minute: 1, hour: 60, day: 1440 }[rate[2] as "minute" | "hour" | "day"] <= 10_080;
  const [, , dayOfMonth = "", month, dayOfWeek = "", year] = schedule.expression.slice("cron(".length, -1).split(" ");
  if (month !== "*" || year !== "*") return false;
  // `6L` and `3#1` are days of a month, not of every week.
  return dayOfMonth === "?" ? !/[L#]/.test(dayOfWeek) : dayOfMonth === "*";
}
