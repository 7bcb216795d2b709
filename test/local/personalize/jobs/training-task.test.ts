/** What a training hands to its recipe and takes from it: searches, checkpoints, warm starts, actions, segments. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DatasetType, TrainingJobProgress } from "../../../../local/personalize/job-runner.ts";
import { datasetFolder } from "../../../../local/personalize/data/stored-table.ts";
import { modelFolder } from "../../../../local/personalize/jobs/model-files.ts";
import { runTraining } from "../../../../local/personalize/jobs/training-task.ts";
import type { TrainingTask } from "../../../../local/personalize/jobs/training-task.ts";
import type { Model, Recipe, TrainingData, TrainingEnvironment } from "../../../../local/recipes/recipe.ts";
import {
  avro,
  csv,
  importTexts,
  indexOrderRecipe,
  manyRows,
  temporaryFolder,
} from "../../../support/personalize-data.ts";

const version = "arn:aws:personalize:us-east-1:000000000000:solution/best/0123abcd";
const arnOf = (type: DatasetType) => `arn:aws:personalize:us-east-1:000000000000:dataset/shop/${type}`;
const interactions = avro("Interactions", ["USER_ID", "string"], ["ITEM_ID", "string"], ["TIMESTAMP", "long"]);
const actions = avro("Actions", ["ACTION_ID", "string"], ["VALUE", "long"]);
const actionInteractions = avro(
  "ActionInteractions",
  ["USER_ID", "string"],
  ["ACTION_ID", "string"],
  ["EVENT_TYPE", "string"],
  ["TIMESTAMP", "long"],
);

let folder = temporaryFolder();
beforeEach(async () => {
  folder = temporaryFolder();
  await put("INTERACTIONS", interactions, csv("USER_ID,ITEM_ID,TIMESTAMP", manyRows()));
});
afterEach(() => folder.remove());

const put = (datasetType: DatasetType, schema: string, text: string) =>
  importTexts(
    datasetFolder(folder.path, arnOf(datasetType)),
    { schema, datasetType, jobArn: `arn:job/${text.length}` },
    { "x.csv": text },
  );

const task = (more: Partial<TrainingTask> = {}): TrainingTask => ({
  solutionVersionArn: version,
  datasetGroupArn: "arn:group",
  datasets: [{ datasetArn: arnOf("INTERACTIONS"), datasetType: "INTERACTIONS", schema: interactions }],
  recipe: "stepper",
  parameters: {},
  excludedColumns: {},
  seed: 1,
  trainingMode: "FULL",
  dataDir: folder.path,
  threads: 1,
  ...more,
});

const run = (recipe: Recipe, more: Partial<TrainingTask> = {}, progress: TrainingJobProgress[] = []) => {
  const recipes = { [recipe.name]: recipe };
  const signal = new AbortController().signal;
  return runTraining(task({ recipe: recipe.name, ...more }), {
    ...{ recipes, signal, elapsed: () => 0 },
    progress: (each) => void progress.push(each),
  });
};

/** Recommends the item that many steps after the last one: right with a step of 1, because users go from item to item. */
function stepper(trained: string[] = []): Recipe {
  const make = (items: readonly string[], step: number): Model => ({
    ...{ recipe: "stepper", items, eventTypes: [""] },
    recommend: ({ history }) => [{ item: ((history?.item.at(-1) ?? 0) + step) % items.length }],
    rank: () => [],
  });
  return {
    ...indexOrderRecipe(),
    name: "stepper",
    algorithm: [{ kind: "integer", name: "step", default: "3", min: 1, max: 5, tunable: true }],
    async train({ items, offsets }, parameters, { afterEpoch, progress }) {
      trained.push(`${parameters["step"]} on ${[...offsets].filter((end, u) => end > (offsets[u - 1] ?? 0)).length}`);
      progress({ fraction: 0.5, epoch: 1, epochs: 1 });
      const model = make(items, Number(parameters["step"]));
      afterEpoch?.(1, () => model);
      return model;
    },
    save: () => ({}),
  };
}

