import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createHash } from "node:crypto";
import http from "node:http";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type ChecksumAlgorithm,
} from "@aws-sdk/client-s3";
import { clientOf, refusal, startS3, type TestS3 } from "./s3-server.ts";

const Bucket = "shop-data";
let server: TestS3;
beforeAll(async () => {
  server = await startS3();
  await server.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => server.stop());

const put = (Key: string, Body: string | Buffer, more: object = {}) =>
  server.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key: string, more: object = {}) => server.client.send(new GetObjectCommand({ Bucket, Key, ...more }));
const head = (Key: string, more: object = {}) => server.client.send(new HeadObjectCommand({ Bucket, Key, ...more }));
const textOf = async (Key: string, more: object = {}) => (await get(Key, more)).Body?.transformToString();

describe("PutObject and GetObject", () => {
  it.each([
    { why: "a plain name", key: "interactions/2026-01.csv" },
    { why: "a space, a plus and a percent sign", key: "a b+c%20d.csv" },
    { why: "letters beyond ASCII", key: "größe/日本語/🚲.csv" },
    { why: "characters that XML and URLs reserve", key: '<a>&"b"?c=d#e;f,g' },
    { why: "empty segments and dots", key: "a//b/./c" },
    { why: "a folder marker", key: "folder/" },
  ])("keep bytes under $why", async ({ key }) => {
    await put(key, `content of ${key}`);

    expect(await textOf(key)).toBe(`content of ${key}`);
  });

  it("take an empty object", async () => {
    const { ETag } = await put("empty", "");

    expect(ETag).toBe('"d41d8cd98f00b204e9800998ecf8427e"');
    expect(await textOf("empty")).toBe("");
  });

  it("stream a body of unknown source without storing the SDK's chunk framing", async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
    const Body = Readable.from([bytes.subarray(0, 100_001), bytes.subarray(100_001)]);

    await server.client.send(new PutObjectCommand({ Bucket, Key: "streamed", Body, ContentLength: bytes.length }));

    const stored = Buffer.from((await (await get("streamed")).Body?.transformToByteArray()) ?? []);
    expect(stored.equals(bytes)).toBe(true);
    expect((await head("streamed")).ContentEncoding).toBeUndefined();
  });

  it("keep headers and metadata, and drop nothing but the framing from the encoding", async () => {
    await put("described", "x", {
      ...{ ContentType: "text/csv", CacheControl: "no-cache", ContentEncoding: "gzip", ContentLanguage: "de" },
      ...{ ContentDisposition: 'attachment; filename="a.csv"', Metadata: { source: "till 4" } },
    });

    expect(await server.client.send(new HeadObjectCommand({ Bucket, Key: "described" }))).toMatchObject({
      ...{ ContentType: "text/csv", CacheControl: "no-cache", ContentEncoding: "gzip", ContentLanguage: "de" },
      ...{ ContentDisposition: 'attachment; filename="a.csv"', Metadata: { source: "till 4" }, ContentLength: 1 },
    });
  });

  it("return metadata beyond ASCII as an encoded word, as S3 does", async () => {
    await put("named", "x", { Metadata: { who: "Grüße" } });

    expect((await head("named")).Metadata?.who).toBe(`=?UTF-8?B?${Buffer.from("Grüße").toString("base64")}?=`);
  });

  it("let a reader choose headers of the answer", async () => {
    await put("chosen", "x");

    expect((await get("chosen", { ResponseContentType: "text/plain" })).ContentType).toBe("text/plain");
  });

  it("replace an object under the same key", async () => {
    await put("twice", "first");
    await put("twice", "second");

    expect(await textOf("twice")).toBe("second");
  });

  it("let a reader finish an object that is deleted meanwhile", async () => {
    const bytes = Buffer.alloc(3_000_000, 7);
    await put("vanishing", bytes);
    const { Body } = await get("vanishing");

    await server.client.send(new DeleteObjectCommand({ Bucket, Key: "vanishing" }));

    expect((await Body?.transformToByteArray())?.length).toBe(bytes.length);
    expect(await refusal(get("vanishing"))).toBe("404 NoSuchKey");
  });
});

