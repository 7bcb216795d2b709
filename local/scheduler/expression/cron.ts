/**
 * AWS's cron: six fields (minutes hours day-of-month month day-of-week year), the wildcards `, - * / ? L W #`, names for
 * months and days, Sunday = 1. Exactly one of the two day fields is `?`.
 *
 *   a/b       from a to the end of the range in steps of b      FRI-MON   ranges may wrap around, except years
 *   L         day-of-month: the last day; day-of-week: Saturday; 6L: the month's last Friday
 *   15W       the weekday nearest to the 15th, inside the month; LW: the last weekday. No 31st, no 31W.
 *   3#2       the month's second Tuesday; a month without a fifth has none
 */

/** A day of a month as cron sees it. */
export interface MonthDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  readonly years: readonly number[];
  isDay(day: MonthDay): boolean;
}

interface Range {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
  readonly wraps: boolean;
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const ranges = {
  minutes: { name: "minutes", low: 0, high: 59, wraps: true },
  hours: { name: "hours", low: 0, high: 23, wraps: true },
  dayOfMonth: { name: "day-of-month", low: 1, high: 31, wraps: true },
  month: { name: "month", low: 1, high: 12, names: months, wraps: true },
  dayOfWeek: { name: "day-of-week", low: 1, high: 7, names: days, wraps: true },
  year: { name: "year", low: 1970, high: 2199, wraps: false },
} satisfies Record<string, Range>;

type Fault = (reason: string) => Error;

/** @param fields the text between `cron(` and `)`. */
export function parseCron(fields: string, fault: Fault): Cron {
  const parts = fields.trim().split(/\s+/);
  if (parts.length !== 6) throw fault(`cron needs six fields, found ${parts.length}`);
  const [minutes = "", hours = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = parts;
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    throw fault("exactly one of day-of-month and day-of-week must be ?");
  }
  return {
    minutes: parseList(minutes, ranges.minutes, fault),
    hours: parseList(hours, ranges.hours, fault),
    months: parseList(month, ranges.month, fault),
    years: parseList(year, ranges.year, fault),
    isDay: dayOfMonth === "?" ? parseDayOfWeek(dayOfWeek, fault) : parseDayOfMonth(dayOfMonth, fault),
  };
}

function parseList(text: string, range: Range, fault: Fault): number[] {
  const values = new Set<number>();
  for (const item of text.split(",")) for (const value of parseItem(item, range, fault)) values.add(value);
  return [...values].sort((a, b) => a - b);
}

function parseItem(item: string, range: Range, fault: Fault): number[] {
  const [span = "", stepText, ...rest] = item.split("/");
  if (rest.length > 0) throw fault(`${range.name} "${item}" has more than one /`);
  const step = stepText === undefined ? 1 : parseStep(stepText, range, fault);
  const [low, high] = parseSpan(span, range, stepText !== undefined, fault);
  const size = range.high - range.low + 1;
  const length = (low <= high ? high - low : high + size - low) + 1;
  const values: number[] = [];
  for (let i = 0; i < length; i += step) values.push(range.low + ((low - range.low + i) % size));
  return values;
}

function parseStep(text: string, range: Range, fault: Fault): number {
  const step = /^\d+$/.test(text) ? Number(text) : 0;
  if (step < 1 || step > range.high) throw fault(`${range.name} cannot go in steps of "${text}"`);
  return step;
}

/** The first and last value of `*`, `a`, `a-b`; with a step, `a` reaches to the end of the range. */
function parseSpan(span: string, range: Range, hasStep: boolean, fault: Fault): [number, number] {
  if (span === "*") return [range.low, range.high];
  const [first = "", last, ...rest] = span.split("-");
  if (rest.length > 0) throw fault(`${range.name} "${span}" has more than one -`);
  const low = parseValue(first, range, fault);
  if (last === undefined) return [low, hasStep ? range.high : low];
  const high = parseValue(last, range, fault);
  if (high < low && !range.wraps) throw fault(`${range.name} "${span}" runs backwards`);
  return [low, high];
}

function parseValue(text: string, range: Range, fault: Fault): number {
  const named = range.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + range.low : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= range.low && value <= range.high)) {
    throw fault(`${range.name} "${text}" is not between ${range.low} and ${range.high}`);
  }
  return value;
}

export const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** 1 = Sunday. */
const weekday = ({ year, month, day }: MonthDay): number => new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

const isWeekend = (day: MonthDay) => weekday(day) === 1 || weekday(day) === 7;

function parseDayOfMonth(text: string, fault: Fault): Cron["isDay"] {
  if (text === "L") return ({ year, month, day }) => day === daysIn(year, month);
  if (text === "LW") return (date) => date.day === nearestWeekday({ ...date, day: daysIn(date.year, date.month) });
  const near = /^(\d+)W$/.exec(text)?.[1];
  if (near !== undefined) {
    const wanted = parseValue(near, ranges.dayOfMonth, fault);
    return (date) => wanted <= daysIn(date.year, date.month) && date.day === nearestWeekday({ ...date, day: wanted });
  }
  const values = new Set(parseList(text, ranges.dayOfMonth, fault));
  return ({ day }) => values.has(day);
}

/** The weekday nearest to a day, never in another month. */
function nearestWeekday(date: MonthDay): number {
  const { year, month, day } = date;
  if (!isWeekend(date)) return day;
  if (weekday(date) === 7) return day === 1 ? 3 : day - 1;
  return day === daysIn(year, month) ? day - 2 : day + 1;
}

function parseDayOfWeek(text: string, fault: Fault): Cron["isDay"] {
  if (text === "L") return (date) => weekday(date) === 7;
  const last = /^(\w+)L$/i.exec(text)?.[1];
  if (last !== undefined) {
    const wanted = parseValue(last, ranges.dayOfWeek, fault);
    return (date) => weekday(date) === wanted && date.day + 7 > daysIn(date.year, date.month);
  }
  const [name = "", nth, ...rest] = text.split("#");
  if (nth !== undefined) {
    const wanted = parseValue(name, ranges.dayOfWeek, fault);
    if (rest.length > 0 || !/^[1-5]$/.test(nth)) throw fault(`day-of-week "${text}": # takes a week from 1 to 5`);
    return (date) => weekday(date) === wanted && Math.ceil(date.day / 7) === Number(nth);
  }
  const values = new Set(parseList(text, ranges.dayOfWeek, fault));
  return (date) => values.has(weekday(date));
}
