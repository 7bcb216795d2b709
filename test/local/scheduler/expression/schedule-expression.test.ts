/** Schedule expressions: next runs worked out by hand from a calendar, and by brute force over every minute. */
import { describe, expect, it } from "@jest/globals";
import { parseCron } from "../../../../local/scheduler/expression/cron.ts";
import { nextCron } from "../../../../local/scheduler/expression/next-cron.ts";
import { nextInWindow, parseSchedule } from "../../../../local/scheduler/expression/schedule-expression.ts";
import { timeZone } from "../../../../local/scheduler/expression/time-zone.ts";

const utc = (text: string) => Date.parse(`${text}Z`);

/** The next `count` runs, as UTC to the minute. */
function runs(expression: string, from: string, count = 3, zone = "UTC"): string[] {
  const times = parseSchedule(expression, zone);
  const found: string[] = [];
  let after: number | undefined = utc(from);
  while (found.length < count) {
    after = times.next(after, utc(from));
    if (after === undefined) break;
    found.push(new Date(after).toISOString().slice(0, 16));
  }
  return found;
}

describe("cron", () => {
  // 1 January 2026 is a Thursday.
  it.each<[string, string, string[]]>([
    ["every minute", "* * * * ? *", ["2026-01-01T00:01", "2026-01-01T00:02", "2026-01-01T00:03"]],
    ["a time of day", "15 10 * * ? *", ["2026-01-01T10:15", "2026-01-02T10:15", "2026-01-03T10:15"]],
    ["steps of a star", "*/20 5 * * ? *", ["2026-01-01T05:00", "2026-01-01T05:20", "2026-01-01T05:40"]],
    ["steps from a value", "5/25 5 * * ? *", ["2026-01-01T05:05", "2026-01-01T05:30", "2026-01-01T05:55"]],
    ["steps in a range", "0-30/15 5 * * ? *", ["2026-01-01T05:00", "2026-01-01T05:15", "2026-01-01T05:30"]],
    ["a list", "0 8,20 * * ? *", ["2026-01-01T08:00", "2026-01-01T20:00", "2026-01-02T08:00"]],
    ["hours that wrap around", "0 22-1 * * ? *", ["2026-01-01T01:00", "2026-01-01T22:00", "2026-01-01T23:00"]],
    ["weekdays by name", "0 3 ? * MON-FRI *", ["2026-01-01T03:00", "2026-01-02T03:00", "2026-01-05T03:00"]],
    ["weekdays by number, Sunday = 1", "0 3 ? * 2 *", ["2026-01-05T03:00", "2026-01-12T03:00", "2026-01-19T03:00"]],
    ["weekdays that wrap around", "0 3 ? * FRI-MON *", ["2026-01-02T03:00", "2026-01-03T03:00", "2026-01-04T03:00"]],
    ["names in any case", "0 3 ? jan Sun *", ["2026-01-04T03:00", "2026-01-11T03:00", "2026-01-18T03:00"]],
    ["every day, by weekday", "0 3 ? * * *", ["2026-01-01T03:00", "2026-01-02T03:00", "2026-01-03T03:00"]],
    ["months", "0 0 1 3/4 ? *", ["2026-03-01T00:00", "2026-07-01T00:00", "2026-11-01T00:00"]],
    ["months that wrap around", "0 0 1 NOV-JAN ? *", ["2026-11-01T00:00", "2026-12-01T00:00", "2027-01-01T00:00"]],
    ["the 31st, where there is one", "0 0 31 * ? *", ["2026-01-31T00:00", "2026-03-31T00:00", "2026-05-31T00:00"]],
    ["29 February", "0 0 29 2 ? *", ["2028-02-29T00:00", "2032-02-29T00:00", "2036-02-29T00:00"]],
    ["the last day", "0 0 L * ? *", ["2026-01-31T00:00", "2026-02-28T00:00", "2026-03-31T00:00"]],
    ["the last weekday", "0 0 LW * ? *", ["2026-01-30T00:00", "2026-02-27T00:00", "2026-03-31T00:00"]],
    [
      "nearest weekday: Saturday goes back",
      "0 0 3W * ? *",
      ["2026-01-02T00:00", "2026-02-03T00:00", "2026-03-03T00:00"],
    ],
    ["nearest weekday: Sunday goes on", "0 0 4W 1 ? *", ["2026-01-05T00:00", "2027-01-04T00:00", "2028-01-04T00:00"]],
    ["… but not into another month", "0 0 1W 8 ? *", ["2026-08-03T00:00", "2027-08-02T00:00", "2028-08-01T00:00"]],
    ["… at the end either", "0 0 31W 1,5 ? *", ["2026-01-30T00:00", "2026-05-29T00:00", "2027-01-29T00:00"]],
    ["31W where there is no 31st", "0 0 31W 2-5 ? 2026", ["2026-03-31T00:00", "2026-05-29T00:00"]],
    ["Saturday, the last day of the week", "0 0 ? * L *", ["2026-01-03T00:00", "2026-01-10T00:00", "2026-01-17T00:00"]],
    ["the last Friday", "0 0 ? * 6L *", ["2026-01-30T00:00", "2026-02-27T00:00", "2026-03-27T00:00"]],
    ["the last Friday, by name", "0 0 ? * FRIL *", ["2026-01-30T00:00", "2026-02-27T00:00", "2026-03-27T00:00"]],
    ["the second Tuesday", "0 0 ? * 3#2 *", ["2026-01-13T00:00", "2026-02-10T00:00", "2026-03-10T00:00"]],
    [
      "the fifth Thursday, where there is one",
      "0 0 ? * THU#5 *",
      ["2026-01-29T00:00", "2026-04-30T00:00", "2026-07-30T00:00"],
    ],
    ["years", "0 0 1 1 ? 2027,2030-2031", ["2027-01-01T00:00", "2030-01-01T00:00", "2031-01-01T00:00"]],
    ["every second year", "0 0 1 1 ? 2026/2", ["2028-01-01T00:00", "2030-01-01T00:00", "2032-01-01T00:00"]],
    ["years gone by", "0 0 1 1 ? 2020-2025", []],
    ["a day that never comes", "0 0 30 2 ? *", []],
  ])("%s: %s", (_, fields, expected) => {
    expect(runs(`cron(${fields})`, "2026-01-01T00:00")).toEqual(expected);
  });

  it.each<[string, string, string]>([
    ["five fields", "0 0 * * ?", "needs six fields, found 5"],
    ["seven fields", "0 0 0 * * ? *", "needs six fields, found 7"],
    ["both days starred", "0 0 * * * *", "exactly one of day-of-month and day-of-week must be ?"],
    ["both days unnamed", "0 0 ? * ? *", "exactly one"],
    ["both days named", "0 0 1 * MON *", "exactly one"],
    ["a question mark elsewhere", "? 0 * * ? *", 'minutes "?"'],
    ["a letter", "x 0 * * ? *", 'minutes "x"'],
    ["minute 60", "60 0 * * ? *", "not between 0 and 59"],
    ["hour 24", "0 24 * * ? *", "not between 0 and 23"],
    ["day 0", "0 0 0 * ? *", "not between 1 and 31"],
    ["day 32", "0 0 32 * ? *", "not between 1 and 31"],
    ["month 13", "0 0 1 13 ? *", "not between 1 and 12"],
    ["weekday 0", "0 0 ? * 0 *", "not between 1 and 7"],
    ["weekday 8", "0 0 ? * 8 *", "not between 1 and 7"],
    ["a sixth week", "0 0 ? * 2#6 *", "a week from 1 to 5"],
    ["no week", "0 0 ? * 2# *", "a week from 1 to 5"],
    ["days before the last", "0 0 L-3 * ? *", 'day-of-month "L"'],
    ["L in a list", "0 0 1,L * ? *", 'day-of-month "L"'],
    ["W in a list", "0 0 1W,15W * ? *", 'day-of-month "1W"'],
    ["32W", "0 0 32W * ? *", "not between 1 and 31"],
    ["steps of nothing", "*/0 0 * * ? *", "steps"],
    ["steps without number", "*/ 0 * * ? *", "steps"],
    ["steps beyond the range", "0/60 0 * * ? *", "steps"],
    ["two steps", "0/5/5 0 * * ? *", "more than one /"],
    ["two ranges", "1-2-3 0 * * ? *", "more than one -"],
    ["year 1969", "0 0 1 1 ? 1969", "not between 1970 and 2199"],
    ["years backwards", "0 0 1 1 ? 2030-2029", "runs backwards"],
    ["an empty item", "0,,5 0 * * ? *", "minutes"],
    ["a negative number", "-5 0 * * ? *", "minutes"],
  ])("refuses %s: %s", (_, fields, says) => {
    expect(() => parseSchedule(`cron(${fields})`)).toThrow(says);
  });

  // Independent of the search: ask every minute of a stretch of time whether it is due.
  it.each([
    { fields: "7/13 0/5 ? * MON-WED,SAT *", zone: "UTC", from: "2026-09-25" },
    { fields: "30 2,3 * 3,10 ? *", zone: "Europe/Berlin", from: "2026-10-20" },
    { fields: "0/30 * 1 * ? *", zone: "America/New_York", from: "2026-10-27" },
    { fields: "15 0-4 4-6 * ? *", zone: "Australia/Lord_Howe", from: "2026-09-30" },
    { fields: "0 12 ? * 1#1 *", zone: "Asia/Kathmandu", from: "2026-09-30" },
  ])("agrees with brute force: $fields in $zone", ({ fields, zone: name, from: begin }) => {
    const zone = timeZone(name);
    const cron = parseCron(fields, (reason) => new Error(reason));
    if (!zone) throw new Error(name);
    const from = utc(`${begin}T00:00`);
    const to = from + 8 * 86_400_000;
    const expected: number[] = [];
    const shown = new Set<string>();
    for (let at = from - 86_400_000; at < to; at += 60_000) {
      const wall = zone.wallTime(at);
      const key = JSON.stringify(wall);
      const isFirst = !shown.has(key);
      shown.add(key);
      const isDue =
        cron.minutes.includes(wall.minute) && cron.hours.includes(wall.hour) && cron.months.includes(wall.month);
      if (isFirst && isDue && cron.isDay(wall) && at > from) expected.push(at);
    }

    const found: number[] = [];
    for (let at = nextCron(cron, zone, from); at !== undefined && at < to; at = nextCron(cron, zone, at))
      found.push(at);

    expect(found).toEqual(expected);
    expect(found.length).toBeGreaterThan(0);
  });
});

