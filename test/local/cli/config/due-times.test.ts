import { describe, expect, it } from "@jest/globals";
import { dueTimes, expressionFault, onClock, shortestPause } from "../../../../local/cli/config/due-times.ts";

/** A Monday. */
const monday = Date.UTC(2026, 0, 5);
const iso = (times: readonly number[]) => times.map((time) => new Date(time).toISOString());

describe("due times", () => {
  it.each([
    {
      why: "across the change of clocks it stays three in the morning",
      timed: { expression: "cron(0 3 ? * SUN *)", timezone: "Europe/Berlin" },
      now: Date.UTC(2026, 2, 20),
      due: ["2026-03-22T02:00:00.000Z", "2026-03-29T01:00:00.000Z"],
    },
    {
      why: "day 1 is Sunday",
      timed: { expression: "cron(0 4 ? * 1 *)", timezone: "UTC" },
      now: monday,
      due: ["2026-01-11T04:00:00.000Z", "2026-01-18T04:00:00.000Z"],
    },
    {
      why: "a year that is past never comes",
      timed: { expression: "cron(0 4 1 1 ? 2020)", timezone: "UTC" },
      now: monday,
      due: [],
    },
  ])("$why", ({ timed, now, due }) => {
    expect(iso(dueTimes(timed, now, 2))).toEqual(due);
  });

  it("have a shortest pause, however uneven they are", () => {
    const uneven = { expression: "cron(0,10 3 * * ? *)", timezone: "UTC" };

    expect(shortestPause(uneven, monday)).toBe(600_000);
  });

  it("are told on the clock of their zone", () => {
    expect(onClock(Date.UTC(2026, 5, 1, 22, 30), "Asia/Tokyo")).toBe("Tue 2026-06-02 07:30 Asia/Tokyo");
  });
});

describe("an expression", () => {
  it.each([
    { expression: "cron(0 3 ? * MON *)", fault: undefined },
    { expression: "cron(61 3 ? * MON *)", fault: expect.stringContaining("Invalid Schedule Expression cron(61") },
  ])("$expression is read as Scheduler reads it", ({ expression, fault }) => {
    expect(expressionFault({ expression, timezone: "UTC" })).toEqual(fault);
  });
});
