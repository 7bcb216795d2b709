import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import type { ImportJob, JobRunner, StreamedEvent, TrainingJob } from "../../../../local/personalize/job-runner.ts";
import { createStreamedEvents } from "../../../../local/personalize/data/streamed-rows.ts";
import { openColumn } from "../../../../local/personalize/data/user-histories.ts";
import { createJobRunner } from "../../../../local/personalize/jobs/create-job-runner.ts";
import { modelFolder, readModelManifest } from "../../../../local/personalize/jobs/model-files.ts";
import { writeSealedJson } from "../../../../local/personalize/data/sealed-folder.ts";
import { openServingModel } from "../../../../local/personalize/jobs/serving-model.ts";
import { UnlearnableDataError } from "../../../../local/recipes/learnable.ts";
import type { Recipe } from "../../../../local/recipes/recipe.ts";
import {
  csv,
  indexOrderRecipe,
  itemSchema,
  manyRows,
  temporaryFolder,
  textFile,
  typedInteractions,
} from "../../../support/personalize-data.ts";

const group = "arn:aws:personalize:us-east-1:000000000000:dataset-group/shop";
const datasetArn = "arn:aws:personalize:us-east-1:000000000000:dataset/shop/INTERACTIONS";
const itemsArn = "arn:aws:personalize:us-east-1:000000000000:dataset/shop/ITEMS";
const version = "arn:aws:personalize:us-east-1:000000000000:solution/best/0123abcd";
const start = 1_700_000_000;
const header = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE,DEVICE";
const rows = manyRows({ start }).map((row) => [...row, "view", "", "phone"]);

let folder = temporaryFolder();
let runner: JobRunner;
const runners: JobRunner[] = [];

function makeRunner(recipe: Recipe = indexOrderRecipe(), clock = createJumpingClock()): JobRunner {
  const made = createJobRunner({
    clock,
    dataDir: folder.path,
    threads: 1,
    run: "here",
    recipes: { [recipe.name]: recipe },
  });
  runners.push(made);
  return made;
}

beforeEach(() => {
  folder = temporaryFolder();
  runner = makeRunner();
});
afterEach(async () => {
  await Promise.all(runners.splice(0).map((each) => each.close()));
  folder.remove();
});

function importJob(more: Partial<ImportJob> = {}): ImportJob {
  return {
    jobArn: "arn:job/one",
    datasetArn,
    datasetGroupArn: group,
    datasetType: "INTERACTIONS",
    schema: typedInteractions,
    mode: "FULL",
    dataLocation: "s3://bucket/x.csv",
    files: [textFile("x.csv", csv(header, rows))],
    progress: () => {},
    ...more,
  };
}

const itemsJob = (text: string): ImportJob =>
  importJob({
    jobArn: `arn:job/items-${text.length}`,
    datasetArn: itemsArn,
    datasetType: "ITEMS",
    schema: itemSchema,
    files: [textFile("i.csv", text)],
  });

function trainingJob(more: Partial<TrainingJob> = {}): TrainingJob {
  return {
    solutionVersionArn: version,
    datasetGroupArn: group,
    datasets: [{ datasetArn, datasetType: "INTERACTIONS", schema: typedInteractions }],
    recipe: "test-index-order",
    parameters: {},
    excludedColumns: {},
    seed: 1,
    trainingMode: "FULL",
    progress: () => {},
    ...more,
  };
}

const event = (eventId: string, more: Partial<StreamedEvent>): StreamedEvent => ({
  eventId,
  sessionId: "s",
  eventType: "view",
  timestamp: start,
  properties: {},
  ...more,
});

