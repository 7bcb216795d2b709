/** What events amount to, and the report that says so. */
import { describe, expect, it } from "@jest/globals";
import { amountsOf, keyOf, merged, windowOf } from "../../../../local/personalize/attribution/amounts.ts";
import { measureOf } from "../../../../local/personalize/attribution/attributed-metric.ts";
import { reportName, reportOf } from "../../../../local/personalize/attribution/report.ts";

describe("an expression", () => {
  it.each([
    ["SAMPLECOUNT()", { kind: "samplecount" }],
    ["SUM(Items.PRICE)", { kind: "sum", dataset: "ITEMS", column: "PRICE" }],
    ["sum( interactions.event_value )", { kind: "sum", dataset: "INTERACTIONS", column: "event_value" }],
    ["SUM(Users.AGE)", undefined],
    ["AVG(Items.PRICE)", undefined],
    ["SAMPLECOUNT(Items.PRICE)", undefined],
  ])("%s means %j", (expression, measure) => {
    expect(measureOf(expression)).toEqual(measure);
  });
});

const clicks = { name: "clicks", eventType: "click", measure: { kind: "samplecount" } } as const;
const spent = {
  name: "spent",
  eventType: "buy",
  measure: { kind: "sum", dataset: "INTERACTIONS", column: "EVENT_VALUE" },
} as const;

describe("an event", () => {
  const buy = (value: number | undefined, timestamp: number) =>
    amountsOf([clicks, spent], { eventType: "buy", timestamp, source: "shop", valueOf: () => value });

  it("adds to the metrics of its type, in the quarter of an hour that it lies in", () => {
    expect(windowOf(1_666_925_124)).toBe(1_666_925_100);
    expect(buy(2.5, 1_666_925_124)).toEqual([
      {
        ...{ metric: "spent", eventType: "buy", function: "sum", source: "shop", window: 1_666_925_100 },
        ...{ count: 1, sum: 2.5, min: 2.5, max: 2.5 },
      },
    ]);
  });

  it("adds nothing to a sum whose column it has no value for", () => {
    expect(buy(undefined, 0)).toEqual([]);
    expect(buy(NaN, 0)).toEqual([]);
  });

  it("is not taken for one of another metric, whatever the names", () => {
    const key = (metric: string, source: string) => keyOf({ metric, window: 900, source });

    expect(key("films 900", "a")).not.toBe(key("films", "900 a"));
    expect(key("films watched", "a b")).not.toBe(key("films", "watched a b"));
  });

  it("is added to others of its window", () => {
    const [first, second] = [buy(2, 900), buy(7, 1799)].flat();

    expect(keyOf(first!)).toBe(keyOf(second!));
    expect(merged(first, second!)).toMatchObject({ count: 2, sum: 9, min: 2, max: 7, window: 900 });
  });
});

describe("a report", () => {
  it("has the service's columns, the newest window first, numbers with a decimal point", () => {
    const amount = { metric: "clicks", eventType: "click", function: "samplecount", count: 3, min: 1, max: 1 } as const;
    const text = reportOf([
      { ...amount, metric: "clicks, all", source: "b", window: 900, sum: 3 },
      { ...amount, source: 'a, "x"', window: 1800, sum: 12 },
      { ...amount, source: "a", window: 900, sum: 0.25, function: "sum" },
    ]);

    expect(text.split("\n")).toEqual([
      "METRIC_NAME,EVENT_TYPE,VALUE,MATH_FUNCTION,EVENT_ATTRIBUTION_SOURCE,TIMESTAMP",
      'clicks,click,12.0,samplecount,"a, ""x""",1800',
      "clicks,click,0.25,sum,a,900",
      '"clicks, all",click,3.0,samplecount,b,900',
      "",
    ]);
    expect(reportName("FULL", 1_666_925_124)).toBe("AggregatedAttributionMetrics - FULL - 1666925124.csv");
  });
});