describe("time zones", () => {
  it.each<[string, string, string, string, string[]]>([
    ["winter time", "0 9 * * ? *", "America/New_York", "2026-01-10T00:00", ["2026-01-10T14:00", "2026-01-11T14:00"]],
    ["summer time", "0 9 * * ? *", "America/New_York", "2026-07-10T00:00", ["2026-07-10T13:00", "2026-07-11T13:00"]],
    ["half hours", "0 9 * * ? *", "Asia/Kolkata", "2026-07-10T00:00", ["2026-07-10T03:30", "2026-07-11T03:30"]],
    [
      "the day before UTC's",
      "0 0 1 * ? *",
      "Pacific/Kiritimati",
      "2026-01-01T00:00",
      ["2026-01-31T10:00", "2026-02-28T10:00"],
    ],
    // Berlin goes from 02:00 to 03:00 on 29 March 2026 and from 03:00 to 02:00 on 25 October 2026.
    [
      "a time skipped in spring is skipped",
      "30 2 * * ? *",
      "Europe/Berlin",
      "2026-03-28T00:00",
      ["2026-03-28T01:30", "2026-03-30T00:30"],
    ],
    [
      "around it all is well",
      "0 3 * * ? *",
      "Europe/Berlin",
      "2026-03-28T12:00",
      ["2026-03-29T01:00", "2026-03-30T01:00"],
    ],
    [
      "a time shown twice in autumn runs once, the first time",
      "30 2 * * ? *",
      "Europe/Berlin",
      "2026-10-24T12:00",
      ["2026-10-25T00:30", "2026-10-26T01:30"],
    ],
    ["asked between the two, it has run", "30 2 * * ? *", "Europe/Berlin", "2026-10-25T00:45", ["2026-10-26T01:30"]],
    [
      "an hourly one pauses for that hour",
      "0 * * * ? *",
      "Europe/Berlin",
      "2026-10-24T23:30",
      ["2026-10-25T00:00", "2026-10-25T02:00"],
    ],
    [
      "a zone that moves by half an hour",
      "15 2 * * ? *",
      "Australia/Lord_Howe",
      "2026-10-03T00:00",
      ["2026-10-04T15:15", "2026-10-05T15:15"],
    ],
  ])("%s", (_, fields, zone, from, expected) => {
    expect(runs(`cron(${fields})`, from, expected.length, zone)).toEqual(expected);
  });

  it("must exist", () => {
    expect(() => parseSchedule("rate(1 day)", "Europe/Atlantis")).toThrow("Europe/Atlantis is not an IANA time zone");
  });
});

