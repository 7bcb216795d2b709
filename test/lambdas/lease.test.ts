/** take-the-lease and release-the-lease together: they are one protocol (rules L1 to L4, R3, R4). */
import { plainOptions } from "../../pipeline/planning/run-options.ts";
import { describe, expect, it } from "@jest/globals";
import { makeHandler as makeRelease } from "../../lambdas/release-the-lease/handler.ts";
import { makeHandler as makeTake } from "../../lambdas/take-the-lease/handler.ts";
import type { RerunWanted } from "../../pipeline/events/rerun-wanted.ts";
import { leaseKey, noteKey, pinsKey } from "../../pipeline/naming/bucket-layout.ts";
import type { Run } from "../../pipeline/planning/run.ts";
import { readTrigger } from "../../pipeline/planning/trigger.ts";
import { memoryBucket } from "../support/memory-bucket.ts";
import { aRun, executionArn, sha256 } from "../support/run-fixtures.ts";

const now = "2026-11-24T03:00:00.000Z";
const lease = leaseKey("shop");

const upload = (key: string, etag: string) =>
  readTrigger(
    {
      source: "aws.s3",
      "detail-type": "Object Created",
      detail: { bucket: { name: "data" }, object: { key, etag, "version-id": `version-of-${etag}` } },
    },
    sha256,
  ).trigger;

const runNamed = (
  name: string,
  trigger = upload(`shop/interactions/${name}.csv`, name),
  options?: Run["options"],
): Run =>
  aRun({
    execution: { arn: executionArn.replace("first", name), name, startedAt: now },
    trigger,
    ...(options ? { options } : {}),
  });

function world(statuses: Readonly<Record<string, string>> = {}) {
  const bucket = memoryBucket();
  const started: { name: string; input: RerunWanted }[] = [];
  const statusOf = async (arn: string) => statuses[arn.split(":").at(-1) ?? ""] ?? "RUNNING";
  const take = makeTake({ bucket, digest: sha256, statusOf });
  const release = makeRelease({
    bucket,
    digest: sha256,
    start: async (_, name, input) => void started.push({ name, input }),
  });
  return {
    bucket,
    started,
    take: (run: Run, at = now) => take({ run, now: at }),
    release: (run: Run) => release({ run }),
  };
}

const pins = (inputs: unknown[], notes: string[] = []) => ({ inputs, notes });
const file = (key: string, etag: string) => ({
  type: "interactions",
  fingerprint: "f",
  files: [{ key, etag, versionId: `version-of-${etag}`, sizeBytes: 1, lastModified: now }],
});

describe("taking the lease", () => {
  it("goes to the first who asks, and to nobody else while that one runs", async () => {
    const { take } = world();

    const outcomes = [];
    for (const name of ["a", "b", "c"]) outcomes.push((await take(runNamed(name))).outcome);

    expect(outcomes).toEqual(["HELD", "COALESCED", "COALESCED"]);
  });

  it("leaves a note and only then tries the second time", async () => {
    const { take, bucket } = world();
    await take(runNamed("a"));
    bucket.calls.length = 0;

    await take(runNamed("b"));

    const wanted = [`create ${lease}`, `write ${noteKey("shop", "b")}`, `create ${lease}`];
    expect(bucket.calls.filter((call) => !call.includes("triggers/"))).toEqual(wanted);
  });

  it("takes at the second try what was released between the two", async () => {
    const { take, bucket, release } = world();
    const holder = runNamed("a");
    await take(holder);
    const write = bucket.write;
    const late = makeTake({
      digest: sha256,
      statusOf: async () => "RUNNING",
      bucket: { ...bucket, write: async (key, value) => void (await release(holder), await write(key, value)) },
    });

    expect((await late({ run: runNamed("b"), now })).outcome).toBe("HELD");
  });

  it("is asked again after a lost answer, and still says yes (R4)", async () => {
    const { take } = world();
    const run = runNamed("a");

    expect([(await take(run)).outcome, (await take(run)).outcome]).toEqual(["HELD", "HELD"]);
  });

  it.each([
    { why: "the owner ended without releasing", statuses: { a: "ABORTED" }, at: now, outcome: "HELD" },
    { why: "the lease has expired", statuses: {}, at: "2026-12-24T03:00:00.000Z", outcome: "HELD" },
    { why: "the lease is about to expire", statuses: {}, at: "2026-11-24T13:00:00.000Z", outcome: "COALESCED" },
  ])("steals or not: $why", async ({ statuses, at, outcome }) => {
    const { take } = world(statuses as Record<string, string>);
    await take(runNamed("a"));

    expect((await take(runNamed("b"), at)).outcome).toBe(outcome);
  });

  it("lets only one of two thieves have it", async () => {
    const { take, bucket } = world({ a: "FAILED" });
    await take(runNamed("a"));

    const outcomes = await Promise.all([take(runNamed("b")), take(runNamed("c"))]);

    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(["COALESCED", "HELD"]);
    expect(bucket.calls.filter((call) => call === `replace ${lease}`).length).toBeGreaterThan(1);
  });

  it("starts one run for an event delivered twice, also after the first has ended (R4)", async () => {
    const { take, release } = world();
    const event = upload("shop/items/x.csv", "x");
    const first = runNamed("a", event);
    await take(first);
    await release(first);

    expect((await take(runNamed("b", event))).outcome).toBe("DUPLICATE");
  });

  it("does not start for an object in a deeper folder", async () => {
    const { take } = world();

    expect((await take(runNamed("a", upload("shop/items/old/x.csv", "x")))).outcome).toBe("IGNORED");
  });

  it("tells a person whose options the running run does not know", async () => {
    const { take } = world();
    await take(runNamed("a"));
    const manual = readTrigger({}, sha256).trigger;

    const answer = await take(runNamed("b", manual, { ...plainOptions, dryRun: true }));

    expect(answer.reason).toContain("start again when it has ended");
  });
});