describe("an import job", () => {
  it("makes rows that filters can read, and says so", async () => {
    expect(runner.hasBulkData(datasetArn)).toBe(false);
    expect(runner.interactionsOf(group, "u0")).toEqual([]);

    const outcome = await runner.importDataset(importJob()).done;

    expect(outcome).toEqual({ kind: "succeeded", result: { rows: 1200, rowsStored: 1200 } });
    expect(runner.hasBulkData(datasetArn)).toBe(true);
    expect(runner.interactionsOf(group, "u0")[1]).toEqual({ itemId: "i1", timestamp: start + 1, eventType: "view" });
  });

  it("fails with the service's reason, and the old rows stay", async () => {
    await runner.importDataset(importJob()).done;
    const outcome = await runner.importDataset(
      importJob({ jobArn: "arn:job/two", files: [textFile("y.csv", "A,B\n1,2\n")] }),
    ).done;

    expect(outcome).toMatchObject({
      kind: "failed",
      failureReason: expect.stringContaining("missing the following columns") as unknown,
    });
    expect(runner.interactionsOf(group, "u0")).toHaveLength(12);
  });

  it("fails with the bucket's refusal word for word", async () => {
    const refused = {
      key: "x.csv",
      sizeBytes: 1,
      open: () => Promise.reject(new Error("Insufficient privileges for accessing data in Amazon S3.")),
    };
    const outcome = await runner.importDataset(importJob({ files: [refused] })).done;

    expect(outcome).toEqual({
      kind: "failed",
      failureReason: "Insufficient privileges for accessing data in Amazon S3.",
    });
  });

  it("holds the clock while it works", async () => {
    const clock = createJumpingClock();
    let fired = false;
    clock.at(clock.now() + 1, () => (fired = true));
    const done = makeRunner(undefined, clock).importDataset(
      importJob({ progress: () => expect(fired).toBe(false) }),
    ).done;
    await done;
    await clock.idle();

    expect(fired).toBe(true);
  });

  it("waits for its turn when another import goes into the same dataset", async () => {
    const older = manyRows({ start: start - 50_000_000 }).map((row) => [...row, "view", "", ""]);
    const first = runner.importDataset(importJob());
    const second = runner.importDataset(
      importJob({ jobArn: "arn:job/two", mode: "INCREMENTAL", files: [textFile("y.csv", csv(header, older))] }),
    );

    expect((await second.done).kind).toBe("succeeded");
    expect((await first.done).kind).toBe("succeeded");
    expect(runner.interactionsOf(group, "u0")).toHaveLength(24);
  });

  it("keeps streamed rows through a FULL import, and counts a row once that comes both ways", async () => {
    await runner.recordEvents(datasetArn, group, [
      event("1", { userId: "u0", itemId: "i1", timestamp: start + 1 }),
      event("2", { userId: "u0", itemId: "mine", timestamp: start + 1.5 }),
    ]);
    await runner.importDataset(importJob()).done;

    expect(
      runner
        .interactionsOf(group, "u0")
        .slice(1, 4)
        .map(({ itemId }) => itemId),
    ).toEqual(["i1", "mine", "i2"]);
  });

  it("tells which sent events are new, before it returns", async () => {
    const told: string[][] = [];
    const record = (...ids: string[]) =>
      runner.recordEvents(
        datasetArn,
        group,
        ids.map((id) => event(id, { userId: "u0", itemId: "i1", timestamp: start })),
        (added) => told.push(added.map(({ eventId }) => eventId)),
      );

    const durable = [record("1", "2", "1"), record("2"), record("2", "3")];
    expect(told).toEqual([["1", "2"], ["3"]]);
    await Promise.all(durable);
  });
});

