/** Users who are deleted are gone: from rows, from the disk, from exports, from the next training, and from older models. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import type { DatasetSource, JobRunner, StreamedEvent } from "../../../../local/personalize/job-runner.ts";
import { createJobRunner } from "../../../../local/personalize/jobs/create-job-runner.ts";
import {
  avro,
  csv,
  indexOrderRecipe,
  manyRows,
  temporaryFolder,
  textFile,
  typedInteractions,
} from "../../../support/personalize-data.ts";

const groupArn = "arn:aws:personalize:us-east-1:000000000000:dataset-group/shop";
const arnOf = (type: string) => `arn:aws:personalize:us-east-1:000000000000:dataset/shop/${type}`;
const version = (id: string) => `arn:aws:personalize:us-east-1:000000000000:solution/best/${id}`;
const start = 1_700_000_000;
const userSchema = avro(
  "Users",
  ["USER_ID", "string"],
  ["CLUB", ["null", "string"], { categorical: true }],
  ["NOTE", ["null", "string"]],
  ["AGE", ["null", "int"]],
);
const interactions: DatasetSource = {
  datasetArn: arnOf("INTERACTIONS"),
  datasetType: "INTERACTIONS",
  schema: typedInteractions,
};
const users: DatasetSource = { datasetArn: arnOf("USERS"), datasetType: "USERS", schema: userSchema };

let folder = temporaryFolder();
let runner: JobRunner;
const open = (during?: (signal: AbortSignal) => Promise<void>): JobRunner => {
  const recipe = indexOrderRecipe(during ? { during } : {});
  const recipes = { [recipe.name]: recipe };
  return createJobRunner({ clock: createJumpingClock(), dataDir: folder.path, threads: 1, run: "here", recipes });
};

beforeEach(async () => {
  folder = temporaryFolder();
  runner = open();
  const header = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE,DEVICE";
  const rows = manyRows({ start }).map((row) => [...row, "view", "", row[0] === "u7" ? "u7s-own-phone" : "phone"]);
  await importRows(interactions, csv(header, rows));
  const lines = ["u0,gold,hello,30", "u7,silver,secret,40", "u8,,bye,", "u0,gold,hello again,31"];
  await importRows(users, `USER_ID,CLUB,NOTE,AGE\n${lines.join("\n")}\n`);
});
afterEach(async () => {
  await runner.close();
  folder.remove();
});

async function importRows({ datasetArn, datasetType, schema }: DatasetSource, text: string, jobArn = "arn:job/one") {
  const { done } = runner.importDataset({
    ...{ jobArn, datasetArn, datasetGroupArn: groupArn, datasetType, schema },
    ...{ mode: "FULL", dataLocation: "s3://b/x.csv", files: [textFile("x.csv", text)], progress: () => {} },
  });
  expect((await done).kind).toBe("succeeded");
}

const train = (id: string) =>
  runner.train({
    ...{ solutionVersionArn: version(id), datasetGroupArn: groupArn, datasets: [interactions, users] },
    ...{ recipe: "test-index-order", parameters: {}, excludedColumns: {}, seed: 1, trainingMode: "FULL" },
    progress: () => {},
  }).done;

const remove = (list = "USER_ID\nu7\nnobody\n", jobArn = "arn:aws:personalize:::data-deletion-job/gone") =>
  runner.deleteUsers({
    ...{ jobArn, datasetGroupArn: groupArn, datasets: [interactions, users] },
    files: [textFile("gone.csv", list)],
  }).done;

const event = (eventId: string, more: Partial<StreamedEvent>): StreamedEvent => ({
  ...{ eventId, sessionId: "s", eventType: "view", timestamp: start + 9_000_000, itemId: "i1", properties: {} },
  ...more,
});
const exported = (dataset: DatasetSource) => [...runner.exportRows(dataset, "ALL")].join("").trim().split("\n");

/** Everything under the folder of rows, as one text. */
const onDisk = () => {
  const files = readdirSync(folder.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const rows = files.filter(({ parentPath }) => !parentPath.includes("models"));
  return rows.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "latin1")).join("\n");
};

