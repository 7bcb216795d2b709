/** The second versions through their recipe: learn, obey, repeat themselves, go on after a crash, survive saving. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { defaultsOf } from "../../../../local/recipes/parameters.ts";
import { personalizedRankingV2 } from "../../../../local/recipes/personalized-ranking-v2/recipe.ts";
import type { Checkpoints, Model, TrainingData, TrainingProgress } from "../../../../local/recipes/recipe.ts";
import { userPersonalizationV2 as recipe } from "../../../../local/recipes/user-personalization-v2/recipe.ts";
import { dataOf, environment, historyOf, ringWalkers } from "../training-data.ts";

const data = ringWalkers(120, 40);
const few = ringWalkers(30, 40);
const parameters = defaultsOf(recipe);
const progress: TrainingProgress[] = [];
let model: Model;

beforeAll(async () => {
  model = await recipe.train(data, parameters, environment({ progress: (now) => progress.push(now), threads: 2 }));
});

const walked = ["item-010", "item-011", "item-012"];

/** Keeps what was saved last, and fails a training after some saves as a killed process would. */
function keptCheckpoints(): Checkpoints & { saves: number } {
  let last: Readonly<Record<string, Uint8Array>> | undefined;
  const kept = {
    saves: 0,
    load: () => last,
    save: (blobs: Readonly<Record<string, Uint8Array>>) => {
      last = blobs;
      kept.saves++;
    },
  };
  return kept;
}

describe("user-personalization-v2", () => {
  it("learns what comes next, which popularity cannot know", () => {
    const [first] = model.recommend({ history: historyOf(data, walked), count: 1, now: 2e9 });

    expect(data.items[first!.item]).toBe("item-013");
    expect(first!.score).toBeGreaterThan(0.4);
  });

  it("scores sum to one over what is scored, best first", () => {
    const list = model.recommend({ history: historyOf(data, walked), count: 40, now: 2e9 });

    expect(list.reduce((sum, { score }) => sum + score!, 0)).toBeCloseTo(1, 5);
    expect(list.map(({ score }) => score)).toEqual(list.map(({ score }) => score!).sort((a, b) => b - a));
  });

  it("answers many queries as it answers each", () => {
    const histories = Array.from({ length: 19 }, (_, n) =>
      historyOf(
        data,
        walked.map((_item, k) => `item-${String((3 * n + k) % 40).padStart(3, "0")}`),
      ),
    );
    const allowed = Uint8Array.of(255, 0b11, 255, 0, 255);
    const queries = [
      ...histories.map((history) => ({ history, count: 5, now: 2e9, allowed })),
      { count: 3, now: 2e9 }, // nobody known
    ];

    const together = model.recommendMany!(queries);

    queries.forEach((query, n) => {
      const alone = model.recommend(query);
      expect(together[n]!.map(({ item }) => item)).toEqual(alone.map(({ item }) => item));
      alone.forEach(({ score }, at) => expect(together[n]![at]!.score).toBeCloseTo(score!, 5));
    });
  });

  it("reports falling loss, the users kept apart, and a fraction that only rises, to one", () => {
    const fractions = progress.map(({ fraction }) => fraction);

    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeCloseTo(1, 6);
    expect(progress.at(-1)!.epoch).toBe(progress.at(-1)!.epochs);
    expect(progress.at(-1)!.loss).toBeLessThan(progress[0]!.loss! / 1.5);
    expect(progress.at(-1)!.metric!.value).toBeGreaterThan(0.3);
  });

  it("gives the same model for the same seed on two threads, another for another", async () => {
    const again = await recipe.train(data, parameters, environment({ threads: 2 }));
    const other = await recipe.train(data, parameters, environment({ threads: 2, seed: 2 }));

    expect(recipe.save(again)).toEqual(recipe.save(model));
    expect(recipe.save(other)["table"]).not.toEqual(recipe.save(model)["table"]);
  });

  it.each([2, 6])("goes on to the same model after it was killed behind checkpoint %i", async (saves) => {
    const checkpoints = keptCheckpoints();
    const killed = new AbortController();
    const dying = {
      ...checkpoints,
      save: (blobs: Record<string, Uint8Array>) => {
        checkpoints.save(blobs);
        if (checkpoints.saves === saves) killed.abort(new Error("killed"));
      },
    };
    const first = recipe.train(
      data,
      parameters,
      environment({ threads: 2, checkpoints: dying, signal: killed.signal }),
    );
    await expect(first).rejects.toThrow("killed");

    const resumed = await recipe.train(data, parameters, environment({ threads: 2, checkpoints }));

    expect(recipe.save(resumed)).toEqual(recipe.save(model));
  });

  it("ends with the model so far when its watcher has seen enough", async () => {
    const epochs: number[] = [];
    const early = await recipe.train(
      few,
      parameters,
      environment({
        threads: 2,
        afterEpoch: (epoch, look) => {
          epochs.push(epoch);
          expect(look().items).toEqual(few.items);
          return epochs.length < 2;
        },
      }),
    );

    expect(epochs).toHaveLength(2);
    expect(early.items).toEqual(few.items);
  });

  it("answers the same after saving and loading", () => {
    const query = { history: historyOf(data, walked), count: 10, now: 2e9 };

    expect(recipe.load(recipe.save(model)).recommend(query)).toEqual(model.recommend(query));
  });

  it("reads events of types that it never saw, and histories longer than it remembers", () => {
    const long = Array.from({ length: 700 }, (_, n) => `item-${String(n % 40).padStart(3, "0")}`);
    const history = { ...historyOf(data, long), eventType: new Uint16Array(700).fill(9) };

    const [first] = model.recommend({ history, count: 1, now: 2e9 });

    expect(Number.isFinite(first!.score)).toBe(true);
  });

  it("heeds apply_recency_bias and the weights of events", async () => {
    const train = async (of: TrainingData, chosen: Record<string, string>) =>
      recipe.save(await recipe.train(of, chosen, environment()))["dense"];
    const eventWeight = Float32Array.from(few.item, (_, n) => (n % 3 === 0 ? 3 : 1));
    const plain = await train(few, parameters);

    expect(await train(few, { apply_recency_bias: "false" })).not.toEqual(plain);
    expect(await train({ ...few, eventWeight }, parameters)).not.toEqual(plain);
  });

  it("says what is missing when nobody has two events, and when there are none", async () => {
    await expect(recipe.train(dataOf([["a"], ["b"]]), parameters, environment())).rejects.toThrow(
      /two interactions or more/,
    );
    await expect(recipe.train(dataOf([], ["a"]), parameters, environment())).rejects.toThrow(/no interactions/);
  });
});

describe("personalized-ranking-v2", () => {
  it("ranks the given list with a softmax over just that list", async () => {
    const ranking = personalizedRankingV2.load(personalizedRankingV2.save(model));
    const ranked = ranking.rank({ history: historyOf(data, walked), count: 3, now: 2e9 }, Uint32Array.of(30, 13, 2));

    expect(ranked[0]!.item).toBe(13);
    expect(ranked.reduce((sum, { score }) => sum + score!, 0)).toBeCloseTo(1, 6);
  });
});
