/** Trainings and the models that they leave, as the control plane sees them. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createStreamedEvents } from "../../../../local/personalize/data/streamed-rows.ts";
import { openColumn } from "../../../../local/personalize/data/user-histories.ts";
import { modelFolder, readModelManifest } from "../../../../local/personalize/jobs/model-files.ts";
import { writeSealedJson } from "../../../../local/personalize/data/sealed-folder.ts";
import { openServingModel } from "../../../../local/personalize/jobs/serving-model.ts";
import { UnlearnableDataError } from "../../../../local/recipes/learnable.ts";
import type { Recipe } from "../../../../local/recipes/recipe.ts";
import { csv, indexOrderRecipe, manyRows, textFile } from "../../../support/personalize-data.ts";
import {
  datasetArn,
  event,
  group,
  header,
  importJob,
  jobRunners,
  rows,
  start,
  trainingJob,
  version,
} from "../../../support/job-runner.ts";

const place = jobRunners();

describe("a training", () => {
  beforeEach(async () => {
    await place.runner.importDataset(importJob()).done;
  });

  it("gives the eight metrics, counts and billed hours, and tells how far it is", async () => {
    const seen: number[] = [];
    const outcome = await place.runner.train(trainingJob({ progress: ({ fraction }) => void seen.push(fraction) }))
      .done;

    expect(outcome).toEqual({
      kind: "succeeded",
      result: {
        metrics: expect.objectContaining({ coverage: 0.625 }) as object, // always the first 25 of 40
        trainingHours: 0.001,
        users: 100,
        items: 40,
        interactions: 1200,
      },
    });
    expect(outcome.kind === "succeeded" && Object.keys(outcome.result.metrics)).toHaveLength(8);
    expect(seen).toEqual([0, 0.475, 0.95, 1]); // loading, half of the training, evaluating, done
  });

  it("makes a version that can be served, at once and after a restart", async () => {
    await place.runner.train(trainingJob()).done;
    for (const each of [place.runner, place.make()]) {
      const serving = await each.openModel(version);
      expect(serving.model.recommend({ count: 2, now: 0 })).toEqual([{ item: 0 }, { item: 1 }]);
      expect(serving.itemIndex("i3")).toBe(3);
      expect(serving.itemIndex("other")).toBeUndefined();
      expect(serving.userIndex("u7")).toBe(7);
      expect(serving.userIndex("other")).toBeUndefined();
      expect(serving.popular).toHaveLength(40);
      const history = serving.history("u7");
      expect([...(history?.item ?? [])].map((item) => serving.model.items[item])).toEqual(
        Array.from({ length: 12 }, (_, n) => `i${7 + n}`),
      );
      expect(history?.timestamp[0]).toBe(start + 7000);
      expect(serving.history("other")).toBeUndefined();
    }
  });

  it("sees streamed events in histories at once: known items only, filtered as in training, joined to sessions", async () => {
    const buys = manyRows({ start: start + 10 }).map((row) => [...row, "buy", "2", ""]);
    await place.runner.importDataset(
      importJob({ jobArn: "arn:job/2", files: [textFile("x", csv(header, [...rows, ...buys]))] }),
    ).done;
    await place.runner.train(trainingJob({ eventType: "buy", eventValueThreshold: 2 })).done;
    const serving = await place.runner.openModel(version);
    await place.runner.recordEvents(datasetArn, group, [
      event("1", { userId: "u0", itemId: "i9", eventType: "view", timestamp: start + 90 }),
      event("2", { userId: "u0", itemId: "i9", eventType: "buy", eventValue: 1, timestamp: start + 90 }),
      event("3", { userId: "u0", itemId: "i9", eventType: "buy", eventValue: 2, timestamp: start + 91 }),
      event("4", { userId: "u0", itemId: "not known", eventType: "buy", eventValue: 2, timestamp: start + 92 }),
      event("5", { sessionId: "anonymous", itemId: "i4", eventType: "buy", eventValue: 3, timestamp: start + 1 }),
    ]);

    const history = serving.history("u0");
    expect(history?.item).toHaveLength(13);
    expect(serving.model.items[history?.item.at(-1) as number]).toBe("i9");
    expect(serving.history("anonymous")?.item).toHaveLength(1);
  });

  it("goes on from a history where events come in behind, also within its last second, and else reads it anew", async () => {
    await place.runner.train(trainingJob()).done;
    const serving = await place.runner.openModel(version);
    const last = start + 7011;
    const send = async (eventId: string, itemId: string, timestamp: number) => {
      const before = serving.history("u7");
      await place.runner.recordEvents(datasetArn, group, [event(eventId, { userId: "u7", itemId, timestamp })]);
      const after = serving.history("u7");
      const items = [...(after?.item ?? [])].slice(12).map((item) => serving.model.items[item]);
      return [items, after?.before?.deref() === before];
    };

    expect(await send("1", "i30", last)).toEqual([["i30"], true]);
    expect(await send("2", "i18", last)).toEqual([["i30"], false]); // was trained on: it is there already
    expect(await send("3", "i31", last)).toEqual([["i30", "i31"], true]);
    expect(await send("4", "i32", last + 1)).toEqual([["i30", "i31", "i32"], true]);
    const late = await send("5", "i33", last);
    expect(late).toEqual([["i30", "i31", "i33", "i32"], false]);
  });

  it("takes streamed events in, and then counts them once in histories", async () => {
    await place.runner.recordEvents(datasetArn, group, [
      event("1", { userId: "u0", itemId: "new", timestamp: start + 50 }),
    ]);
    await place.runner.train(trainingJob()).done;
    const serving = await place.runner.openModel(version);

    expect(serving.itemIndex("new")).toBe(40);
    expect(serving.history("u0")?.item).toHaveLength(13);
  });

  it("fails with the service's reason when the data are too few, or teach nothing", async () => {
    const failing: Recipe = {
      ...indexOrderRecipe(),
      train: () => Promise.reject(new UnlearnableDataError("nothing to learn")),
    };

    expect(await place.runner.train(trainingJob({ eventType: "buy" })).done).toEqual({
      kind: "failed",
      failureReason: "Dataset has fewer than 1000 interactions after filtering by event type: buy",
    });
    expect(await place.make(failing).train(trainingJob()).done).toEqual({
      kind: "failed",
      failureReason: "nothing to learn",
    });
  });

  it("does not hide a bug in a recipe as bad data", async () => {
    const broken: Recipe = { ...indexOrderRecipe(), train: () => Promise.reject(new TypeError("x is not a function")) };

    await expect(place.make(broken).train(trainingJob()).done).rejects.toThrow("x is not a function");
  });

  it("can be cancelled, leaves nothing, and may be run again", async () => {
    const until = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    let begun = () => {};
    const training = new Promise<void>((resolve) => (begun = resolve));
    const slow = place.make(indexOrderRecipe({ during: until }));
    const handle = slow.train(trainingJob({ progress: () => begun() }));
    await training;
    handle.cancel();

    expect(await handle.done).toEqual({ kind: "cancelled" });
    await expect(slow.openModel(version)).rejects.toThrow("train a new solution version");
    expect(await place.runner.train(trainingJob()).done).toHaveProperty("kind", "succeeded");
  });

  it("that is finished already only gives its result again", async () => {
    const first = await place.runner.train(trainingJob()).done;
    const broken: Recipe = { ...indexOrderRecipe(), train: () => Promise.reject(new Error("must not train")) };

    expect(await place.make(broken).train(trainingJob()).done).toEqual(first);
  });

  it("whose files are damaged is not served", async () => {
    await place.runner.train(trainingJob()).done;
    const models = join(place.folder.path, "models");
    const blob = join(models, readdirSync(models)[0] as string, "blob-facts");
    writeFileSync(blob, readFileSync(blob, "utf8").replace("i1", "i?"));

    await expect(place.runner.openModel(version)).rejects.toThrow("is damaged");
  });

  it.each(["blob-facts", "items", "times", "types", "offsets", "users.slots", "popular"])(
    "whose %s is cut short is not served",
    async (name) => {
      await place.runner.train(trainingJob()).done;
      const models = join(place.folder.path, "models");
      const file = join(models, readdirSync(models)[0] as string, name);
      writeFileSync(file, readFileSync(file).subarray(0, -1));

      await expect(place.runner.openModel(version)).rejects.toThrow(`${name} is damaged`);
    },
  );

  it("in a format of the future is not served, and says what to do", async () => {
    await place.runner.train(trainingJob()).done;
    const where = modelFolder(place.folder.path, version);
    writeSealedJson(join(where, "manifest.json"), { ...readModelManifest(where), format: 7 });

    await expect(place.runner.openModel(version)).rejects.toThrow("in format 7, and this version reads 1: train a new");
  });

  it("has its blobs read when they are first looked at, once", async () => {
    const read: string[] = [];
    const recipe: Recipe = {
      ...indexOrderRecipe(),
      save: () => ({ small: Uint8Array.of(1), large: new Uint8Array(1000) }),
      load: (blobs) => {
        read.push(...Object.keys(blobs));
        expect(blobs["small"]).toBe(blobs["small"]);
        return { recipe: "r", items: [], eventTypes: [], recommend: () => [], rank: () => [] };
      },
    };
    const made = place.make(recipe);
    await made.train(trainingJob()).done;
    const models = join(place.folder.path, "models");
    writeFileSync(join(models, readdirSync(models)[0] as string, "blob-large"), "damaged, but nobody looks");

    await made.openModel(version);

    expect(read).toEqual(["small", "large"]);
  });

  it("keeps no file open once the model that was served from it is closed", async () => {
    await place.runner.train(trainingJob()).done;
    const open = new Set<string>();
    const counted = (where: string, name: string) => {
      const column = openColumn(where, name);
      open.add(name);
      return { ...column, close: () => (column.close(), void open.delete(name)) };
    };
    const recipe = indexOrderRecipe();
    const ports = {
      dataDir: place.folder.path,
      recipes: { [recipe.name]: recipe },
      events: () => createStreamedEvents(),
    };
    const serving = openServingModel(version, { ...ports, open: counted });
    const during = [...open];
    serving.close();

    expect({ during, after: [...open] }).toEqual({ during: ["items", "times", "types"], after: [] });
  });

  it("is forgotten with its solution", async () => {
    await place.runner.train(trainingJob()).done;
    await place.runner.forgetModel(version);

    await expect(place.runner.openModel(version)).rejects.toThrow("has no model files");
  });
});
