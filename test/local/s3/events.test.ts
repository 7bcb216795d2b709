import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import * as s3 from "@aws-sdk/client-s3";
import { memoryStore } from "../../../local/cloud/journal/memory-store.ts";
import { createSequencer } from "../../../local/s3/storage/sequencer.ts";
import { startS3, type TestS3 } from "./s3-server.ts";

const Bucket = "event-data";
let server: TestS3;
beforeEach(async () => {
  server = await startS3();
  await server.client.send(new s3.CreateBucketCommand({ Bucket }));
});
afterEach(() => server.stop());

const turnOn = (client = server.client) =>
  client.send(
    new s3.PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
const put = (Key: string, Body = "hello") => server.client.send(new s3.PutObjectCommand({ Bucket, Key, Body }));
type Detail = { object: { key: string; sequencer: string }; reason: string; "deletion-type"?: string };
const details = () => server.events.map((event) => event.detail as Detail);

describe("events", () => {
  it("are silent until the bucket sends them to EventBridge", async () => {
    await put("quiet");

    expect(server.events).toEqual([]);
  });

  it("tell of a new object as S3 does", async () => {
    await turnOn();
    await put("shop/interactions/a b.csv");

    expect(server.events).toEqual([
      {
        source: "aws.s3",
        detailType: "Object Created",
        resources: [`arn:aws:s3:::${Bucket}`],
        detail: {
          version: "0",
          bucket: { name: Bucket },
          object: {
            key: "shop/interactions/a b.csv",
            size: 5,
            etag: "5d41402abc4b2a76b9719d911017c592",
            sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
          },
          "request-id": expect.stringMatching(/^.{16}$/),
          requester: "000000000000",
          "source-ip-address": "127.0.0.1",
          reason: "PutObject",
        },
      },
    ]);
  });

  it("give the version id where there are versions", async () => {
    await turnOn();
    await server.client.send(
      new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
    const { VersionId } = await put("k");
    const marker = await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "k" }));

    expect(
      server.events.map(({ detail }) => (detail as { object: { "version-id": string } }).object["version-id"]),
    ).toEqual([VersionId, marker.VersionId]);
    expect(details()[1]?.["deletion-type"]).toBe("Delete Marker Created");
  });

  it("give the way the object came or went as the reason", async () => {
    await turnOn();
    await put("one");
    await server.client.send(new s3.CopyObjectCommand({ Bucket, Key: "two", CopySource: `${Bucket}/one` }));
    const { UploadId } = await server.client.send(new s3.CreateMultipartUploadCommand({ Bucket, Key: "three" }));
    const { ETag } = await server.client.send(
      new s3.UploadPartCommand({ Bucket, Key: "three", UploadId, PartNumber: 1, Body: "x" }),
    );
    await server.client.send(
      new s3.CompleteMultipartUploadCommand({
        Bucket,
        Key: "three",
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    );
    await server.client.send(
      new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "one" }, { Key: "never-was" }] } }),
    );

    expect(details().map(({ object, reason }) => [object.key, reason])).toEqual([
      ["one", "PutObject"],
      ["two", "CopyObject"],
      ["three", "CompleteMultipartUpload"],
      ["one", "DeleteObject"],
    ]);
    expect(details()[3]?.["deletion-type"]).toBe("Permanently Deleted");
  });

  it("of a refused write do not exist", async () => {
    await turnOn();
    await put("k");
    await server.client
      .send(new s3.PutObjectCommand({ Bucket, Key: "k", Body: "x", IfNoneMatch: "*" }))
      .catch(() => {});

    expect(server.events).toHaveLength(1);
  });

  it("number the changes of one key upwards, in one millisecond too", async () => {
    await turnOn();
    for (let i = 0; i < 5; i++) await put("same");

    const sequencers = details().map(({ object }) => object.sequencer);
    expect([...sequencers].sort()).toEqual(sequencers);
    expect(new Set(sequencers).size).toBe(5);
  });
});

describe("an event that could not be delivered", () => {
  it("is sent at the next start, and the upload succeeded all the same", async () => {
    const store = memoryStore();
    const broken = await startS3({ store, emit: () => Promise.reject(new Error("EventBridge is down")) });
    await broken.client.send(new s3.CreateBucketCommand({ Bucket }));
    await turnOn(broken.client);
    const { ETag } = await broken.client.send(new s3.PutObjectCommand({ Bucket, Key: "kept", Body: "x" }));

    const next = await startS3({ store });
    await next.s3.service.resume?.();
    const delivered = next.events.map((event) => (event.detail as Detail).object.key);
    await next.s3.service.resume?.();

    expect(ETag).toBeDefined();
    expect(delivered).toEqual(["kept"]);
    expect(next.events).toHaveLength(1);
    await Promise.all([broken.stop(), next.stop()]);
  });
});

describe("the sequencer", () => {
  it("goes on above what it saw, though the clock stands before it", () => {
    const first = createSequencer({ now: () => 1_000_000 });
    const seen = [first.next(), first.next()];
    const second = createSequencer({ now: () => 1 });
    second.seen(seen[1] as string);

    const numbers = [...seen, second.next(), second.next()];

    expect([...numbers].sort()).toEqual(numbers);
    expect(new Set(numbers).size).toBe(4);
  });
});
