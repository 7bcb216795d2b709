/** aws-hrnn-coldstart recommends cold items only, places them by their metadata, and refuses data that have too few or too many. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { isAllowed } from "../../../../local/recipes/best-first.ts";
import { coldItems } from "../../../../local/recipes/hrnn-coldstart/cold-items.ts";
import { hrnnColdstart } from "../../../../local/recipes/hrnn-coldstart/recipe.ts";
import { UnlearnableDataError } from "../../../../local/recipes/learnable.ts";
import { defaultsOf } from "../../../../local/recipes/parameters.ts";
import type { Model, TrainingData } from "../../../../local/recipes/recipe.ts";
import { isStranger, twoTribes } from "../tribes.ts";
import { environment, historyOf } from "../training-data.ts";

const day = 86_400;
const plain = twoTribes({ strangers: 120 });
const newest = Math.max(...plain.timestamp);
/** Strangers came two days before the newest interaction, and one of the others (which many have met) as well. */
const data: TrainingData = {
  ...plain,
  itemCreated: Float64Array.from(plain.items, (id) => newest - (isStranger(id) || id === "ants-00" ? 2 : 50) * day),
};
const parameters = {
  ...defaultsOf(hrnnColdstart),
  ...{ hidden_dimension: "32", max_user_history_length_percentile: "1" },
};
const coldOf = (over: Record<string, string> = {}, from = data, now?: number) => {
  const cold = coldItems(from, { ...parameters, ...over }, now);
  return from.items.filter((_, i) => isAllowed(cold, i));
};

describe("cold items", () => {
  it("are young and met by few", () => {
    expect(coldOf()).toEqual(data.items.filter(isStranger));
    expect(coldOf({ cold_start_max_interactions: "100000" })).toContain("ants-00");
  });

  it("have fewer interactions than cold_start_max_interactions, not as many", () => {
    const events = data.item.filter((item) => data.items[item] === "ants-00").length;

    expect(coldOf({ cold_start_max_interactions: String(events) })).not.toContain("ants-00");
    expect(coldOf({ cold_start_max_interactions: String(events + 1) })).toContain("ants-00");
  });

  it("are young as of the newest item, or as of the training", () => {
    const tenDaysLater = newest + 10 * day;

    expect(coldOf({}, data, tenDaysLater)).toHaveLength(120);
    const current = { cold_start_relative_from: "currentTime" };
    expect(() => coldOf(current, data, tenDaysLater)).toThrow(UnlearnableDataError);
    expect(coldOf({ ...current, cold_start_max_duration: "12.5" }, data, tenDaysLater)).toHaveLength(120);
  });

  it("must be from 100 to 80,000", () => {
    const few = twoTribes({ strangers: 50 });
    const many = { ...data, items: Array.from({ length: 80_001 }, (_, i) => `i${i}`), item: new Uint32Array(0) };

    expect(() => coldOf({}, few)).toThrow(
      /has \d+ cold items; there must be from 100 to 80000. Adjust cold_start_max_int/,
    );
    expect(() => coldOf({}, { ...many, itemCreated: new Float64Array(80_001) })).toThrow(/has 80001 cold items/);
  });
});

describe("hrnn-coldstart", () => {
  let model: Model;
  beforeAll(async () => {
    model = await hrnnColdstart.train(data, parameters, environment());
  });
  const ask = (count: number, of = model) =>
    of.recommend({ history: historyOf(data, ["bees-01", "bees-04", "bees-02"]), count, now: 2e9 });

  it("recommends cold items and no others, those that go with the user first", () => {
    const ids = ask(500).map(({ item }) => data.items[item]!);

    expect(ids).toHaveLength(120);
    expect(ids.every(isStranger)).toBe(true);
    expect(ids.slice(0, 20).filter((id) => id.includes("bees")).length).toBeGreaterThanOrEqual(18);
  });

  it("gives unknown users cold items too, and heeds what is allowed", () => {
    const allowed = new Uint8Array(Math.ceil(data.items.length / 8)).fill(0xff, 0, 3);

    const [all, some] = [model.recommend({ count: 500, now: 2e9 }), model.recommend({ count: 500, now: 2e9, allowed })];

    expect(all).toHaveLength(120);
    expect(some.map(({ item }) => item).sort((a, b) => a - b)).toEqual(
      [...Array(24).keys()].filter((item) => isStranger(data.items[item]!)),
    );
  });

  it("answers the same after saving and loading", () => {
    expect(ask(10, hrnnColdstart.load(hrnnColdstart.save(model)))).toEqual(ask(10));
  });

  it("takes new items in by an update of the model, and places them by what they are", async () => {
    const later = twoTribes({ strangers: 124 });
    const more = {
      ...later,
      itemCreated: Float64Array.from(later.items, (id) => newest - (isStranger(id) ? 2 : 50) * day),
    };

    const updated = await hrnnColdstart.train(more, parameters, environment({ base: model }));

    const history = historyOf(more, ["bees-01", "bees-04", "bees-02"]);
    const ids = updated.recommend({ history, count: 500, now: 2e9 }).map(({ item }) => more.items[item]!);
    expect(ids).toHaveLength(124);
    expect(ids.slice(0, 20).filter((id) => id.includes("bees")).length).toBeGreaterThanOrEqual(18);
  });
});
