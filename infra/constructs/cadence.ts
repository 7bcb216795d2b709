/** How often a schedule comes round, as far as an alarm needs to know: only what is certain. */
import type { Schedule } from "../../pipeline/config/schedule.ts";

const minutesIn = { minute: 1, hour: 60, day: 1440 };

/** No longer than so many days pass without a scheduled run; null when that is not certain: months differ, for one. */
export function longestGapDays(schedule: Pick<Schedule, "expression"> | undefined): number | null {
  if (schedule === undefined) return null;
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule.expression);
  if (rate) return Math.ceil((Number(rate[1]) * minutesIn[rate[2] as keyof typeof minutesIn]) / minutesIn.day);
  const [, , dayOfMonth = "", month, dayOfWeek = "", year] = schedule.expression.slice("cron(".length, -1).split(" ");
  if (month !== "*" || year !== "*") return null;
  if (dayOfMonth === "*" || dayOfWeek === "*") return 1;
  // `6L` and `3#1` are days of a month, not of every week.
  return dayOfMonth === "?" && !/[L#]/.test(dayOfWeek) ? 7 : null;
}
