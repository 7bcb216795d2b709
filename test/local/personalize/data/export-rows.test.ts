/** Exports: what was imported comes out again as a file that could be imported, and what was sent stands behind it. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import type { DatasetSource, JobRunner } from "../../../../local/personalize/job-runner.ts";
import { createJobRunner } from "../../../../local/personalize/jobs/create-job-runner.ts";
import {
  csv,
  itemSchema,
  manyRows,
  temporaryFolder,
  textFile,
  typedInteractions,
} from "../../../support/personalize-data.ts";

const group = "arn:aws:personalize:us-east-1:000000000000:dataset-group/shop";
const of = (datasetType: "INTERACTIONS" | "ITEMS", schema: string): DatasetSource => ({
  datasetArn: `arn:aws:personalize:us-east-1:000000000000:dataset/shop/${datasetType}`,
  datasetType,
  schema,
});
const interactions = of("INTERACTIONS", typedInteractions);
const items = of("ITEMS", itemSchema);

let folder = temporaryFolder();
let runner: JobRunner;
beforeEach(() => {
  folder = temporaryFolder();
  runner = createJobRunner({ clock: createJumpingClock(), dataDir: folder.path, threads: 1, run: "here" });
});
afterEach(async () => {
  await runner.close();
  folder.remove();
});

async function importText(dataset: DatasetSource, text: string): Promise<void> {
  const job = { jobArn: "arn:job/one", datasetGroupArn: group, mode: "FULL", dataLocation: "s3://b/x.csv" } as const;
  const { done } = runner.importDataset({ ...dataset, ...job, files: [textFile("x.csv", text)], progress: () => {} });
  expect(await done).toMatchObject({ kind: "succeeded" });
}

const linesOf = (dataset: DatasetSource, mode: "BULK" | "PUT" | "ALL") =>
  [...runner.exportRows(dataset, mode)].join("").trimEnd().split("\n");

describe("exportRows", () => {
  it("gives imported interactions back, every row and column", async () => {
    const header = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE,DEVICE";
    const rows = manyRows().map((row, n) => [...row, "view", n % 2 === 0 ? "" : 0.5, n % 3 === 0 ? "" : "phone"]);
    const text = csv(header, rows);
    await importText(interactions, text);

    const [first, ...others] = linesOf(interactions, "BULK");

    expect(first).toBe(header);
    expect(others.sort()).toEqual(text.trimEnd().split("\n").slice(1).sort());
    expect(linesOf(interactions, "PUT")).toEqual([header]);
  });

  it("puts sent events behind, under the user who signed in to their session", async () => {
    const event = { sessionId: "s", timestamp: 1_700_000_000, eventType: "view", properties: { DEVICE: "tv" } };
    await runner.recordEvents(interactions.datasetArn, group, [
      { ...event, eventId: "1", itemId: "a" },
      { ...event, eventId: "2", itemId: "b", userId: "u", eventValue: 2 },
    ]);

    expect(linesOf(interactions, "ALL").slice(1)).toEqual(["u,a,1700000000,view,,tv", "u,b,1700000000,view,2,tv"]);
    expect(linesOf(interactions, "BULK")).toHaveLength(1);
  });

  it("quotes what would not be read back otherwise, and lets a sent row stand for the imported one", async () => {
    const header = "ITEM_ID,TITLE,GENRES,PRICE,CREATION_TIMESTAMP";
    const quoted = '"one, \\"two\\" and \\\\"';
    await importText(items, `${header}\ni1,${quoted},A|B,2.5,1700000000\ni2,plain,,3,\n`);
    await runner.recordItems(items.datasetArn, group, [{ id: "i2", properties: { TITLE: "new" } }]);

    expect(linesOf(items, "BULK")).toEqual([header, `i1,${quoted},A|B,2.5,1700000000`, "i2,plain,,3,"]);
    expect(linesOf(items, "ALL")).toEqual([header, `i1,${quoted},A|B,2.5,1700000000`, "i2,new,,,"]);
    expect(linesOf(items, "PUT")).toEqual([header, "i2,new,,,"]);
  });
});
