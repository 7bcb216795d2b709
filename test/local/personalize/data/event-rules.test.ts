import { describe, expect, it } from "@jest/globals";
import { passes, weightOf } from "../../../../local/personalize/data/event-rules.ts";
import { objectiveWeights, ranksOf } from "../../../../local/personalize/data/objective.ts";

describe("which events train", () => {
  const events = [
    { eventType: "watch", eventValueThreshold: 0.5, weight: 0.4 },
    { eventType: "watch", eventValueThreshold: 0.9, weight: 1 },
    { eventType: "click", weight: 0.2 },
    { eventType: "buy" },
  ];

  it.each([
    { why: "no rules", filter: {}, type: "any", value: undefined, trains: true },
    { why: "another type", filter: { eventType: "buy" }, type: "view", value: undefined, trains: false },
    { why: "a value below the threshold", filter: { eventValueThreshold: 2 }, type: "", value: 1.9, trains: false },
    { why: "the threshold itself", filter: { eventValueThreshold: 2 }, type: "", value: 2, trains: true },
    { why: "no value where one is asked for", filter: { eventValueThreshold: 2 }, type: "", value: NaN, trains: false },
    { why: "a type that eventsConfig does not list", filter: { events }, type: "share", value: 1, trains: false },
    { why: "a listed type without threshold", filter: { events }, type: "click", value: undefined, trains: true },
    { why: "a listed type below its threshold", filter: { events }, type: "watch", value: 0.4, trains: false },
    { why: "the lower of two thresholds", filter: { events }, type: "watch", value: 0.6, trains: true },
    {
      why: "a listed type that the overall threshold refuses",
      filter: { events, eventValueThreshold: 1 },
      type: "click",
      value: 0.5,
      trains: false,
    },
  ])("$why: $trains", ({ filter, type, value, trains }) => {
    expect(passes(filter, type, value)).toBe(trains);
  });

  it("each counts as the heaviest rule that takes it says, 1 where none says", () => {
    expect(weightOf({ events }, "watch", 0.6)).toBe(0.4);
    expect(weightOf({ events }, "watch", 0.95)).toBe(1);
    expect(weightOf({ events }, "click", undefined)).toBe(0.2);
    expect(weightOf({ events }, "buy", undefined)).toBe(1);
    expect(weightOf({}, "view", undefined)).toBe(1);
  });
});

describe("an objective", () => {
  it("ranks by share of the catalogue below, ties halfway, nothing known last", () => {
    expect([...ranksOf(Float64Array.of(10, 5, 10, NaN))]).toEqual([0.75, 0.375, 0.75, 0]);
  });

  it("weighs by rank, stronger with sensitivity, and not at all when off", () => {
    const price = { name: "PRICE", kind: "number", values: Float64Array.of(1, 1000) } as const; // ranks 1/4 and 3/4

    expect([...(objectiveWeights(price, "LOW") ?? [])]).toEqual([Math.exp(-0.25), Math.exp(0.25)]);
    expect([...(objectiveWeights(price, "HIGH") ?? [])]).toEqual([Math.exp(-1), Math.exp(1)]);
    expect(objectiveWeights(price, "OFF")).toBeUndefined();
  });
});