describe("rate", () => {
  it("counts elapsed time from the anchor, which is the first run", () => {
    const times = parseSchedule("rate(90 minutes)");
    const anchor = utc("2026-01-01T00:07");

    expect(times.next(anchor - 1, anchor)).toBe(anchor);
    expect(times.next(anchor, anchor)).toBe(anchor + 5_400_000);
    expect(times.next(anchor + 5_400_000, anchor)).toBe(anchor + 10_800_000);
    expect(times.next(anchor + 5_399_999, anchor)).toBe(anchor + 5_400_000);
  });

  it("has days of 24 hours, also when clocks change", () => {
    expect(runs("rate(1 day)", "2026-03-28T12:00", 2, "Europe/Berlin")).toEqual([
      "2026-03-29T12:00",
      "2026-03-30T12:00",
    ]);
  });

  it.each([
    "rate(0 minutes)",
    "rate(-1 hours)",
    "rate(1.5 hours)",
    "rate(5)",
    "rate(5 weeks)",
    "rate(5 seconds)",
    "rate()",
    "Rate(5 hours)",
  ])("refuses %s", (expression) => {
    expect(() => parseSchedule(expression)).toThrow("Invalid Schedule Expression");
  });
});

describe("at", () => {
  it("is one time in its zone", () => {
    expect(runs("at(2026-07-01T09:30:00)", "2026-01-01T00:00", 3, "Europe/Berlin")).toEqual(["2026-07-01T07:30"]);
    expect(runs("at(2026-07-01T09:30:00)", "2026-07-01T09:30")).toEqual([]);
  });

  it.each(["at(2026-02-30T00:00:00)", "at(2026-01-01)", "at(2026-01-01T24:00:00)", "at(2026-01-01T00:00:00Z)", "at()"])(
    "refuses %s",
    (expression) => {
      expect(() => parseSchedule(expression)).toThrow("at needs a date and time");
    },
  );
});