describe("items' metadata", () => {
  const columns = "ITEM_ID,TITLE,GENRES,PRICE,CREATION_TIMESTAMP";

  it("is the newest row, streamed over bulk, and changes are told by id", async () => {
    const { revision } = runner.metadataChanges(group, "ITEMS");
    await runner.importDataset(itemsJob(csv(columns, [["i1", "Toy Story", "Comedy", "9", ""]]))).done;
    const imported = runner.metadataChanges(group, "ITEMS", revision);

    expect(imported).toEqual({ revision: revision + 1, ids: "all" });
    expect(runner.metadataOf(group, "ITEMS", "i1")).toMatchObject({ TITLE: "Toy Story", PRICE: 9 });
    expect(runner.metadataOf(group, "ITEMS", "i1", ["price"])).toEqual({ PRICE: 9 });

    await runner.recordItems(itemsArn, group, [{ id: "i1", properties: { PRICE: 10 } }]);
    expect(runner.metadataChanges(group, "ITEMS", imported.revision)).toEqual({ revision: revision + 2, ids: ["i1"] });
    expect(runner.metadataOf(group, "ITEMS", "i1")).toEqual({ PRICE: 10 });
    expect(runner.metadataOf(group, "ITEMS", "i2")).toBeUndefined();
    expect(runner.metadataOf(group, "USERS", "u1")).toBeUndefined();
  });

  it("is read as a column for many ids, plain text and categories alike, streamed over bulk", async () => {
    const rows = [
      ["i1", "Toy Story", "Comedy", "9", ""],
      ["i2", "", "Comedy|Horror", "", "5"],
    ];
    await runner.importDataset(itemsJob(csv(columns, rows))).done;
    await runner.recordItems(itemsArn, group, [{ id: "i3", properties: { GENRES: "Drama" } }]);
    const read = (name: string) => runner.metadataColumn(group, "ITEMS", ["i2", "i3", "i1", "i4"], name);

    expect(read("genres")).toEqual(["Comedy|Horror", "Drama", "Comedy", null]);
    expect(read("TITLE")).toEqual([null, null, "Toy Story", null]);
    expect(read("PRICE")).toEqual([null, null, 9, null]);
    expect(read("COLOUR")).toEqual([null, null, null, null]);
    expect([...runner.idsOf(group, "ITEMS")]).toEqual(["i1", "i2", "i3"]);
  });

  it("is gone with its dataset, streamed rows too, also after a restart", async () => {
    await runner.importDataset(itemsJob(csv(columns, [["i1", "Toy Story", "Comedy", "9", ""]]))).done;
    await runner.recordItems(itemsArn, group, [{ id: "i2", properties: { PRICE: 10 } }]);
    await runner.forgetDataset(itemsArn);

    for (const each of [runner, makeRunner()]) {
      expect(each.metadataOf(group, "ITEMS", "i1")).toBeUndefined();
      expect(each.metadataOf(group, "ITEMS", "i2")).toBeUndefined();
      expect(each.hasBulkData(itemsArn)).toBe(false);
    }
  });
});

