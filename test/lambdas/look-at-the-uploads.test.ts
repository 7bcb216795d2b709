import { describe, expect, it } from "@jest/globals";
import { makeHandler } from "../../lambdas/look-at-the-uploads/handler.ts";
import { judgedKey, noteKey, pinsKey } from "../../pipeline/naming/bucket-layout.ts";
import { importJobName } from "../../pipeline/naming/names.ts";
import type { ImportJob } from "../../pipeline/planning/imports.ts";
import type { Run } from "../../pipeline/planning/run.ts";
import { memoryBucket } from "../support/memory-bucket.ts";
import { aRun, sha256 } from "../support/run-fixtures.ts";

const at = (seconds: number) => new Date(Date.parse("2026-11-24T03:00:00.000Z") + seconds * 1000).toISOString();
const scheduled: Partial<Parameters<typeof aRun>[0]> = {
  trigger: { type: "schedule", id: null, objectKey: null, objectVersion: null, objectEtag: null, actor: null },
};

function world(jobs: Readonly<Record<string, readonly ImportJob[]>> = {}) {
  const bucket = memoryBucket();
  bucket.upload("shop/interactions/a.csv", "USER_ID\n", at(0));
  bucket.upload("shop/items/i.csv", "ITEM_ID\n", at(10));
  const listImportJobs = async (arn: string) => [...(jobs[arn.split("/").at(-1) ?? ""] ?? [])];
  const handler = makeHandler({ bucket, listImportJobs, digest: sha256 });
  const look = (run: Run, seconds = 1000, goOnAnyway = false) => handler({ run, now: at(seconds), goOnAnyway });
  return { bucket, look };
}

const job = (name: string, createdAt: number, status = "ACTIVE"): ImportJob => ({
  arn: `job/${name}`,
  name,
  status,
  mode: "FULL",
  createdAt,
  finishedAt: createdAt + 1,
});

describe("looking at the uploads", () => {
  it("asks to wait for the rest of the quiet period after the newest file", async () => {
    const { look } = world();

    const uploads = await look(aRun(), 60);

    expect(uploads).toMatchObject({ isSettled: false, waitSeconds: 70 });
  });

  it.each([
    { why: "the quiet period is over", seconds: 130, goOnAnyway: false },
    { why: "patience is", seconds: 60, goOnAnyway: true },
  ])("goes on when $why", async ({ seconds, goOnAnyway }) => {
    const { look } = world();

    expect(await look(aRun(), seconds, goOnAnyway)).toMatchObject({ isSettled: true, isWorthwhile: true });
  });

  it("wants one import per dataset, from its folder, under a name that says what and who", async () => {
    const { look } = world();
    const run = aRun();

    const { imports, inputs } = await look(run);

    expect(imports.map(({ type, dataLocation }) => [type, dataLocation])).toEqual([
      ["interactions", "s3://data/shop/interactions/"],
      ["items", "s3://data/shop/items/"],
    ]);
    expect(imports[0]?.jobName).toBe(
      `outrank-shop-interactions-${inputs[0]?.fingerprint.slice(0, 8)}-${run.id.slice(-8)}`,
    );
    expect(imports[0]?.jobArn).toBe(
      `arn:aws:personalize:us-east-1:000000000000:dataset-import-job/${imports[0]?.jobName}`,
    );
  });

  it("does not import again what the newest finished job imported", async () => {
    const items = (await world().look(aRun())).inputs[1];
    const name = importJobName("outrank-shop", "items", items?.fingerprint ?? "", "an-earlier-run-00000000");

    const held = await world({ ITEMS: [job(name, 1)] }).look(aRun());
    const replaced = await world({ ITEMS: [job(name, 1), job("by-hand", 2)] }).look(aRun());
    const failed = await world({ ITEMS: [job(name, 1, "CREATE FAILED")] }).look(aRun());

    expect([held, replaced, failed].map(({ imports }) => imports.length)).toEqual([1, 2, 2]);
  });

  it("pins versions, and the notes that were there before it listed (L4)", async () => {
    const { look, bucket } = world();
    bucket.upload(noteKey("shop", "b"), "{}", at(5));
    const run = aRun();

    await look(run);

    expect(bucket.json(pinsKey("shop", run.id))).toMatchObject({
      notes: [noteKey("shop", "b")],
      inputs: [{ files: [{ key: "shop/interactions/a.csv", versionId: "version-of-v1" }] }, {}],
    });
    expect(bucket.calls.findIndex((call) => call.includes("notes/"))).toBeLessThan(
      bucket.calls.findIndex((call) => call === "list shop/interactions/"),
    );
  });

  it.each([
    { why: "the schedule finds nothing new", run: aRun(scheduled), worthwhile: false },
    { why: "a person asks", run: aRun(), worthwhile: true },
  ])("after a judged run on the same data, when $why", async ({ run, worthwhile }) => {
    const { look, bucket } = world();
    const { fingerprint } = await look(run);
    await bucket.write(judgedKey("shop"), { runId: "earlier", fingerprint, at: at(0) });

    expect((await look(run)).isWorthwhile).toBe(worthwhile);
  });

  it("refuses a group without interactions, and says where they belong", async () => {
    const bucket = memoryBucket();
    const look = makeHandler({ bucket, listImportJobs: async () => [], digest: sha256 });

    await expect(look({ run: aRun(), now: at(0), goOnAnyway: false })).rejects.toThrow(
      "There is no file under s3://data/shop/interactions/",
    );
  });
});