describe("what is not there", () => {
  it.each([
    { why: "no such key", act: () => get("missing"), says: "404 NoSuchKey" },
    {
      why: "HEAD has no body to say more",
      act: () => server.client.send(new HeadObjectCommand({ Bucket, Key: "missing" })),
      says: "404 NotFound",
    },
    {
      why: "no such bucket",
      act: () => server.client.send(new GetObjectCommand({ Bucket: "nowhere", Key: "k" })),
      says: "404 NoSuchBucket",
    },
    {
      why: "no such bucket to write to",
      act: () => server.client.send(new PutObjectCommand({ Bucket: "nowhere", Key: "k", Body: "x" })),
      says: "404 NoSuchBucket",
    },
    { why: "a key longer than 1,024 bytes", act: () => put("ü".repeat(513), "x"), says: "400 KeyTooLongError" },
    {
      why: "metadata above 2 kB",
      act: () => put("k", "x", { Metadata: { a: "x".repeat(2048) } }),
      says: "400 MetadataTooLarge",
    },
    {
      why: "somebody else's bucket",
      act: () => put("k", "x", { ExpectedBucketOwner: "111111111111" }),
      says: "403 AccessDenied",
    },
  ])("$why: $says", async ({ act, says }) => {
    expect(await refusal(act())).toBe(says);
  });

  it("names bucket and key in the error", async () => {
    await expect(get("missing")).rejects.toMatchObject({
      Key: "missing",
      message: "The specified key does not exist.",
    });
  });
});

describe("ranges", () => {
  beforeAll(() => put("digits", "0123456789"));

  it.each([
    { why: "a range", range: "bytes=2-4", body: "234", header: "bytes 2-4/10" },
    { why: "to the end", range: "bytes=7-", body: "789", header: "bytes 7-9/10" },
    { why: "the last ones", range: "bytes=-3", body: "789", header: "bytes 7-9/10" },
    { why: "beyond the end", range: "bytes=8-99", body: "89", header: "bytes 8-9/10" },
    { why: "more than there are, from the end", range: "bytes=-99", body: "0123456789", header: "bytes 0-9/10" },
  ])("$why: $range", async ({ range, body, header }) => {
    const answer = await get("digits", { Range: range });

    expect(answer.$metadata.httpStatusCode).toBe(206);
    expect(answer.ContentRange).toBe(header);
    expect(await answer.Body?.transformToString()).toBe(body);
  });

  it("refuses a range behind the end", async () => {
    expect(await refusal(get("digits", { Range: "bytes=10-" }))).toBe("416 InvalidRange");
  });
});

describe("conditional reads", () => {
  const etag = '"781e5e245d69b566979b86e28d23f2c7"'; // md5 of 0123456789
  const before = new Date(Date.UTC(2026, 0, 4));
  const after = new Date(Date.UTC(2026, 0, 6));
  beforeAll(() => put("dated", "0123456789"));

  it.each([
    { why: "the ETag matches", how: { IfMatch: etag }, says: "no error" },
    { why: "the ETag is another", how: { IfMatch: '"other"' }, says: "412 PreconditionFailed" },
    { why: "it has not changed", how: { IfNoneMatch: etag }, says: "304 Unknown" },
    { why: "it is not the one known", how: { IfNoneMatch: '"other"' }, says: "no error" },
    { why: "it changed since", how: { IfModifiedSince: before }, says: "no error" },
    { why: "it did not change since", how: { IfModifiedSince: after }, says: "304 Unknown" },
    { why: "it changed since then", how: { IfUnmodifiedSince: before }, says: "412 PreconditionFailed" },
    {
      why: "If-Match outranks If-Unmodified-Since",
      how: { IfMatch: etag, IfUnmodifiedSince: before },
      says: "no error",
    },
    {
      why: "If-None-Match outranks If-Modified-Since",
      how: { IfNoneMatch: '"other"', IfModifiedSince: after },
      says: "no error",
    },
  ])("$why: $says", async ({ how, says }) => {
    expect(await refusal(get("dated", how))).toBe(says);
  });
});

