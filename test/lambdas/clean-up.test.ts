/** begin-the-cleanup and clean-up as handlers: who may begin, and what one step does and answers. */
import { describe, expect, it } from "@jest/globals";
import { makeHandler as makeBegin } from "../../lambdas/begin-the-cleanup/handler.ts";
import { makeHandler as makeCleanUp } from "../../lambdas/clean-up/handler.ts";
import type { Found, Kind } from "../../pipeline/cleanup/found.ts";
import { championKey, cleanupKey, judgedKey, leaseKey, recordKey } from "../../pipeline/naming/bucket-layout.ts";
import { memoryBucket } from "../support/memory-bucket.ts";
import { planRequest, sha256 } from "../support/run-fixtures.ts";

const now = "2026-11-24T03:00:00.000Z";
const states = "arn:aws:states:us-east-1:000000000000";
const me = `${states}:execution:outrank-shop-cleanup:x`;
const other = `${states}:execution:outrank-shop:run`;

function world(found: Found[] = [], statusOfOther: string | null = "RUNNING") {
  const bucket = memoryBucket();
  const { project, group } = planRequest();
  const asked: string[] = [];
  const refusals = new Map<string, string>();
  const begin = makeBegin({ project, group, bucket, digest: sha256, statusOf: async () => statusOfOther });
  const cleanUp = makeCleanUp({
    bucket,
    lookAtTheGroup: async () => [...found],
    deletions: {
      async delete({ name, kind }) {
        asked.push(name);
        const refusal = refusals.get(name) ?? null;
        if (refusal === null && kind === "schema")
          found.splice(0, found.length, ...found.filter((one) => one.name !== name));
        return refusal;
      },
      stop: async (arn) => void asked.push(`stop ${arn}`),
    },
  });
  const request = {
    execution: { arn: me, startedAt: now },
    stateMachineArn: `${states}:stateMachine:outrank-shop-cleanup`,
  };
  return {
    ...{ bucket, asked, found, refusals },
    begin: (input: unknown = {}) => begin({ ...request, input, now }),
    step: async (input: unknown = {}, done: object = { seen: [], stopped: [] }) =>
      cleanUp({ cleanup: (await begin({ ...request, input, now })).cleanup, now, done }),
  };
}

const a = (kind: Kind, name: string, more: Partial<Found> = {}): Found => ({
  ...{ kind, name, arn: `arn:${name}`, status: "ACTIVE", failureReason: null, work: [], solutionArn: null, usedAt: 0 },
  ...more,
});

describe("begin-the-cleanup", () => {
  const theirs = { owner: other, runId: "r", takenAt: now, expiresAt: "2026-11-25T03:00:00.000Z" };

  it("takes the lease of its group, and takes it once however often it is called", async () => {
    const { begin, bucket } = world();

    const [first, again] = [await begin(), await begin()];

    expect([first, again]).toMatchObject([
      { isClear: true, holds: true },
      { isClear: true, holds: true },
    ]);
    expect(bucket.json(leaseKey("shop"))).toMatchObject({ owner: me, expiresAt: "2026-11-24T08:00:00.000Z" });
  });

  it("leaves a running run its lease, and says whose it is", async () => {
    const { begin, bucket } = world();
    await bucket.write(leaseKey("shop"), theirs);

    expect(await begin()).toMatchObject({ isClear: false, holds: false, busyWith: `${other}, since ${now}` });
    expect(bucket.json(leaseKey("shop"))).toEqual(theirs);
  });

  it("takes the lease over from a run that is gone", async () => {
    const { begin, bucket } = world([], "ABORTED");
    await bucket.write(leaseKey("shop"), theirs);

    expect(await begin()).toMatchObject({ isClear: true, holds: true });
  });

  it("of a dry run takes no lease and minds nobody's", async () => {
    const { begin, bucket } = world();
    await bucket.write(leaseKey("shop"), theirs);

    expect(await begin({ dryRun: true })).toMatchObject({ isClear: true, holds: false });
    expect(bucket.json(leaseKey("shop"))).toEqual(theirs);
  });
});

describe("one step of a cleanup", () => {
  it("asks for the first kind only, waits for it, and writes down how far it came", async () => {
    const { step, asked, bucket } = world([a("solution", "outrank-shop-s"), a("campaign", "outrank-shop-c")]);

    const answer = await step();

    expect(asked).toEqual(["outrank-shop-c"]);
    expect(answer).toMatchObject({ isDone: false, summary: "campaign outrank-shop-c is being deleted", failure: null });
    expect(bucket.json(cleanupKey("shop", answer.output.id))).toMatchObject({
      deleted: [{ kind: "campaign", name: "outrank-shop-c" }],
      waitingFor: ["campaign outrank-shop-c is being deleted"],
    });
  });

  it("counts what an earlier step saw and is gone, although no answer told of it", async () => {
    const { step } = world([a("solution", "outrank-shop-s")]);

    const { output } = await step({}, { seen: [{ kind: "campaign", name: "outrank-shop-c" }], stopped: [] });

    expect(output.deleted.map(({ name }) => name)).toEqual(["outrank-shop-c", "outrank-shop-s"]);
  });

  it("keeps a schema that is in use and goes on; waits for anything else that is", async () => {
    const schema = "outrank-shop-items-0a1b2c3d";
    const { step, asked, refusals } = world([a("schema", schema), a("dataset group", "outrank-shop")]);
    refusals.set(schema, "a dataset has it").set("outrank-shop", "not empty yet");

    const { isDone, summary, output } = await step();

    expect(asked).toEqual([schema, "outrank-shop"]);
    expect({ isDone, summary }).toEqual({ isDone: false, summary: "dataset group outrank-shop: not empty yet" });
    expect(output.kept).toEqual([{ kind: "schema", name: schema, reason: "a dataset has it" }]);
  });

  it("touches nothing when somebody else's thing is there, whatever its kind", async () => {
    const { step, asked } = world([a("campaign", "outrank-shop-c"), a("filter", "anns")]);

    await expect(step()).rejects.toMatchObject({
      name: "ForeignResources",
      message: expect.stringContaining("filter anns"),
    });
    expect(asked).toEqual([]);
  });

  it("removes our pointers when all is gone, never before, and never a record", async () => {
    const { step, found, bucket } = world([a("dataset group", "outrank-shop")]);
    const pointers = [championKey("shop", "for-you"), judgedKey("shop")];
    for (const key of [...pointers, recordKey("shop", "r1"), "shop/interactions/a.csv"]) bucket.upload(key, "{}", now);

    await step();
    const before = bucket.keys().filter((key) => pointers.includes(key));
    found.length = 0;
    const { isDone, output } = await step();

    expect(before).toEqual(pointers);
    expect({ isDone, forgotten: output.forgotten }).toEqual({ isDone: true, forgotten: pointers });
    expect(bucket.keys()).toEqual(expect.arrayContaining([recordKey("shop", "r1"), "shop/interactions/a.csv"]));
  });
});