describe("a search for hyperparameters", () => {
  const search = {
    kind: "hyperparameters",
    trials: 5,
    space: [{ kind: "integer", name: "step", min: 1, max: 5 }],
  } as const;

  it("finds the best on users kept apart from training and test users, and trains with it on all that may train", async () => {
    const trained: string[] = [];
    const progress: TrainingJobProgress[] = [];
    const { tuned, metrics } = await run(stepper(trained), { parameters: { step: "3" }, search }, progress);

    expect(tuned).toEqual({ step: "1" });
    expect(metrics["mean_reciprocal_rank_at_25"]).toBe(1);
    expect(trained[0]).toBe("3 on 81"); // 100 users, 10 for the test, 9 for the validation; what was given comes first
    expect(trained.slice(0, 5).map((each) => each[0]).sort()).toEqual(["1", "2", "3", "4", "5"]); // prettier-ignore
    expect(trained.slice(5)).toEqual(["1 on 90"]);
    expect(progress.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(["loading the data", "trial 1 of 5", "trial 5 of 5", "evaluating"]),
    );
    const fractions = progress.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it("gives the same for the same seed", async () => {
    const [first, second]: string[][] = [[], []];
    await run(stepper(first), { parameters: { step: "3" }, search });
    await run(stepper(second), { parameters: { step: "3" }, search, solutionVersionArn: `${version}2` });

    expect(second).toEqual(first);
  });

  it("keeps its finished trials when it is killed", async () => {
    const trained: string[] = [];
    const dies = stepper(trained);
    const dying: Recipe = {
      ...dies,
      train: (...all) => (trained.length === 2 ? Promise.reject(new Error("killed")) : dies.train(...all)),
    };
    await expect(run(dying, { parameters: { step: "3" }, search })).rejects.toThrow("killed");
    await run(stepper(trained), { parameters: { step: "3" }, search });

    expect(trained).toHaveLength(6); // five trials and the training, none of them twice
    expect(existsSync(`${modelFolder(folder.path, version)}.checkpoints`)).toBe(false);
  });
});

it("a search among recipes trains the one that does best", async () => {
  const candidates = ["3", "1", "2"].map((step) => ({ recipe: "stepper", parameters: { step } }));
  const { bestRecipe, metrics } = await run(stepper(), {
    search: { kind: "recipes", candidates, metric: "precision_at_5" },
  });

  expect(bestRecipe).toBe("stepper");
  expect(metrics["mean_reciprocal_rank_at_25"]).toBe(1);
});

describe("checkpoints", () => {
  /** Counts to three, a checkpoint after each; dies after the second at its first start. */
  function counting(seen: number[], dieAt: number): Recipe {
    return {
      ...indexOrderRecipe(),
      async train(data, parameters, environment) {
        const { checkpoints } = environment;
        let count = checkpoints?.load()?.["count"]?.[0] ?? 0;
        for (seen.push(count); count < 3;) {
          checkpoints?.save({ count: Uint8Array.of(++count) });
          if (count === dieAt) throw new Error("killed");
        }
        return indexOrderRecipe().train(data, parameters, environment);
      },
    };
  }

  it("let a killed training go on, and go with it", async () => {
    const seen: number[] = [];
    await expect(run(counting(seen, 2))).rejects.toThrow("killed");
    await run(counting(seen, 9));

    expect(seen).toEqual([0, 2]);
    expect(existsSync(`${modelFolder(folder.path, version)}.checkpoints`)).toBe(false);
  });

  it.each([
    { why: "other parameters", more: { parameters: { a: "1" } } },
    { why: "another seed", more: { seed: 2 } },
    { why: "another version", more: { solutionVersionArn: `${version}ef` } },
  ])("of a training with $why do not count", async ({ more }) => {
    const seen: number[] = [];
    await expect(run(counting(seen, 2))).rejects.toThrow("killed");
    await run(counting(seen, 9), more);

    expect(seen).toEqual([0, 0]);
  });

  it("of other data do not count", async () => {
    const seen: number[] = [];
    await expect(run(counting(seen, 2))).rejects.toThrow("killed");
    await put("INTERACTIONS", interactions, csv("USER_ID,ITEM_ID,TIMESTAMP", manyRows({ perUser: 13 })));
    await run(counting(seen, 9));

    expect(seen).toEqual([0, 0]);
  });
});

/** Keeps what the recipe was given. */
function spy(type: Recipe["type"], given: { data?: TrainingData; environment?: TrainingEnvironment }): Recipe {
  const recipe = indexOrderRecipe();
  return {
    ...recipe,
    type,
    async train(data, parameters, environment) {
      Object.assign(given, { data, environment });
      const model = await recipe.train(data, parameters, environment);
      return {
        ...model,
        recommend: (query) => model.recommend(query).map(({ item }) => ({ item, score: 1 / (1 + item) })),
        segment: ({ count }) => Array.from({ length: count }, (_, user) => ({ user, score: 1 })),
      };
    },
  };
}

it("an UPDATE starts from the model of its base", async () => {
  const given: { environment?: TrainingEnvironment } = {};
  await run(indexOrderRecipe());
  await run(spy("USER_PERSONALIZATION", given), {
    solutionVersionArn: `${version}02`,
    ...{ trainingMode: "UPDATE", baseSolutionVersionArn: version, now: 1_700_100_000 },
  });

  expect(given.environment?.base?.items).toHaveLength(40);
  expect(given.environment?.now).toBe(1_700_100_000);
});

it("segments are evaluated on the newest fifth of every user", async () => {
  const given: { data?: TrainingData } = {};
  const { metrics } = await run(spy("USER_SEGMENTATION", given));

  expect(given.data?.item).toHaveLength(100 * 10); // 12 interactions each, of which floor(12 / 5) = 2 are the truth
  // A segment is one user of 100, always u0, who met i10 and i11 last. i10 is the truth of 5 users (u with u mod 40 = 0 or 39), i11 of
  // 6 (0 or 1); all 40 items are asked for.
  expect(metrics).toEqual({
    coverage: 0.01,
    hits_at_1_percent: 0.05, // 2 of 40
    recall_at_1_percent: 0.0092, // (1/5 + 1/6) / 40
  });
});

it("actions are learnt from with what the same users did with items, and evaluated by propensity", async () => {
  const rows = manyRows({ users: 60, perUser: 10, items: 4 }).map(([user, item, time], n) => [
    ...[user, item.replace("i", "a"), n % 2 === 0 ? "Taken" : "Viewed", time],
  ]);
  await put("ACTION_INTERACTIONS", actionInteractions, csv("USER_ID,ACTION_ID,EVENT_TYPE,TIMESTAMP", rows));
  await put("ACTIONS", actions, csv("ACTION_ID,VALUE", [["a0", 1], ["a1", 2], ["new", 3]])); // prettier-ignore
  const source = (datasetType: DatasetType, schema: string) => ({
    datasetArn: arnOf(datasetType),
    datasetType,
    schema,
  });
  const given: { data?: TrainingData } = {};
  const { metrics, items } = await run(spy("PERSONALIZED_ACTIONS", given), {
    datasets: [
      source("INTERACTIONS", interactions),
      source("ACTION_INTERACTIONS", actionInteractions),
      source("ACTIONS", actions),
    ],
  });

  expect(items).toBe(5);
  expect(given.data?.items).toEqual(["a0", "a1", "a2", "a3", "new"]);
  expect(given.data?.itemColumns.map(({ name }) => name)).toEqual(["VALUE"]);
  expect(given.data?.eventTypes).toEqual(["Taken", "Viewed"]);
  expect(given.data?.users).toHaveLength(100); // forty of them know items only
  expect(given.data?.behaviour?.users).toEqual(given.data?.users);
  expect(given.data?.behaviour?.items).toHaveLength(40);
  expect(given.data?.item).toHaveLength(600 - 60 - 60); // a tenth of the 60 users for the test, a tenth for validation
  expect(Object.keys(metrics)).toEqual(["precision", "recall", "AUC"]);
});

it("leaves its model nowhere but in its folder", async () => {
  await run(indexOrderRecipe());

  expect(existsSync(join(modelFolder(folder.path, version), "manifest.json"))).toBe(true);
});
