/** The recurrent personaliser through its recipes: learns, obeys, repeats itself, survives saving. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { hrnn } from "../../../../local/recipes/hrnn/recipe.ts";
import { defaultsOf } from "../../../../local/recipes/parameters.ts";
import type { Model, TrainingProgress } from "../../../../local/recipes/recipe.ts";
import { dataOf, environment, historyOf, ringWalkers } from "../training-data.ts";

const data = ringWalkers(300, 40);
const parameters = { ...defaultsOf(hrnn), max_user_history_length_percentile: "1" };
const progress: TrainingProgress[] = [];
let model: Model;

beforeAll(async () => {
  model = await hrnn.train(data, parameters, environment({ progress: (now) => progress.push(now) }));
});

const walked = ["item-010", "item-011", "item-012"];

describe("hrnn", () => {
  it("learns what comes next, which popularity cannot know", () => {
    const [first] = model.recommend({ history: historyOf(data, walked), count: 1, now: 2e9 });

    expect(data.items[first!.item]).toBe("item-013");
    expect(first!.score).toBeGreaterThan(0.5);
  });

  it("scores the whole catalogue with a softmax, best first", () => {
    const list = model.recommend({ history: historyOf(data, walked), count: 40, now: 2e9 });

    expect(list).toHaveLength(40);
    expect(list.reduce((sum, { score }) => sum + score!, 0)).toBeCloseTo(1, 6);
    expect(list.map(({ score }) => score)).toEqual(list.map(({ score }) => score!).sort((a, b) => b - a));
  });

  it("keeps the scores of the whole catalogue when only some items are allowed", () => {
    const query = { history: historyOf(data, walked), count: 40, now: 2e9 };
    const all = new Map(model.recommend(query).map(({ item, score }) => [item, score]));

    const some = model.recommend({ ...query, allowed: Uint8Array.of(0, 0b11, 0, 0, 0) });

    expect(some.map(({ item }) => item).sort()).toEqual([8, 9]);
    for (const { item, score } of some) expect(score).toBe(all.get(item));
  });

  it("ranks a list with a softmax over just that list", () => {
    const ranked = model.rank({ history: historyOf(data, walked), count: 3, now: 2e9 }, Uint32Array.of(30, 13, 2));

    expect(ranked[0]!.item).toBe(13);
    expect(ranked.reduce((sum, { score }) => sum + score!, 0)).toBeCloseTo(1, 6);
  });

  it("gives unknown users the popular items", () => {
    const users = new Uint32Array(40);
    for (let u = 0; u < data.users.length; u++) {
      for (const item of new Set(data.item.subarray(data.offsets[u], data.offsets[u + 1]))) users[item]!++;
    }
    const [first] = model.recommend({ count: 1, now: 2e9 });

    expect(users[first!.item]).toBe(Math.max(...users));
  });

  it("reports falling loss and a fraction that ends at one", () => {
    const last = progress.at(-1)!;

    expect(last.fraction).toBeCloseTo(1, 6);
    expect(last.epoch).toBe(last.epochs);
    expect(last.loss).toBeLessThan(progress[0]!.loss! / 1.5);
    expect(progress[0]!.loss).toBeCloseTo(Math.log(40), 0);
  });

  it("gives the same model for the same seed, another for another", async () => {
    const again = await hrnn.train(data, parameters, environment());
    const other = await hrnn.train(data, parameters, environment({ seed: 2 }));

    expect(hrnn.save(again)).toEqual(hrnn.save(model));
    expect(hrnn.save(other)["table"]).not.toEqual(hrnn.save(model)["table"]);
  });

  it("answers the same after saving and loading", () => {
    const query = { history: historyOf(data, walked), count: 10, now: 2e9 };

    expect(hrnn.load(hrnn.save(model)).recommend(query)).toEqual(model.recommend(query));
  });

  it("reads events of types that it never saw, and histories longer than it remembers", () => {
    const long = Array.from({ length: 700 }, (_, n) => `item-${String(n % 40).padStart(3, "0")}`);
    const history = { ...historyOf(data, long), eventType: new Uint16Array(700).fill(9) };

    const [first] = model.recommend({ history, count: 1, now: 2e9 });

    expect(Number.isFinite(first!.score)).toBe(true);
  });

  it.each([
    { why: "width of the network", name: "hidden_dimension", value: "64" },
    { why: "how far the gradient runs back", name: "bptt", value: "4" },
    { why: "newer events counting more", name: "recency_mask", value: "false" },
    { why: "users with long histories", name: "max_user_history_length_percentile", value: "0.5" },
    { why: "users with short histories", name: "min_user_history_length_percentile", value: "0.5" },
  ])("heeds $name: $why", async ({ name, value }) => {
    const changed = await hrnn.train(data, { ...parameters, [name]: value }, environment());

    expect(hrnn.save(changed)["dense"]).not.toEqual(hrnn.save(model)["dense"]);
  });

  it("stops within one batch when it is aborted, with the reason given", async () => {
    const controller = new AbortController();
    const reason = new Error("StopSolutionVersionCreation");
    let batches = 0;
    const training = hrnn.train(
      data,
      parameters,
      environment({
        signal: controller.signal,
        progress: () => {
          if (++batches === 2) controller.abort(reason);
        },
      }),
    );

    await expect(training).rejects.toBe(reason);
    expect(batches).toBe(2);
  });

  it("says what is missing when nobody has two events", async () => {
    await expect(hrnn.train(dataOf([["a"], ["b"]]), parameters, environment())).rejects.toThrow(
      /two interactions or more/,
    );
  });
});

describe("hrnn on two threads", () => {
  it("learns the same things and, with the same seed, the same numbers", async () => {
    const [first, second] = [
      await hrnn.train(data, parameters, environment({ threads: 2 })),
      await hrnn.train(data, parameters, environment({ threads: 2 })),
    ];
    const [best] = first.recommend({ history: historyOf(data, walked), count: 1, now: 2e9 });

    expect(data.items[best!.item]).toBe("item-013");
    expect(hrnn.save(second)).toEqual(hrnn.save(first));
  });
});
