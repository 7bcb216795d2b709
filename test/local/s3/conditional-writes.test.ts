/** The pipeline's lease stands on these: of several writers one wins, and the others learn it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { readdir } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { CreateBucketCommand, DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { refusal, startS3, type TestS3 } from "./s3-server.ts";

const Bucket = "lease-data";
const Key = "lease.json";
let server: TestS3;
beforeAll(async () => {
  server = await startS3();
  await server.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => server.stop());
beforeEach(() => server.client.send(new DeleteObjectCommand({ Bucket, Key })));

const write = (Body: string, condition: object = {}) =>
  server.client.send(new PutObjectCommand({ Bucket, Key, Body, ...condition }));
const read = async () => (await server.client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
const outcome = async (promise: Promise<unknown>) => (await refusal(promise)).replace("no error", "written");

/** A write that waits in the middle of its body until told to go on. */
function slowWrite(condition: object) {
  const body = new PassThrough();
  body.write("sl");
  const result = outcome(
    server.client.send(new PutObjectCommand({ Bucket, Key, Body: body, ContentLength: 4, ...condition })),
  );
  return { result, finish: () => body.end("ow") };
}

/** Until the server has seen that the slow write began: its temporary file exists. */
async function begun(): Promise<void> {
  while ((await readdir(`${server.dataDir}/tmp`)).length === 0) await new Promise((resolve) => setImmediate(resolve));
}

describe("If-None-Match: *", () => {
  it("lets one of many writers at once create the object, and refuses the others", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => outcome(write(`writer ${i}`, { IfNoneMatch: "*" }))),
    );

    expect(outcomes.filter((o) => o === "written")).toHaveLength(1);
    expect(outcomes.filter((o) => o === "412 PreconditionFailed")).toHaveLength(19);
    expect(await read()).toBe(`writer ${outcomes.indexOf("written")}`);
  });

  it("is judged when the write ends, not when it begins", async () => {
    const slow = slowWrite({ IfNoneMatch: "*" });
    await begun();

    await write("fast");
    slow.finish();

    expect(await slow.result).toBe("412 PreconditionFailed");
    expect(await read()).toBe("fast");
  });

  it("conflicts with a delete during the write", async () => {
    await write("old");
    const slow = slowWrite({ IfNoneMatch: "*" });
    await begun();

    await server.client.send(new DeleteObjectCommand({ Bucket, Key }));
    slow.finish();

    expect(await slow.result).toBe("409 ConditionalRequestConflict");
  });

  it("takes no other value", async () => {
    expect(await outcome(write("x", { IfNoneMatch: '"abc"' }))).toBe("501 NotImplemented");
  });
});

describe("If-Match", () => {
  it("lets one of many writers at once replace what all of them read", async () => {
    const { ETag } = await write("start");

    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => outcome(write(`w${i}`, { IfMatch: ETag }))),
    );

    expect(outcomes.filter((o) => o === "written")).toHaveLength(1);
    expect(outcomes.filter((o) => o === "412 PreconditionFailed")).toHaveLength(19);
  });

  it.each([
    { why: "the object is another one by now", prepare: () => write("new"), says: "412 PreconditionFailed" },
    { why: "the object is gone", prepare: () => Promise.resolve(), says: "404 NoSuchKey" },
  ])("is refused when $why", async ({ prepare, says }) => {
    await prepare();

    expect(await outcome(write("x", { IfMatch: '"d41d8cd98f00b204e9800998ecf8427e"' }))).toBe(says);
  });

  it("guards a delete too", async () => {
    const { ETag } = await write("mine");
    await write("theirs");
    const remove = (IfMatch: string | undefined) =>
      outcome(server.client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch })));

    expect(await remove(ETag)).toBe("412 PreconditionFailed");
    expect(await read()).toBe("theirs");
  });
});

it("a refused write leaves no file behind", async () => {
  await write("here");
  await outcome(write("refused", { IfNoneMatch: "*" }));

  const files = (await readdir(`${server.dataDir}/objects`, { recursive: true })).filter((path) => path.includes("/"));

  expect(files).toHaveLength(1);
});
