import { describe, expect, it } from "@jest/globals";
import {
  evaluate,
  evaluateStrictly,
  hitPositions,
  makeQuery,
  pessimisticOrder,
} from "../../../../local/personalize/evaluation/evaluate.ts";
import type { Column, Model, Query, Scored, TrainingData } from "../../../../local/recipes/recipe.ts";

/** Users by name with the items they met, one second apart. */
function dataOf(histories: Readonly<Record<string, readonly number[]>>, itemCount: number): TrainingData {
  const lists = Object.values(histories);
  const item = Uint32Array.from(lists.flat());
  return {
    users: Object.keys(histories),
    items: Array.from({ length: itemCount }, (_, i) => `i${i}`),
    offsets: Uint32Array.from(lists.reduce((ends, list) => [...ends, (ends.at(-1) as number) + list.length], [0])),
    item,
    timestamp: Float64Array.from(lists.flatMap((list) => list.map((_, n) => 1000 + n))),
    eventType: new Uint16Array(item.length),
    eventTypes: [""],
    eventValue: new Float32Array(item.length).fill(NaN),
    contextColumns: [],
    itemColumns: [],
    userColumns: [],
    itemCreated: new Float64Array(itemCount),
  };
}

function modelOf(data: TrainingData, recommend: (query: Query) => Scored[]): Model {
  return { recipe: "test", items: data.items, eventTypes: data.eventTypes, recommend, rank: () => [] };
}

const listed = (...items: number[]): Scored[] => items.map((item) => ({ item }));

describe("what a test user is asked", () => {
  const data = dataOf({ a: [5, 6], b: Array.from({ length: 25 }, (_, n) => n) }, 30);

  it("with two interactions: the older one is the input, the newer one the truth", () => {
    const { query, truth } = makeQuery(data, 0, "USER_PERSONALIZATION");

    expect([...(query.history?.item ?? [])]).toEqual([5]);
    expect([...truth]).toEqual([6]);
    expect(query.now).toBe(1000);
    expect(query.item).toBeUndefined();
  });

  it("with 25: the newest floor(2.5) are the truth", () => {
    const { query, truth } = makeQuery(data, 1, "POPULAR_ITEMS");

    expect(query.history?.item).toHaveLength(23);
    expect([...truth]).toEqual([23, 24]);
  });

  it("of a related-items recipe: the last item of the input", () => {
    expect(makeQuery(data, 1, "RELATED_ITEMS").query.item).toBe(22);
  });
});

describe("what only some solutions have", () => {
  const data = dataOf({ a: [5, 6, 7] }, 30);
  const contextColumns: readonly Column[] = [
    { name: "DEVICE", kind: "text", values: ["tv", "tv", "phone"] },
    { name: "HOUR", kind: "number", values: Float64Array.of(1, 2, NaN) },
    {
      name: "MOOD",
      kind: "categorical",
      categories: ["calm", "merry"],
      offsets: Uint32Array.of(0, 0, 0, 2),
      codes: Uint32Array.of(1, 0),
    },
  ];

  it("the context of the interaction to be found goes with the question", () => {
    const { query } = makeQuery({ ...data, contextColumns }, 0, "USER_PERSONALIZATION");

    expect(query.context).toEqual({ DEVICE: "phone", MOOD: "merry|calm" });
    expect(makeQuery(data, 0, "USER_PERSONALIZATION").query).not.toHaveProperty("context");
  });

  it("weights of events and rewards of items add their own metrics under the service's names", () => {
    const weighted = { ...data, eventWeight: Float32Array.of(1, 1, 0.5) };
    const model = modelOf(data, () => listed(1, 7));
    const input = { model, type: "USER_PERSONALIZATION", data: weighted, testUsers: Uint32Array.of(0) } as const;
    const metrics = evaluate({ ...input, reward: new Float64Array(30).fill(2) });

    expect(metrics).toMatchObject({
      normalized_discounted_cumulative_gain_with_event_weights_at_5: 0.6309, // log 2 / log 3
      normalized_discounted_cumulative_gain_with_event_weights_at_25: 0.6309,
      average_rewards_at_k: 1,
    });
    expect(Object.keys(evaluate({ ...input, data }))).toHaveLength(8);
  });
});