describe("releasing the lease", () => {
  it("starts one rerun for all uploads that were not read, named so that a repeat starts no second", async () => {
    const { take, release, bucket, started } = world();
    const holder = runNamed("a");
    await take(holder);
    await bucket.write(pinsKey("shop", holder.id), pins([file("shop/interactions/a.csv", "a")]));
    await take(runNamed("b"));
    await take(runNamed("c"));

    const first = await release(holder);
    const repeat = await release(holder);

    expect(started).toEqual([
      { name: first.rerun, input: { trigger: "rerun", of: holder.id } },
      { name: first.rerun, input: { trigger: "rerun", of: holder.id } },
    ]);
    expect(repeat).toEqual(first);
    expect(bucket.keys(lease)).toEqual([]);
    expect(bucket.keys("outrank/shop/notes/")).toEqual([noteKey("shop", "b"), noteKey("shop", "c")]);
  });

  it.each([
    { why: "the upload is among the pinned versions", inputs: [file("shop/interactions/b.csv", "b")], notes: [] },
    { why: "the note was there before the uploads were listed", inputs: [], notes: [noteKey("shop", "b")] },
  ])("starts none when $why, and clears the note", async ({ inputs, notes }) => {
    const { take, release, bucket, started } = world();
    const holder = runNamed("a");
    await take(holder);
    await take(runNamed("b"));
    await bucket.write(pinsKey("shop", holder.id), pins(inputs, notes));

    await release(holder);

    expect([started, bucket.keys("outrank/shop/notes/")]).toEqual([[], []]);
  });

  it("deletes the lease before it lists the notes (L4)", async () => {
    const { take, release, bucket } = world();
    const holder = runNamed("a");
    await take(holder);

    await release(holder);

    const [removed, listed] = [`remove ${lease}`, "list outrank/shop/notes/"].map((call) => bucket.calls.indexOf(call));
    expect(Number(removed)).toBeLessThan(Number(listed));
  });

  it("leaves another run's lease and notes alone", async () => {
    const { take, release, bucket, started } = world();
    await take(runNamed("a"));
    const other = runNamed("b");
    await take(other);

    await release(other);

    expect([started, bucket.keys(lease), bucket.keys("outrank/shop/notes/")]).toEqual([
      [],
      [lease],
      [noteKey("shop", "b")],
    ]);
  });

  it("does not go on for ever when reruns cannot even read the uploads", async () => {
    const { take, release, started } = world();
    const rerun = runNamed("r", readTrigger({ trigger: "rerun", of: "x" }, sha256).trigger);
    await take(rerun);
    await take(runNamed("b"));

    await release(rerun);

    expect(started).toEqual([]);
  });

  it("has nothing to release when planning failed", async () => {
    const { bucket, started } = world();
    const release = makeRelease({ bucket, digest: sha256, start: async () => undefined });

    expect([await release({ run: null }), started]).toEqual([{ rerun: null }, []]);
  });

  it.each([
    { why: "an older event that comes late", first: "0A1C", then: "0A1B", outcome: "IGNORED" },
    { why: "a newer one", first: "0A1B", then: "0A1C", outcome: "COALESCED" },
    { why: "a newer one that is written longer", first: "0A1B", then: "0A1B01", outcome: "COALESCED" },
    { why: "one that is only written longer, with zeros", first: "0A1B", then: "0A1B00", outcome: "COALESCED" },
  ])("knows $why by its sequencer", async ({ first, then, outcome }) => {
    const { take } = world();
    const event = (sequencer: string) => ({ ...upload("shop/interactions/a.csv", sequencer), sequencer });
    expect((await take(runNamed("one", event(first)))).outcome).toBe("HELD");

    expect((await take(runNamed("two", event(then)))).outcome).toBe(outcome);
  });
});