describe("checksums", () => {
  const body = "the bytes to be summed";
  const sha256 = createHash("sha256").update(body).digest("base64");

  it.each<{ algorithm: ChecksumAlgorithm }>([
    { algorithm: "CRC32" },
    { algorithm: "CRC32C" },
    { algorithm: "CRC64NVME" },
    { algorithm: "SHA1" },
    { algorithm: "SHA256" },
  ])("$algorithm is verified on the way in and returned on PUT, GET and HEAD", async ({ algorithm }) => {
    const member = `Checksum${algorithm}` as const;

    const written = await put(`sum-${algorithm}`, body, { ChecksumAlgorithm: algorithm });
    const read = await get(`sum-${algorithm}`, { ChecksumMode: "ENABLED" });
    const head = await server.client.send(
      new HeadObjectCommand({ Bucket, Key: `sum-${algorithm}`, ChecksumMode: "ENABLED" }),
    );

    expect(written[member]).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(await read.Body?.transformToString()).toBe(body); // the SDK compares as it reads
    expect([read[member], head[member]]).toEqual([written[member], written[member]]);
  });

  it("agree with an independent computation", async () => {
    expect((await put("sum", body, { ChecksumAlgorithm: "SHA256" })).ChecksumSHA256).toBe(sha256);
    expect((await put("check", "123456789", { ChecksumAlgorithm: "CRC32" })).ChecksumCRC32).toBe("y/Q5Jg=="); // 0xcbf43926
    expect((await put("check", "123456789", { ChecksumAlgorithm: "CRC32C" })).ChecksumCRC32C).toBe("4waSgw=="); // 0xe3069283
    expect((await put("check", "123456789", { ChecksumAlgorithm: "CRC64NVME" })).ChecksumCRC64NVME).toBe(
      "rosUhgp5mIg=",
    ); // 0xae8b14860a799888
  });

  it.each([
    {
      why: "a wrong checksum",
      how: { ChecksumSHA256: createHash("sha256").update("other").digest("base64") },
      says: "400 BadDigest",
    },
    {
      why: "a wrong MD5",
      how: { ContentMD5: createHash("md5").update("other").digest("base64") },
      says: "400 BadDigest",
    },
    { why: "an MD5 that is none", how: { ContentMD5: "abc" }, says: "400 InvalidDigest" },
    { why: "a checksum of the wrong length", how: { ChecksumSHA1: "AAAA" }, says: "400 InvalidRequest" },
  ])("$why is refused and nothing is kept", async ({ how, says }) => {
    expect(await refusal(put("refused", body, how))).toBe(says);
    expect(await refusal(get("refused"))).toBe("404 NoSuchKey");
  });

  it("are not shown for a range", async () => {
    expect((await get("sum", { Range: "bytes=0-1", ChecksumMode: "ENABLED" })).ChecksumSHA256).toBeUndefined();
  });

  it("are among an object's attributes", async () => {
    const ObjectAttributes = ["ETag", "Checksum", "ObjectSize", "StorageClass"] as const;
    const answer = await server.client.send(
      new GetObjectAttributesCommand({ Bucket, Key: "sum", ObjectAttributes: [...ObjectAttributes] }),
    );

    expect(answer).toMatchObject({
      ETag: createHash("md5").update(body).digest("hex"),
      Checksum: { ChecksumSHA256: sha256, ChecksumType: "FULL_OBJECT" },
      ObjectSize: body.length,
      StorageClass: "STANDARD",
    });
  });
});