describe("a data deletion job", () => {
  it("takes imported interactions and users away and leaves the others as they were", async () => {
    const before = exported(interactions);

    expect(await remove()).toEqual({ kind: "succeeded", result: { deleted: 13 } }); // 12 interactions, 1 user

    expect(exported(interactions)).toEqual(before.filter((line) => !line.startsWith("u7,")));
    expect(exported(users).sort()).toEqual(["USER_ID,CLUB,NOTE,AGE", "u0,gold,hello again,31", "u8,,bye,"].sort());
    expect(runner.interactionsOf(groupArn, "u7")).toEqual([]);
    expect(runner.metadataOf(groupArn, "USERS", "u7")).toBeUndefined();
    expect(runner.metadataOf(groupArn, "USERS", "u0")).toEqual({ CLUB: "gold", NOTE: "hello again", AGE: 31 });
  });

  it("leaves no text of theirs on the disk", async () => {
    await runner.recordEvents(interactions.datasetArn, groupArn, [event("e1", { userId: "u7", sessionId: "s7" })]);
    expect(["u7s-own-phone", "secret", "silver", "s7"].filter((text) => onDisk().includes(text))).toHaveLength(4);

    await remove();

    expect(["u7s-own-phone", "secret", "silver", "s7"].filter((text) => onDisk().includes(text))).toEqual([]);
  });

  it("takes streamed rows as well, anonymous events of their sessions included, for good", async () => {
    const { datasetArn } = interactions;
    await runner.recordEvents(datasetArn, groupArn, [
      event("e1", { sessionId: "s7" }),
      event("e2", { userId: "u7", sessionId: "s7" }),
      event("e3", { userId: "u8", sessionId: "s8" }),
    ]);
    await runner.recordUsers(users.datasetArn, groupArn, [
      { id: "u7", properties: { CLUB: "bronze" } },
      { id: "new", properties: { CLUB: "bronze" } },
    ]);

    expect(await remove()).toEqual({ kind: "succeeded", result: { deleted: 16 } }); // and 2 events, 1 row
    await runner.recordEvents(datasetArn, groupArn, [event("e4", { userId: "u9", sessionId: "s9" })]);
    const now = () => [...runner.exportRows(interactions, "PUT")].join("").split("\n").slice(1, -1);
    expect(now().map((line) => line.split(",")[0])).toEqual(["u8", "u9"]);

    await runner.close();
    runner = open();
    expect(now().map((line) => line.split(",")[0])).toEqual(["u8", "u9"]);
    expect(runner.metadataOf(groupArn, "USERS", "new")).toEqual({ CLUB: "bronze" });
    expect(runner.metadataOf(groupArn, "USERS", "u7")).toBeUndefined();
  });

  it("makes them strangers to models trained before, also after a restart, and unknown to those trained after", async () => {
    await train("0000000a");
    const model = await runner.openModel(version("0000000a"));
    expect(model.history("u7")?.item).toHaveLength(12);

    await remove();

    expect([model.history("u7"), model.userIndex("u7")]).toEqual([undefined, undefined]);
    expect(model.history("u8")?.item).toHaveLength(12);
    model.close();
    await runner.close();
    runner = open();
    const again = await runner.openModel(version("0000000a"));
    expect([again.history("u7"), again.userIndex("u7")]).toEqual([undefined, undefined]);
    again.close();
    expect(await train("0000000b")).toMatchObject({ result: { interactions: 1188, users: 99 } });
  });

  it("waits for a training that may have read them, and hides them in its model", async () => {
    await runner.close();
    let go = () => {};
    const held = new Promise<void>((resolve) => (go = resolve));
    runner = open(() => held);
    const training = train("0000000c");
    await new Promise(setImmediate);
    const removal = remove();
    go();
    await Promise.all([training, removal]);

    const model = await runner.openModel(version("0000000c"));
    expect([model.history("u7"), model.history("u8")?.item.length]).toEqual([undefined, 12]);
    model.close();
  });

  it("serves what somebody does who comes back afterwards", async () => {
    await train("0000000a");
    await remove();
    await runner.recordEvents(interactions.datasetArn, groupArn, [event("e9", { userId: "u7", sessionId: "s" })]);

    const model = await runner.openModel(version("0000000a"));
    expect(model.history("u7")?.item).toHaveLength(1);
    model.close();
  });

  it("tells the same number when it runs again after a crash, and takes nobody new away", async () => {
    await runner.recordEvents(interactions.datasetArn, groupArn, [event("e1", { userId: "u7" })]);
    const first = await remove();
    await runner.close();
    runner = open();

    expect(await remove()).toEqual(first);
    expect(await remove("USER_ID\nu7\n", "arn:aws:personalize:::data-deletion-job/other")).toEqual({
      kind: "succeeded",
      result: { deleted: 0 },
    });
  });

  it.each([
    { list: "ID\nu7\n", says: "Input CSV is missing the following columns:[USER_ID]" },
    { list: "USER_ID,X\nu7,1\n,2\n", says: "Row 3 of gone.csv (the header is row 1): USER_ID is empty." },
    { list: "", says: "gone.csv is empty" },
  ])("fails on the list $list and deletes nobody", async ({ list, says }) => {
    expect(await remove(list)).toEqual({ kind: "failed", failureReason: expect.stringContaining(says) });
    expect(runner.interactionsOf(groupArn, "u7")).toHaveLength(12);
  });
});
