import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createHash, randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { refusal, startS3, type TestS3 } from "./s3-server.ts";

const Bucket = "parts-data";
const partBytes = 5 * 1024 * 1024;
const bytes = randomBytes(2 * partBytes + 1234);
let server: TestS3;
beforeAll(async () => {
  server = await startS3();
  await server.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => server.stop());

const md5 = (data: Buffer) => createHash("md5").update(data).digest();
const slices = [bytes.subarray(0, partBytes), bytes.subarray(partBytes, 2 * partBytes), bytes.subarray(2 * partBytes)];
const expectedEtag = `"${md5(Buffer.concat(slices.map(md5))).toString("hex")}-3"`;
const base64Crc32 = (data: Buffer) => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(data));
  return sum.toString("base64");
};

const begin = async (Key: string, more: object = {}) =>
  (await server.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId ?? "";
const part = (Key: string, UploadId: string, PartNumber: number, Body: Buffer | string, more: object = {}) =>
  server.client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }));
const complete = (Key: string, UploadId: string, Parts: object[], more: object = {}) =>
  server.client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }),
  );
const content = async (Key: string, more: object = {}) => {
  const { Body } = await server.client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

/** Uploads the three slices and returns what CompleteMultipartUpload lists. */
async function uploadSlices(Key: string, UploadId: string, more: object = {}) {
  const listed: object[] = [];
  for (const [i, slice] of slices.entries()) {
    const { ETag, $metadata: _, ServerSideEncryption: __, ...sums } = await part(Key, UploadId, i + 1, slice, more);
    listed.push({ PartNumber: i + 1, ETag, ...sums });
  }
  return listed;
}

describe("an upload in parts", () => {
  it("by lib-storage, from a stream, gives the bytes back", async () => {
    const upload = new Upload({
      client: server.client,
      partSize: partBytes,
      params: { Bucket, Key: "streamed", Body: Readable.from([bytes]) },
    });

    const { ETag } = await upload.done();

    expect(ETag).toBe(expectedEtag);
    expect((await content("streamed")).equals(bytes)).toBe(true);
  });

  it("is read across the seams of its parts", async () => {
    const range = await content("streamed", { Range: `bytes=${partBytes - 10}-${2 * partBytes + 9}` });

    expect(range.equals(bytes.subarray(partBytes - 10, 2 * partBytes + 10))).toBe(true);
  });

  it("is read by part number", async () => {
    const answer = await server.client.send(new GetObjectCommand({ Bucket, Key: "streamed", PartNumber: 3 }));

    expect(answer).toMatchObject({ PartsCount: 3, ContentLength: 1234 });
    expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? []).equals(slices[2] as Buffer)).toBe(true);
  });

  it("has one plain object for its copy", async () => {
    const { CopyObjectResult } = await server.client.send(
      new CopyObjectCommand({ Bucket, Key: "flat", CopySource: `${Bucket}/streamed` }),
    );

    expect(CopyObjectResult?.ETag).toBe(`"${md5(bytes).toString("hex")}"`);
    expect((await content("flat")).equals(bytes)).toBe(true);
  });

  it("takes parts in any order, the last of each number, and only those listed", async () => {
    const id = await begin("disordered");
    await part("disordered", id, 3, slices[2] as Buffer);
    await part("disordered", id, 1, "to be replaced");
    const second = await part("disordered", id, 2, slices[1] as Buffer);
    await part("disordered", id, 9, "never listed");
    const first = await part("disordered", id, 1, slices[0] as Buffer);

    await complete("disordered", id, [
      { PartNumber: 1, ETag: first.ETag },
      { PartNumber: 2, ETag: second.ETag },
    ]);

    expect((await content("disordered")).equals(bytes.subarray(0, 2 * partBytes))).toBe(true);
  });

  it("copies parts out of another object", async () => {
    const id = await begin("assembled");
    const from = (range: string, number: number) =>
      server.client.send(
        new UploadPartCopyCommand({
          Bucket,
          Key: "assembled",
          UploadId: id,
          PartNumber: number,
          CopySource: `${Bucket}/streamed`,
          CopySourceRange: range,
        }),
      );
    const one = await from(`bytes=0-${partBytes - 1}`, 1);
    const two = await from("bytes=10-19", 2);

    await complete("assembled", id, [
      { PartNumber: 1, ETag: one.CopyPartResult?.ETag },
      { PartNumber: 2, ETag: two.CopyPartResult?.ETag },
    ]);

    expect((await content("assembled")).equals(Buffer.concat([slices[0] as Buffer, bytes.subarray(10, 20)]))).toBe(
      true,
    );
  });
});