describe("CopyObject", () => {
  beforeAll(() =>
    put("source file.csv", "to be copied", { ContentType: "text/csv", Metadata: { a: "1" }, Tagging: "k=v" }),
  );
  const copy = (Key: string, more: object = {}) =>
    server.client.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/source%20file.csv`, ...more }));

  it("copies bytes, headers, metadata, tags and checksum", async () => {
    const { CopyObjectResult } = await copy("copied");
    const read = await get("copied", { ChecksumMode: "ENABLED" });

    expect(await read.Body?.transformToString()).toBe("to be copied");
    expect(read).toMatchObject({
      ContentType: "text/csv",
      Metadata: { a: "1" },
      TagCount: 1,
      ETag: CopyObjectResult?.ETag,
    });
    expect(read.ChecksumCRC32).toBe(CopyObjectResult?.ChecksumCRC32);
  });

  it("replaces metadata where asked", async () => {
    await copy("replaced", { MetadataDirective: "REPLACE", Metadata: { b: "2" }, ContentType: "text/plain" });

    expect(await get("replaced")).toMatchObject({ ContentType: "text/plain", Metadata: { b: "2" } });
  });

  it("leaves the copy alone when the source goes", async () => {
    await put("short-lived", "still here");
    await server.client.send(new CopyObjectCommand({ Bucket, Key: "survivor", CopySource: `/${Bucket}/short-lived` }));
    await server.client.send(new DeleteObjectCommand({ Bucket, Key: "short-lived" }));

    expect(await textOf("survivor")).toBe("still here");
  });

  it("computes another checksum where asked", async () => {
    const { CopyObjectResult } = await copy("summed", { ChecksumAlgorithm: "SHA256" });

    expect(CopyObjectResult?.ChecksumSHA256).toBe(createHash("sha256").update("to be copied").digest("base64"));
  });

  it.each([
    { why: "onto itself without a change", act: () => copy("source file.csv"), says: "400 InvalidRequest" },
    { why: "the source is missing", act: () => copy("c", { CopySource: `${Bucket}/missing` }), says: "404 NoSuchKey" },
    {
      why: "the source is not the one known",
      act: () => copy("c", { CopySourceIfMatch: '"other"' }),
      says: "412 PreconditionFailed",
    },
    { why: "the target exists", act: () => copy("copied", { IfNoneMatch: "*" }), says: "412 PreconditionFailed" },
    {
      why: "the source is no source",
      act: () => copy("c", { CopySource: "justabucket" }),
      says: "400 InvalidArgument",
    },
  ])("is refused when $why", async ({ act, says }) => {
    expect(await refusal(act())).toBe(says);
  });
});

describe("deleting", () => {
  it("of what is not there succeeds", async () => {
    const { $metadata } = await server.client.send(new DeleteObjectCommand({ Bucket, Key: "never-was" }));

    expect($metadata.httpStatusCode).toBe(204);
  });

  it("of many keys at once answers for each, or only for failures where quiet", async () => {
    await put("d1", "x");
    await put("d2", "x");
    const remove = (Objects: { Key: string; ETag?: string }[], Quiet: boolean) =>
      server.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet } }));

    const loud = await remove([{ Key: "d1" }, { Key: "nothing" }], false);
    const quiet = await remove([{ Key: "d2", ETag: '"other"' }], true);

    expect(loud.Deleted?.map(({ Key }) => Key)).toEqual(["d1", "nothing"]);
    expect(quiet.Deleted).toBeUndefined();
    expect(quiet.Errors).toEqual([expect.objectContaining({ Key: "d2", Code: "PreconditionFailed" })]);
    expect(await textOf("d2")).toBe("x");
  });
});

describe("tags", () => {
  it("come with the object, change in place, and go", async () => {
    const at = { Bucket, Key: "tagged" };
    await put("tagged", "x", { Tagging: "team=shop&stage=a%20b" });

    const first = await server.client.send(new GetObjectTaggingCommand(at));
    await server.client.send(
      new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [{ Key: "only", Value: "one" }] } }),
    );
    const second = await server.client.send(new GetObjectTaggingCommand(at));
    await server.client.send(new DeleteObjectTaggingCommand(at));
    const third = await server.client.send(new GetObjectTaggingCommand(at));

    expect(first.TagSet).toEqual([
      { Key: "team", Value: "shop" },
      { Key: "stage", Value: "a b" },
    ]);
    expect(second.TagSet).toEqual([{ Key: "only", Value: "one" }]);
    expect(third.TagSet).toEqual([]);
  });
});

describe("an address of the form bucket.host", () => {
  it("reaches the same objects", async () => {
    await put("hosted/key.csv", "by host");
    const request = await fetch(`${server.url}/hosted/key.csv`, { headers: { host: "ignored" } }).then((r) => r.status);
    const text = await new Promise<string>((resolve, reject) => {
      const { port } = new URL(server.url);
      const headers = { host: `${Bucket}.s3.us-east-1.amazonaws.com` };
      http
        .request({ port, host: "127.0.0.1", path: "/hosted/key.csv", headers }, (response) => {
          response.setEncoding("utf8");
          let body = "";
          response.on("data", (chunk: string) => (body += chunk)).on("end", () => resolve(body));
        })
        .on("error", reject)
        .end();
    });

    expect(request).toBe(404); // by path it would be a bucket named "hosted"
    expect(text).toBe("by host");
  });

  it("is what the SDK uses for host names, and it need not", async () => {
    const client = clientOf(server.url.replace("127.0.0.1", "localhost"), { forcePathStyle: true });

    const answer = await client.send(new GetObjectCommand({ Bucket, Key: "hosted/key.csv" }));

    expect(await answer.Body?.transformToString()).toBe("by host");
    client.destroy();
  });
});
