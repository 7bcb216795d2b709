/** aws-user-personalization explores when it is asked to, and only then. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { defaultsOf } from "../../../../local/recipes/parameters.ts";
import type { Model, Query } from "../../../../local/recipes/recipe.ts";
import { userPersonalization } from "../../../../local/recipes/user-personalization/recipe.ts";
import { isStranger, twoTribes } from "../tribes.ts";
import { environment, historyOf } from "../training-data.ts";

const day = 86_400;
const plain = twoTribes();
const newest = Math.max(...plain.timestamp);
const data = {
  ...plain,
  itemCreated: Float64Array.from(plain.items, (id) => newest - (isStranger(id) ? 3 : 300) * day),
};
const parameters = {
  ...defaultsOf(userPersonalization),
  ...{ hidden_dimension: "32", max_user_history_length_percentile: "1" },
};
let model: Model;

beforeAll(async () => {
  model = await userPersonalization.train(data, parameters, environment());
});

const ask = (over: Partial<Query> = {}, of = model) =>
  of
    .recommend({ history: historyOf(data, ["ants-01", "ants-04"]), count: 5, now: 2e9, ...over })
    .map(({ item, score, reason }) => ({ id: data.items[item]!, score, reason }));
const exploration = (weight: number, itemAgeCutOffDays = 30) => ({ weight, itemAgeCutOffDays, random: () => 0.4 });

describe("user-personalization", () => {
  it("gives pure relevance at weight 0, and where nobody asks for exploration", () => {
    expect(ask({ exploration: exploration(0) }).map(({ id }) => id)).toEqual(ask().map(({ id }) => id));
    expect(ask().some(({ id }) => isStranger(id))).toBe(false);
  });

  it("puts new items into the list, the one that goes with the user first, scores falling along the list", () => {
    const list = ask({ exploration: exploration(1) });

    expect(list.slice(0, 2).map(({ id }) => id)).toEqual(["new-ants-00", "new-bees-00"]);
    expect(list[0]!.reason).toBe("Exploration");
    const scores = list.map(({ score }) => score!);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it("leaves items older than the cutoff aside", () => {
    expect(ask({ exploration: exploration(1, 2) })).toEqual(ask());
  });

  it("explores the same after saving and loading", () => {
    const asked = { exploration: exploration(0.7) };

    expect(ask(asked, userPersonalization.load(userPersonalization.save(model)))).toEqual(ask(asked));
  });
});