describe("checksums of an upload in parts", () => {
  it("FULL_OBJECT is that of all bytes, though nobody read them again", async () => {
    const id = await begin("full", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    const listed = await uploadSlices("full", id, { ChecksumAlgorithm: "CRC32" });

    const { ChecksumCRC32, ChecksumType } = await complete("full", id, listed, { ChecksumType: "FULL_OBJECT" });

    expect({ ChecksumCRC32, ChecksumType }).toEqual({ ChecksumCRC32: base64Crc32(bytes), ChecksumType: "FULL_OBJECT" });
  });

  it("COMPOSITE is that of the parts' checksums, and attributes show the parts", async () => {
    const id = await begin("composite", { ChecksumAlgorithm: "SHA256" });
    const listed = await uploadSlices("composite", id, { ChecksumAlgorithm: "SHA256" });
    const sums = slices.map((slice) => createHash("sha256").update(slice).digest());

    const { ChecksumSHA256 } = await complete("composite", id, listed);
    const attributes = await server.client.send(
      new GetObjectAttributesCommand({ Bucket, Key: "composite", ObjectAttributes: ["ObjectParts", "Checksum"] }),
    );

    expect(ChecksumSHA256).toBe(`${createHash("sha256").update(Buffer.concat(sums)).digest("base64")}-3`);
    expect(attributes.ObjectParts?.Parts?.map((p) => p.ChecksumSHA256)).toEqual(
      sums.map((sum) => sum.toString("base64")),
    );
  });

  it("a wrong one of the whole is refused", async () => {
    const id = await begin("wrong", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    const listed = await uploadSlices("wrong", id, { ChecksumAlgorithm: "CRC32" });

    expect(await refusal(complete("wrong", id, listed, { ChecksumCRC32: "AAAAAA==" }))).toBe("400 BadDigest");
  });
});

describe("what is refused", () => {
  it.each([
    {
      why: "a part below 5 MiB that is not the last",
      parts: [
        ["a", 1],
        ["b", 2],
      ] as const,
      list: [1, 2],
      says: "400 EntityTooSmall",
    },
    {
      why: "parts out of order",
      parts: [
        ["a", 1],
        ["b", 2],
      ] as const,
      list: [2, 1],
      says: "400 InvalidPartOrder",
    },
    { why: "a part that was never sent", parts: [["a", 1]] as const, list: [7], says: "400 InvalidPart" },
    { why: "no parts at all", parts: [["a", 1]] as const, list: [], says: "400 MalformedXML" },
  ])("$why: $says", async ({ parts, list, says }) => {
    const id = await begin("refused");
    const etags = new Map<number, string | undefined>();
    for (const [body, number] of parts) etags.set(number, (await part("refused", id, number, body)).ETag);

    const listed = list.map((number) => ({
      PartNumber: number,
      ETag: etags.get(number) ?? '"00000000000000000000000000000000"',
    }));

    expect(await refusal(complete("refused", id, listed))).toBe(says);
  });

  it("another ETag than the part has", async () => {
    const id = await begin("refused");
    await part("refused", id, 1, "a");

    expect(await refusal(complete("refused", id, [{ PartNumber: 1, ETag: '"x"' }]))).toBe("400 InvalidPart");
  });

  it("a part number out of range, an upload that is none", async () => {
    const id = await begin("refused");

    expect(await refusal(part("refused", id, 10_001, "x"))).toBe("400 InvalidArgument");
    expect(await refusal(part("refused", "no-such-upload", 1, "x"))).toBe("404 NoSuchUpload");
    expect(await refusal(part("other-key", id, 1, "x"))).toBe("404 NoSuchUpload");
  });

  it("a completion under a condition that does not hold; the upload stays for another try", async () => {
    await server.client.send(new PutObjectCommand({ Bucket, Key: "taken", Body: "x" }));
    const id = await begin("taken");
    const { ETag } = await part("taken", id, 1, "y");

    const first = await refusal(complete("taken", id, [{ PartNumber: 1, ETag }], { IfNoneMatch: "*" }));
    await complete("taken", id, [{ PartNumber: 1, ETag }]);

    expect(first).toBe("412 PreconditionFailed");
    expect((await content("taken")).toString()).toBe("y");
  });
});

describe("ending an upload", () => {
  it("twice gives the same object: the first answer may have been lost", async () => {
    const id = await begin("repeated");
    const { ETag } = await part("repeated", id, 1, "once");

    const first = await complete("repeated", id, [{ PartNumber: 1, ETag }]);
    const second = await complete("repeated", id, [{ PartNumber: 1, ETag }]);

    expect(second.ETag).toBe(first.ETag);
  });

  it("by abort frees its parts", async () => {
    const filesNow = async () =>
      (await readdir(`${server.dataDir}/objects`, { recursive: true })).filter((p) => p.includes("/")).length;
    const before = await filesNow();
    const id = await begin("aborted");
    await part("aborted", id, 1, "bytes");

    await server.client.send(new AbortMultipartUploadCommand({ Bucket, Key: "aborted", UploadId: id }));

    expect(await filesNow()).toBe(before);
    expect(await refusal(server.client.send(new ListPartsCommand({ Bucket, Key: "aborted", UploadId: id })))).toBe(
      "404 NoSuchUpload",
    );
  });
});

describe("listing what is under way", () => {
  it("shows parts page by page", async () => {
    const id = await begin("listed");
    for (const number of [1, 2, 5]) await part("listed", id, number, `part ${number}`);
    const page = (more: object) =>
      server.client.send(new ListPartsCommand({ Bucket, Key: "listed", UploadId: id, MaxParts: 2, ...more }));

    const first = await page({});
    const second = await page({ PartNumberMarker: first.NextPartNumberMarker });

    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "2" });
    expect(first.Parts?.map((p) => [p.PartNumber, p.Size])).toEqual([
      [1, 6],
      [2, 6],
    ]);
    expect(second.Parts?.map((p) => p.PartNumber)).toEqual([5]);
    expect(second.IsTruncated).toBe(false);
  });

  it("shows uploads by key, then age, with common prefixes", async () => {
    const bucket = "uploads-only";
    await server.client.send(new CreateBucketCommand({ Bucket: bucket }));
    const start = (Key: string) => server.client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
    const ids = [await start("b"), await start("a"), await start("dir/x"), await start("a")].map((u) => u.UploadId);
    const list = (more: object) => server.client.send(new ListMultipartUploadsCommand({ Bucket: bucket, ...more }));

    const all = await list({ Delimiter: "/" });
    const first = await list({ MaxUploads: 1 });
    const second = await list({
      MaxUploads: 1,
      KeyMarker: first.NextKeyMarker,
      UploadIdMarker: first.NextUploadIdMarker,
    });

    expect(all.Uploads?.map((u) => [u.Key, u.UploadId])).toEqual([
      ["a", ids[1]],
      ["a", ids[3]],
      ["b", ids[0]],
    ]);
    expect(all.CommonPrefixes).toEqual([{ Prefix: "dir/" }]);
    expect([first.Uploads?.[0]?.UploadId, second.Uploads?.[0]?.UploadId]).toEqual([ids[1], ids[3]]);
  });
});
