/** The next time a cron expression is due: a search through the calendar, years down to minutes, in the zone's own time. */
import { daysIn, type Cron } from "./cron.ts";
import type { TimeZone, WallTime } from "./time-zone.ts";

/**
 * The first due instant after `after`. A time that clocks skip in spring is skipped; one that they show twice in autumn
 * is due the first time only.
 */
export function nextCron(cron: Cron, zone: TimeZone, after: number): number | undefined {
  for (const wall of wallTimes(cron, zone.wallTime(after))) {
    const instant = zone.instantOf(wall);
    if (instant !== undefined && instant > after) return instant;
  }
  return undefined;
}

/** All wall times of an expression from the minute of `from` on, in order. */
function* wallTimes(cron: Cron, from: WallTime): Generator<WallTime> {
  for (const year of cron.years) {
    if (year < from.year) continue;
    for (const month of cron.months) {
      if (year === from.year && month < from.month) continue;
      const isFirstMonth = year === from.year && month === from.month;
      for (let day = isFirstMonth ? from.day : 1; day <= daysIn(year, month); day++) {
        if (!cron.isDay({ year, month, day })) continue;
        yield* timesOfDay(cron, { year, month, day }, isFirstMonth && day === from.day ? from : undefined);
      }
    }
  }
}

function* timesOfDay(
  cron: Cron,
  date: Pick<WallTime, "year" | "month" | "day">,
  from: WallTime | undefined,
): Generator<WallTime> {
  for (const hour of cron.hours) {
    if (from && hour < from.hour) continue;
    for (const minute of cron.minutes) {
      if (from && hour === from.hour && minute < from.minute) continue;
      yield { ...date, hour, minute };
    }
  }
}