describe("ties", () => {
  it("are pessimistic: what is not relevant comes first among equal scores", () => {
    const list = [
      { item: 1, score: 0.5 },
      { item: 2, score: 0.2 },
      { item: 3, score: 0.2 },
      { item: 4, score: 0.2 },
      { item: 5, score: 0.1 },
    ];

    expect(pessimisticOrder(list, new Set([1, 3]))).toEqual([1, 2, 4, 3, 5]);
  });

  it("do not exist among items without scores", () => {
    expect(pessimisticOrder(listed(1, 2, 3), new Set([1]))).toEqual([1, 2, 3]);
  });

  it("leave a model whose scores are all the same, or not numbers, with nothing", () => {
    const data = dataOf({ a: [1, 0] }, 200);
    for (const score of [0.005, NaN]) {
      const model = modelOf(data, ({ count }) => Array.from({ length: count }, (_, item) => ({ item, score })));
      expect(evaluate({ model, type: "USER_PERSONALIZATION", data, testUsers: Uint32Array.of(0) })).toMatchObject({
        mean_reciprocal_rank_at_25: 0,
        precision_at_25: 0,
      });
    }
  });

  it("cannot be gained by naming an item twice", () => {
    expect(hitPositions([4, 7, 4], new Set([4]))).toEqual([1]);
  });
});

describe("the eight metrics", () => {
  // 20 interactions: truth = the last two. Lists are given, so that every number can be worked out by hand.
  const first = [...Array.from({ length: 18 }, () => 0), 7, 8];
  const second = [...Array.from({ length: 18 }, () => 1), 9, 9];
  const data = dataOf({ first, second, third: [2, 3] }, 40);
  const lists: Readonly<Record<number, Scored[]>> = {
    0: listed(10, 7, 11, 12, 8), // hits at 2 and 5: the guide's example
    1: listed(9, 10), // the one distinct truth at 1, a short list
    2: listed(10, 11, 12), // no hit
  };
  const model = modelOf(data, ({ user }) => lists[user as number] as Scored[]);
  const input = { model, type: "USER_PERSONALIZATION", data, testUsers: Uint32Array.of(0, 1, 2) } as const;

  it("are means over the test users, rounded to four decimals", () => {
    expect(evaluate(input)).toEqual({
      coverage: 0.15, // 7, 8, 9, 10, 11, 12 of 40
      mean_reciprocal_rank_at_25: 0.5, // (1/2 + 1 + 0) / 3
      normalized_discounted_cumulative_gain_at_5: 0.5414, // (0.62411 + 1 + 0) / 3
      normalized_discounted_cumulative_gain_at_10: 0.5414,
      normalized_discounted_cumulative_gain_at_25: 0.5414,
      precision_at_5: 0.2, // (2/5 + 1/5 + 0) / 3
      precision_at_10: 0.1,
      precision_at_25: 0.04,
    });
  });

  it("with the strict ideal a user's nDCG is lower only where something was missed", () => {
    expect(evaluateStrictly(input)["normalized_discounted_cumulative_gain_at_5"]).toBe(0.5414);
    const half = modelOf(data, () => listed(7));
    const asked = { ...input, model: half, testUsers: Uint32Array.of(0) };
    expect(evaluate(asked)["normalized_discounted_cumulative_gain_at_5"]).toBe(1);
    expect(evaluateStrictly(asked)["normalized_discounted_cumulative_gain_at_5"]).toBe(0.6131); // 1 / (1 + log 2 / log 3)
  });

  it("look at 25 places only", () => {
    const long = modelOf(data, () => listed(...Array.from({ length: 30 }, (_, n) => 39 - n)));

    expect(evaluate({ ...input, model: long, testUsers: Uint32Array.of(0) })).toMatchObject({
      coverage: 0.625, // 25 of 40
      precision_at_25: 0, // 8 and 7 would stand at 32 and 33
    });
  });

  it("are zero, not NaN, when nobody can be tested", () => {
    const metrics = evaluate({ ...input, testUsers: new Uint32Array() });

    expect(Object.values(metrics)).toEqual(Array(8).fill(0));
  });

  it("cannot be had from a model with other items than the data", () => {
    const other = { ...model, items: data.items.slice(1) };

    expect(() => evaluate({ ...input, model: other })).toThrow("the model's items are not the data's");
  });
});