describe("start and end", () => {
  const day = 86_400_000;
  const start = utc("2026-06-01T12:00");
  it.each([
    {
      why: "a cron waits for the start",
      expression: "cron(0 12 * * ? *)",
      window: { startAt: start },
      after: start - 9 * day,
      is: start,
    },
    {
      why: "a run exactly at the end counts",
      expression: "cron(0 12 * * ? *)",
      window: { endAt: start },
      after: start - 1,
      is: start,
    },
    {
      why: "after the end there is none",
      expression: "cron(0 12 * * ? *)",
      window: { endAt: start },
      after: start,
      is: undefined,
    },
    {
      why: "a rate begins at the start",
      expression: "rate(2 days)",
      window: { startAt: start },
      after: start - 9 * day,
      is: start,
    },
    {
      why: "… and counts from it",
      expression: "rate(2 days)",
      window: { startAt: start },
      after: start + 3 * day,
      is: start + 4 * day,
    },
    {
      why: "a one-time schedule does not mind them",
      expression: "at(2026-06-01T12:00:00)",
      window: { endAt: start - 1 },
      after: 0,
      is: start,
    },
  ])("$why", ({ expression, window, after, is }) => {
    expect(nextInWindow(parseSchedule(expression), window, after, 0)).toBe(is);
  });
});

describe("the dialect of EventBridge rules", () => {
  it.each([
    ["rate(1 minute)", true],
    ["rate(1 minutes)", false],
    ["rate(5 minutes)", true],
    ["rate(5 minute)", false],
    ["cron(0 12 * * ? *)", true],
    ["at(2026-06-01T12:00:00)", false],
  ])("%s: %s", (expression, isValid) => {
    const parse = () => parseSchedule(expression, "UTC", "rule");
    if (isValid) expect(parse).not.toThrow();
    else expect(parse).toThrow("Invalid Schedule Expression");
  });
});
