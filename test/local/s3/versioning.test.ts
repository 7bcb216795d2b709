import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { refusal, startS3, type TestS3 } from "./s3-server.ts";

const Bucket = "history-data";
let server: TestS3;
beforeAll(async () => {
  server = await startS3();
  await server.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => server.stop());

const setStatus = (Status: "Enabled" | "Suspended") =>
  server.client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const put = (Key: string, Body: string) => server.client.send(new PutObjectCommand({ Bucket, Key, Body }));
const remove = (Key: string, VersionId?: string) =>
  server.client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
const read = async (Key: string, VersionId?: string) =>
  (await server.client.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();

it("is off at first, and an object has no version id", async () => {
  expect((await server.client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
  expect((await put("plain", "x")).VersionId).toBeUndefined();
});

describe("while versioning is enabled", () => {
  beforeAll(() => setStatus("Enabled"));

  it("every write is kept and can be read by its id", async () => {
    const first = await put("k", "one");
    const second = await put("k", "two");

    expect([await read("k"), await read("k", first.VersionId), await read("k", second.VersionId)]).toEqual([
      "two",
      "one",
      "two",
    ]);
  });

  it("what was there before is the version named null", async () => {
    await put("plain", "y");

    expect([await read("plain"), await read("plain", "null")]).toEqual(["y", "x"]);
  });

  it("a delete hides the object behind a marker, and deleting the marker brings it back", async () => {
    await put("hidden", "seen");

    const marker = await remove("hidden");
    const whileHidden = await refusal(read("hidden"));
    const byId = await refusal(read("hidden", marker.VersionId));
    const undone = await remove("hidden", marker.VersionId);

    expect(marker.DeleteMarker).toBe(true);
    expect(whileHidden).toBe("404 NoSuchKey");
    expect(byId).toBe("405 MethodNotAllowed");
    expect(undone).toMatchObject({ DeleteMarker: true, VersionId: marker.VersionId });
    expect(await read("hidden")).toBe("seen");
  });

  it("deleting a version by id is for good, and the one before it is seen again", async () => {
    await put("back", "old");
    const newer = await put("back", "new");

    await remove("back", newer.VersionId);

    expect(await read("back")).toBe("old");
    expect(await refusal(read("back", newer.VersionId))).toBe("404 NoSuchVersion");
  });

  it("a copy can take an old version", async () => {
    const old = await put("source", "old");
    await put("source", "new");

    const copied = await server.client.send(
      new CopyObjectCommand({ Bucket, Key: "restored", CopySource: `${Bucket}/source?versionId=${old.VersionId}` }),
    );

    expect(await read("restored")).toBe("old");
    expect(copied.CopySourceVersionId).toBe(old.VersionId);
  });

  it("versions of one object written in the same millisecond keep their order", async () => {
    await Promise.all(Array.from({ length: 10 }, (_, i) => put("burst", `${i}`)));

    const { Versions } = await server.client.send(new ListObjectVersionsCommand({ Bucket, Prefix: "burst" }));

    expect(Versions).toHaveLength(10);
    expect(await read("burst")).toBe(await read("burst", Versions?.[0]?.VersionId));
  });

  it("a bucket with old versions is not empty", async () => {
    const bucket = "almost-empty";
    await server.client.send(new CreateBucketCommand({ Bucket: bucket }));
    await server.client.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
    await server.client.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
    await server.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: "k" }));
    const before = await refusal(server.client.send(new DeleteBucketCommand({ Bucket: bucket })));

    const { Versions = [], DeleteMarkers = [] } = await server.client.send(
      new ListObjectVersionsCommand({ Bucket: bucket }),
    );
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key = "", VersionId }) => ({ Key, VersionId }));
    await server.client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));

    expect(before).toBe("409 BucketNotEmpty");
    expect(await refusal(server.client.send(new DeleteBucketCommand({ Bucket: bucket })))).toBe("no error");
  });
});

describe("while versioning is suspended", () => {
  it("writes replace the null version and leave the others", async () => {
    await setStatus("Enabled");
    const kept = await put("s", "kept");
    await setStatus("Suspended");

    const first = await put("s", "null one");
    await put("s", "null two");
    await remove("s");
    const { Versions, DeleteMarkers } = await server.client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: "s" }),
    );

    expect(first.VersionId).toBe("null");
    expect(Versions?.filter(({ Key }) => Key === "s").map(({ VersionId }) => VersionId)).toEqual([kept.VersionId]);
    expect(DeleteMarkers?.filter(({ Key }) => Key === "s").map(({ VersionId }) => VersionId)).toEqual(["null"]);
    expect(
      (await server.client.send(new HeadObjectCommand({ Bucket, Key: "s", VersionId: kept.VersionId }))).ContentLength,
    ).toBe(4);
  });
});
