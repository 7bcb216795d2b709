/** Imports, streamed rows and metadata, as the control plane sees them. */
import { describe, expect, it } from "@jest/globals";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import { csv, manyRows, textFile } from "../../../support/personalize-data.ts";
import {
  datasetArn,
  event,
  group,
  header,
  importJob,
  itemsArn,
  itemsJob,
  jobRunners,
  start,
} from "../../../support/job-runner.ts";

const place = jobRunners();

describe("an import job", () => {
  it("makes rows that filters can read, and says so", async () => {
    expect(place.runner.hasBulkData(datasetArn)).toBe(false);
    expect(place.runner.interactionsOf(group, "u0")).toEqual([]);

    const outcome = await place.runner.importDataset(importJob()).done;

    expect(outcome).toEqual({ kind: "succeeded", result: { rows: 1200, rowsStored: 1200 } });
    expect(place.runner.hasBulkData(datasetArn)).toBe(true);
    expect(place.runner.interactionsOf(group, "u0")[1]).toEqual({
      itemId: "i1",
      timestamp: start + 1,
      eventType: "view",
    });
  });

  it("fails with the service's reason, and the old rows stay", async () => {
    await place.runner.importDataset(importJob()).done;
    const outcome = await place.runner.importDataset(
      importJob({ jobArn: "arn:job/two", files: [textFile("y.csv", "A,B\n1,2\n")] }),
    ).done;

    expect(outcome).toMatchObject({
      kind: "failed",
      failureReason: expect.stringContaining("missing the following columns") as unknown,
    });
    expect(place.runner.interactionsOf(group, "u0")).toHaveLength(12);
  });

  it("fails with the bucket's refusal word for word", async () => {
    const refused = {
      key: "x.csv",
      sizeBytes: 1,
      open: () => Promise.reject(new Error("Insufficient privileges for accessing data in Amazon S3.")),
    };
    const outcome = await place.runner.importDataset(importJob({ files: [refused] })).done;

    expect(outcome).toEqual({
      kind: "failed",
      failureReason: "Insufficient privileges for accessing data in Amazon S3.",
    });
  });

  it("holds the clock while it works", async () => {
    const clock = createJumpingClock();
    let fired = false;
    clock.at(clock.now() + 1, () => (fired = true));
    const done = place
      .make(undefined, clock)
      .importDataset(importJob({ progress: () => expect(fired).toBe(false) })).done;
    await done;
    await clock.idle();

    expect(fired).toBe(true);
  });

  it("waits for its turn when another import goes into the same dataset", async () => {
    const older = manyRows({ start: start - 50_000_000 }).map((row) => [...row, "view", "", ""]);
    const first = place.runner.importDataset(importJob());
    const second = place.runner.importDataset(
      importJob({ jobArn: "arn:job/two", mode: "INCREMENTAL", files: [textFile("y.csv", csv(header, older))] }),
    );

    expect((await second.done).kind).toBe("succeeded");
    expect((await first.done).kind).toBe("succeeded");
    expect(place.runner.interactionsOf(group, "u0")).toHaveLength(24);
  });

  it("keeps streamed rows through a FULL import, and counts a row once that comes both ways", async () => {
    await place.runner.recordEvents(datasetArn, group, [
      event("1", { userId: "u0", itemId: "i1", timestamp: start + 1 }),
      event("2", { userId: "u0", itemId: "mine", timestamp: start + 1.5 }),
    ]);
    await place.runner.importDataset(importJob()).done;

    expect(
      place.runner
        .interactionsOf(group, "u0")
        .slice(1, 4)
        .map(({ itemId }) => itemId),
    ).toEqual(["i1", "mine", "i2"]);
  });

  it("tells which sent events are new, before it returns", async () => {
    const told: string[][] = [];
    const record = (...ids: string[]) =>
      place.runner.recordEvents(
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
    const { revision } = place.runner.metadataChanges(group, "ITEMS");
    await place.runner.importDataset(itemsJob(csv(columns, [["i1", "Toy Story", "Comedy", "9", ""]]))).done;
    const imported = place.runner.metadataChanges(group, "ITEMS", revision);

    expect(imported).toEqual({ revision: revision + 1, ids: "all" });
    expect(place.runner.metadataOf(group, "ITEMS", "i1")).toMatchObject({ TITLE: "Toy Story", PRICE: 9 });
    expect(place.runner.metadataOf(group, "ITEMS", "i1", ["price"])).toEqual({ PRICE: 9 });

    await place.runner.recordItems(itemsArn, group, [{ id: "i1", properties: { PRICE: 10 } }]);
    expect(place.runner.metadataChanges(group, "ITEMS", imported.revision)).toEqual({
      revision: revision + 2,
      ids: ["i1"],
    });
    expect(place.runner.metadataOf(group, "ITEMS", "i1")).toEqual({ PRICE: 10 });
    expect(place.runner.metadataOf(group, "ITEMS", "i2")).toBeUndefined();
    expect(place.runner.metadataOf(group, "USERS", "u1")).toBeUndefined();
  });

  it("is read as a column for many ids, plain text and categories alike, streamed over bulk", async () => {
    const rows = [
      ["i1", "Toy Story", "Comedy", "9", ""],
      ["i2", "", "Comedy|Horror", "", "5"],
    ];
    await place.runner.importDataset(itemsJob(csv(columns, rows))).done;
    await place.runner.recordItems(itemsArn, group, [{ id: "i3", properties: { GENRES: "Drama" } }]);
    const read = (name: string) => place.runner.metadataColumn(group, "ITEMS", ["i2", "i3", "i1", "i4"], name);

    expect(read("genres")).toEqual(["Comedy|Horror", "Drama", "Comedy", null]);
    expect(read("TITLE")).toEqual([null, null, "Toy Story", null]);
    expect(read("PRICE")).toEqual([null, null, 9, null]);
    expect(read("COLOUR")).toEqual([null, null, null, null]);
    expect([...place.runner.idsOf(group, "ITEMS")]).toEqual(["i1", "i2", "i3"]);
  });

  it("is gone with its dataset, streamed rows too, also after a restart", async () => {
    await place.runner.importDataset(itemsJob(csv(columns, [["i1", "Toy Story", "Comedy", "9", ""]]))).done;
    await place.runner.recordItems(itemsArn, group, [{ id: "i2", properties: { PRICE: 10 } }]);
    await place.runner.forgetDataset(itemsArn);

    for (const each of [place.runner, place.make()]) {
      expect(each.metadataOf(group, "ITEMS", "i1")).toBeUndefined();
      expect(each.metadataOf(group, "ITEMS", "i2")).toBeUndefined();
      expect(each.hasBulkData(itemsArn)).toBe(false);
    }
  });
});
