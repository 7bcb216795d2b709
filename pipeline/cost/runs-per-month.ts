/** How often a schedule comes round in an average month. */
import type { Schedule } from "../config/schedule.ts";
import { hoursPerMonth } from "./month-cost.ts";

const daysPerMonth = hoursPerMonth / 24;
const minutes = { minute: 1, hour: 60, day: 1_440 } as const;

/** Exact for `rate`; for `cron` the average over a year. */
export function runsPerMonth({ expression }: Pick<Schedule, "expression">): number {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) return (hoursPerMonth * 60) / (Number(rate[1]) * minutes[rate[2] as keyof typeof minutes]);
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = ""] = expression
    .slice("cron(".length, -1)
    .split(" ");
  const days = dayOfMonth === "?" ? weekdays(dayOfWeek) : monthDays(dayOfMonth);
  return values(minute, 0, 59) * values(hour, 0, 23) * days * (values(month, 1, 12) / 12);
}

/** `6L` and `3#1` come once a month. */
const weekdays = (field: string): number => (/[L#]/.test(field) ? 1 : (values(field, 1, 7) / 7) * daysPerMonth);

/** `L` and `15W` come once a month. */
const monthDays = (field: string): number => (/[LW]/.test(field) ? 1 : (values(field, 1, 31) / 31) * daysPerMonth);

const names: readonly string[] = [
  ...["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
  ...["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
];

/** Days and months are counted from 1, as cron does. */
const numberOf = (text: string): number => {
  const at = names.indexOf(text);
  return at < 0 ? Number(text) : at < 7 ? at + 1 : at - 6;
};

/** How many values a cron field stands for: `*`, `1-5`, `0/15`, `MON,FRI`. */
function values(field: string, low: number, high: number): number {
  const found = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "", step] = part.split("/");
    const [from = "", to] = range.split("-");
    const first = range === "*" ? low : numberOf(from);
    const last = range === "*" || (to === undefined && step !== undefined) ? high : numberOf(to ?? from);
    for (let value = first; value <= last; value += Number(step ?? 1)) found.add(value);
  }
  return found.size;
}
