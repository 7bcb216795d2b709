/** A training that is watched, ended early, killed and resumed, or built upon an earlier model. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { hrnn } from "../../../../local/recipes/hrnn/recipe.ts";
import { UnlearnableDataError } from "../../../../local/recipes/learnable.ts";
import { defaultsOf } from "../../../../local/recipes/parameters.ts";
import type { Model, TrainingData, TrainingProgress } from "../../../../local/recipes/recipe.ts";
import { dataOf, environment, historyOf, ringWalkers } from "../training-data.ts";

type Saved = Readonly<Record<string, Uint8Array>>;

const data = ringWalkers(120, 20);
const parameters = { ...defaultsOf(hrnn), hidden_dimension: "32", max_user_history_length_percentile: "1" };

/** Trains to the end, keeping what is saved after each epoch and what is reported. */
async function watched(over: Parameters<typeof environment>[0] = {}, on: TrainingData = data) {
  const saved: Saved[] = [];
  const progress: TrainingProgress[] = [];
  const model = await hrnn.train(
    on,
    parameters,
    environment({
      progress: (now) => progress.push(now),
      checkpoints: { load: () => undefined, save: (blobs) => saved.push(blobs) },
      ...over,
    }),
  );
  return { model, saved, progress };
}

const best = (model: Model, on: TrainingData, walked: readonly string[]) =>
  on.items[model.recommend({ history: historyOf(on, walked), count: 1, now: 2e9 })[0]!.item];

describe("a training that is killed", () => {
  let whole: Awaited<ReturnType<typeof watched>>;
  beforeAll(async () => {
    whole = await watched();
  });

  it("leaves word after each epoch, and goes on from there to the very same model", async () => {
    expect(whole.saved).toHaveLength(whole.progress.at(-1)!.epochs);
    for (const kept of [whole.saved[1]!, whole.saved.at(-1)!]) {
      const resumed = await watched({ checkpoints: { load: () => kept, save: () => {} } });

      expect(hrnn.save(resumed.model)).toEqual(hrnn.save(whole.model));
      expect(resumed.progress[0]?.epoch).toBe(kept === whole.saved[1] ? 3 : undefined);
    }
  });

  it("begins anew when what was left has another shape", async () => {
    const other = { ...whole.saved[1]!, table: new Uint8Array(8) };

    const resumed = await watched({ checkpoints: { load: () => other, save: () => {} } });

    expect(resumed.progress[0]!.epoch).toBe(1);
    expect(hrnn.save(resumed.model)).toEqual(hrnn.save(whole.model));
  });
});

describe("a training that is watched", () => {
  it("tells how well it does on users kept apart, better and better", async () => {
    const { progress } = await watched();
    const metrics = progress.flatMap(({ metric }) => (metric ? [metric] : []));

    expect(metrics[0]!.name).toBe("mean_reciprocal_rank_at_25");
    expect(metrics.at(-1)!.value).toBeGreaterThan(metrics[0]!.value);
    expect(metrics.at(-1)!.value).toBeLessThanOrEqual(1);
  });

  it("shows a model after each epoch, and ends with the model so far when it is told to", async () => {
    const shown: Model[] = [];
    const { model, saved, progress } = await watched({
      afterEpoch: (epoch, now) => {
        shown.push(now());
        return epoch < 2;
      },
    });

    expect(shown).toHaveLength(2);
    expect(shown[0]!.recommend({ history: historyOf(data, ["item-003"]), count: 20, now: 2e9 })).toHaveLength(20);
    expect(progress.at(-1)!.epoch).toBe(2);
    expect(hrnn.save(shown[1]!)["table"]).toEqual(hrnn.save(model)["table"]);

    const resumed = await watched({ checkpoints: { load: () => saved.at(-1), save: () => {} } });
    expect(resumed.progress).toEqual([]); // it was ended, so there is nothing to go on with
    expect(hrnn.save(resumed.model)).toEqual(hrnn.save(model));
  });
});

describe("a training that builds upon an earlier model", () => {
  const namesOf = (of: TrainingData) =>
    of.users.map((_, u) => [...of.item.subarray(of.offsets[u], of.offsets[u + 1])].map((i) => of.items[i]!));
  const old = namesOf(ringWalkers(300, 40));
  const added = namesOf(ringWalkers(80, 20, 9)).map((names) => names.map((name) => name.replace("item", "added")));
  const before = dataOf(old);
  const after = dataOf([...old, ...added]); // users come one after another in time

  it("takes a fraction of the batches, keeps what it knew and learns new items", async () => {
    const base = await watched({}, before);
    const full = await watched({}, after);
    const update = await watched({ base: hrnn.load(hrnn.save(base.model)) }, after);

    expect(update.progress.length).toBeLessThan(full.progress.length / 2);
    expect(hrnn.save(update.model)["blend"]).toEqual(hrnn.save(base.model)["blend"]);
    expect(best(update.model, after, ["item-010", "item-011", "item-012"])).toBe("item-013");
    const list = update.model.recommend({ history: historyOf(after, ["added-004", "added-005"]), count: 3, now: 2e9 });
    expect(list.map(({ item }) => after.items[item])).toContain("added-006");
  });

  it("is a full one where the earlier model has another width", async () => {
    const wide = await hrnn.train(before, { ...parameters, hidden_dimension: "64" }, environment());
    const [full, update] = [await watched({}, after), await watched({ base: wide }, after)];

    expect(hrnn.save(update.model)).toEqual(hrnn.save(full.model));
  });

  it("keeps the weights where nothing has come since", async () => {
    const base = await watched({}, before);
    const update = await watched({ base: base.model }, before);

    expect(hrnn.save(update.model)["dense"]).toEqual(hrnn.save(base.model)["dense"]);
    expect(hrnn.save(update.model)["table"]).toEqual(hrnn.save(base.model)["table"]);
  });
});

describe("weights of events", () => {
  it("change what is learnt by their ratios alone", async () => {
    const eventWeight = Float32Array.from(data.item, (_, n) => (n % 3 === 0 ? 4 : 1));
    const [plain, weighted, doubled] = [
      await watched(),
      await watched({}, { ...data, eventWeight }),
      await watched({}, { ...data, eventWeight: eventWeight.map((weight) => 2 * weight) }),
    ];

    expect(hrnn.save(weighted.model)["dense"]).not.toEqual(hrnn.save(plain.model)["dense"]);
    expect(hrnn.save(doubled.model)["dense"]).toEqual(hrnn.save(weighted.model)["dense"]);
  });

  it("must not all be zero", async () => {
    const eventWeight = new Float32Array(data.item.length);

    await expect(watched({}, { ...data, eventWeight })).rejects.toThrow(UnlearnableDataError);
  });
});