describe("a training", () => {
  beforeEach(async () => {
    await runner.importDataset(importJob()).done;
  });

  it("gives the eight metrics, counts and billed hours, and tells how far it is", async () => {
    const seen: number[] = [];
    const outcome = await runner.train(trainingJob({ progress: ({ fraction }) => void seen.push(fraction) })).done;

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
    await runner.train(trainingJob()).done;
    for (const each of [runner, makeRunner()]) {
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
    await runner.importDataset(
      importJob({ jobArn: "arn:job/2", files: [textFile("x", csv(header, [...rows, ...buys]))] }),
    ).done;
    await runner.train(trainingJob({ eventType: "buy", eventValueThreshold: 2 })).done;
    const serving = await runner.openModel(version);
    await runner.recordEvents(datasetArn, group, [
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
    await runner.train(trainingJob()).done;
    const serving = await runner.openModel(version);
    const last = start + 7011;
    const send = async (eventId: string, itemId: string, timestamp: number) => {
      const before = serving.history("u7");
      await runner.recordEvents(datasetArn, group, [event(eventId, { userId: "u7", itemId, timestamp })]);
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
    await runner.recordEvents(datasetArn, group, [event("1", { userId: "u0", itemId: "new", timestamp: start + 50 })]);
    await runner.train(trainingJob()).done;
    const serving = await runner.openModel(version);

    expect(serving.itemIndex("new")).toBe(40);
    expect(serving.history("u0")?.item).toHaveLength(13);
  });

  it("fails with the service's reason when the data are too few, or teach nothing", async () => {
    const failing: Recipe = {
      ...indexOrderRecipe(),
      train: () => Promise.reject(new UnlearnableDataError("nothing to learn")),
    };

    expect(await runner.train(trainingJob({ eventType: "buy" })).done).toEqual({
      kind: "failed",
      failureReason: "Dataset has fewer than 1000 interactions after filtering by event type: buy",
    });
    expect(await makeRunner(failing).train(trainingJob()).done).toEqual({
      kind: "failed",
      failureReason: "nothing to learn",
    });
  });

  it("does not hide a bug in a recipe as bad data", async () => {
    const broken: Recipe = { ...indexOrderRecipe(), train: () => Promise.reject(new TypeError("x is not a function")) };

    await expect(makeRunner(broken).train(trainingJob()).done).rejects.toThrow("x is not a function");
  });

  it("can be cancelled, leaves nothing, and may be run again", async () => {
    const until = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    let begun = () => {};
    const training = new Promise<void>((resolve) => (begun = resolve));
    const slow = makeRunner(indexOrderRecipe({ during: until }));
    const handle = slow.train(trainingJob({ progress: () => begun() }));
    await training;
    handle.cancel();

    expect(await handle.done).toEqual({ kind: "cancelled" });
    await expect(slow.openModel(version)).rejects.toThrow("train a new solution version");
    expect(await runner.train(trainingJob()).done).toHaveProperty("kind", "succeeded");
  });

  it("that is finished already only gives its result again", async () => {
    const first = await runner.train(trainingJob()).done;
    const broken: Recipe = { ...indexOrderRecipe(), train: () => Promise.reject(new Error("must not train")) };

    expect(await makeRunner(broken).train(trainingJob()).done).toEqual(first);
  });

  it("whose files are damaged is not served", async () => {
    await runner.train(trainingJob()).done;
    const models = join(folder.path, "models");
    const blob = join(models, readdirSync(models)[0] as string, "blob-facts");
    writeFileSync(blob, readFileSync(blob, "utf8").replace("i1", "i?"));

    await expect(runner.openModel(version)).rejects.toThrow("is damaged");
  });

  it.each(["blob-facts", "items", "times", "types", "offsets", "users.slots", "popular"])(
    "whose %s is cut short is not served",
    async (name) => {
      await runner.train(trainingJob()).done;
      const models = join(folder.path, "models");
      const file = join(models, readdirSync(models)[0] as string, name);
      writeFileSync(file, readFileSync(file).subarray(0, -1));

      await expect(runner.openModel(version)).rejects.toThrow(`${name} is damaged`);
    },
  );

  it("in a format of the future is not served, and says what to do", async () => {
    await runner.train(trainingJob()).done;
    const where = modelFolder(folder.path, version);
    writeSealedJson(join(where, "manifest.json"), { ...readModelManifest(where), format: 7 });

    await expect(runner.openModel(version)).rejects.toThrow("in format 7, and this version reads 1: train a new");
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
    const made = makeRunner(recipe);
    await made.train(trainingJob()).done;
    const models = join(folder.path, "models");
    writeFileSync(join(models, readdirSync(models)[0] as string, "blob-large"), "damaged, but nobody looks");

    await made.openModel(version);

    expect(read).toEqual(["small", "large"]);
  });

  it("keeps no file open once the model that was served from it is closed", async () => {
    await runner.train(trainingJob()).done;
    const open = new Set<string>();
    const counted = (where: string, name: string) => {
      const column = openColumn(where, name);
      open.add(name);
      return { ...column, close: () => (column.close(), void open.delete(name)) };
    };
    const recipe = indexOrderRecipe();
    const ports = { dataDir: folder.path, recipes: { [recipe.name]: recipe }, events: () => createStreamedEvents() };
    const serving = openServingModel(version, { ...ports, open: counted });
    const during = [...open];
    serving.close();

    expect({ during, after: [...open] }).toEqual({ during: ["items", "times", "types"], after: [] });
  });

  it("is forgotten with its solution", async () => {
    await runner.train(trainingJob()).done;
    await runner.forgetModel(version);

    await expect(runner.openModel(version)).rejects.toThrow("has no model files");
  });
});
