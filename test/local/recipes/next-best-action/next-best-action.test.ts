import { describe, expect, it } from "@jest/globals";
import { calibrate } from "../../../../local/recipes/next-best-action/calibrate.ts";
import { findOccasions, scorableActions } from "../../../../local/recipes/next-best-action/opportunities.ts";
import { nextBestAction } from "../../../../local/recipes/next-best-action/recipe.ts";
import { defaultsOf } from "../../../../local/recipes/parameters.ts";
import type { TrainingData } from "../../../../local/recipes/recipe.ts";
import { dataOf, environment } from "../training-data.ts";

const day = 86_400;
const types = ["TAKEN", "NOT_TAKEN", "VIEWED"];

type Event = readonly [action: string, type: string, day: number];

function actionsOf(users: readonly (readonly Event[])[], actions: readonly string[] = []): TrainingData {
  const data = dataOf(
    users.map((events) => events.map(([action]) => action)),
    actions,
  );
  const events = users.flat();
  return {
    ...data,
    eventTypes: types,
    eventType: Uint16Array.from(events, ([, type]) => types.indexOf(type)),
    timestamp: Float64Array.from(events, ([, , at]) => 1e9 + at * day),
  };
}

describe("occasions", () => {
  const data = actionsOf([
    [
      ["a", "VIEWED", 0],
      ["b", "NOT_TAKEN", 1],
      ["a", "TAKEN", 10],
      ["a", "VIEWED", 11],
    ],
  ]);

  it.each([
    {
      why: "what is taken within the period is one success",
      days: 14,
      expected: [
        [0, 0, true],
        [1, 1, false],
      ],
    },
    {
      why: "what is taken after it is an occasion of its own",
      days: 7,
      expected: [
        [0, 0, false],
        [1, 1, false],
        [0, 2, true],
      ],
    },
  ])("$why", ({ days, expected }) => {
    expect(findOccasions(data, days).map(({ action, position, isTaken }) => [action, position, isTaken])).toEqual(
      expected,
    );
  });
});

describe("actions that can be scored", () => {
  /** As many users, each with one event. */
  const times = (count: number, action: string, type: string, at: number) =>
    Array.from({ length: count }, (): Event[] => [[action, type, at]]);

  it.each([
    { why: "fifty of each", events: [...times(50, "a", "TAKEN", 0), ...times(50, "a", "VIEWED", 40)], can: 1 },
    { why: "not 49 taken", events: [...times(49, "a", "TAKEN", 0), ...times(50, "a", "VIEWED", 0)], can: 0 },
    { why: "not 49 left", events: [...times(50, "a", "TAKEN", 0), ...times(49, "a", "NOT_TAKEN", 0)], can: 0 },
    {
      why: "not those before six weeks",
      events: [...times(50, "a", "TAKEN", 0), ...times(50, "a", "VIEWED", 43)],
      can: 0,
    },
  ])("need $why", ({ events, can }) => {
    expect([...scorableActions(actionsOf(events))]).toEqual([can]);
  });
});

describe("calibration", () => {
  it("finds how often a logit comes true", () => {
    // z = ±2, but only three of four come true on either side: P = .75 means a z = ln 3
    const logits = Array.from({ length: 4000 }, (_, n) => (n % 2 === 0 ? 2 : -2));
    const labels = logits.map((z, n) => Number(n % 8 < 2 ? z < 0 : z > 0));
    const { slope, shift } = calibrate(logits, labels);

    expect(slope * 2).toBeCloseTo(Math.log(3), 2);
    expect(shift).toBeCloseTo(0, 2);
  });
});

describe("next-best-action", () => {
  // young users take "game" three times in four and "pension" once in four, old ones the other way round; "new" has few events
  const users = 400;
  const isYoung = (u: number) => u % 2 === 0;
  const takes = (u: number, liked: boolean, n: number) => (((u >> 1) + n) % 4 !== 0) === liked;
  const data: TrainingData = {
    ...actionsOf(
      Array.from({ length: users }, (_, u): Event[] => [
        ["game", takes(u, isYoung(u), 0) ? "TAKEN" : "NOT_TAKEN", u % 20],
        ["pension", takes(u, !isYoung(u), 1) ? "TAKEN" : "VIEWED", 20 + (u % 10)],
      ]),
      ["new"],
    ),
    userColumns: [
      { name: "AGE", kind: "number", values: Float64Array.from({ length: users }, (_, u) => (isYoung(u) ? 20 : 70)) },
    ],
  };
  const train = () => nextBestAction.train(data, defaultsOf(nextBestAction), environment());
  const byName = (list: readonly { item: number; score?: number }[]) =>
    Object.fromEntries(list.map(({ item, score }) => [data.items[item], score ?? NaN]));

  it("says how likely each kind of user takes each action, and 0 for an action with too few events", async () => {
    const model = await train();
    const young = byName(model.recommend({ user: 0, count: 5, now: 1e9 + 60 * day }));
    const old = byName(model.recommend({ user: 1, count: 5, now: 1e9 + 60 * day }));

    expect(young["new"]).toBe(0);
    for (const [likes, other] of [
      [young["game"], young["pension"]],
      [old["pension"], old["game"]],
    ] as const) {
      expect(likes).toBeGreaterThan(0.6);
      expect(likes).toBeLessThan(0.9);
      expect(other).toBeLessThan(0.4);
      expect(other).toBeGreaterThan(0.1);
    }
  });

  it("orders by propensity", async () => {
    const list = (await train()).recommend({ user: 1, count: 2, now: 1e9 + 60 * day });

    expect(list.map(({ item }) => data.items[item])).toEqual(["pension", "game"]);
  });

  it("is the same after saving and loading", async () => {
    const model = await train();
    const query = { user: 3, count: 3, now: 1e9 + 60 * day };

    expect(nextBestAction.load(nextBestAction.save(model)).recommend(query)).toEqual(model.recommend(query));
  });

  it("says what is missing when no action was ever taken", async () => {
    await expect(
      nextBestAction.train(actionsOf([[["a", "VIEWED", 0]]]), defaultsOf(nextBestAction), environment()),
    ).rejects.toThrow(/0 occasions at which an action was taken and 1 at which it was not.*NOT_TAKEN/);
  });
});
