/** Objects locked with a key of KMS: who may use it, and what answers say of it. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { AccessDeniedException, AwsError } from "../../../local/cloud/ports/aws-error.ts";
import type { Keys, KeyUse } from "../../../local/cloud/ports/keys.ts";
import { startS3, type TestS3 } from "./s3-server.ts";

const keyArn = "arn:aws:kms:us-east-1:000000000000:key/1";
const target = { Bucket: "data", Key: "shop/a.csv" };
let s3: TestS3;
let uses: KeyUse[];
let refused: Set<string>;

beforeEach(async () => {
  [uses, refused] = [[], new Set()];
  const keys: Keys = {
    arnOf: (key) => {
      if (key === "alias/none") throw new AwsError("NotFoundException", `Alias '${key}' does not exist`);
      return keyArn;
    },
    assertUsable: (_, use) => {
      uses.push(use);
      if (refused.has(use.action)) throw new AccessDeniedException("role/reader", use.action, use.key);
    },
  };
  s3 = await startS3({ keys });
  await s3.client.send(new CreateBucketCommand({ Bucket: "data" }));
});
afterEach(() => s3.stop());

const lockBucket = (BucketKeyEnabled: boolean, KMSMasterKeyID?: string) =>
  s3.client.send(
    new PutBucketEncryptionCommand({
      Bucket: "data",
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: {
              SSEAlgorithm: "aws:kms",
              ...(KMSMasterKeyID ? { KMSMasterKeyID } : {}),
            },
            BucketKeyEnabled,
          },
        ],
      },
    }),
  );
const put = (more: object = {}) => s3.client.send(new PutObjectCommand({ ...target, Body: "x", ...more }));
const get = () => s3.client.send(new GetObjectCommand(target));
const used = () => uses.map(({ action, encryptionContext }) => `${action} ${encryptionContext?.["aws:s3:arn"]}`);

describe("a bucket with a key", () => {
  beforeEach(() => lockBucket(true, "alias/data"));

  it("makes data keys for who writes and decrypts for who reads, under the bucket's own key", async () => {
    const written = await put();
    const read = await get();

    const lock = { ServerSideEncryption: "aws:kms", SSEKMSKeyId: keyArn, BucketKeyEnabled: true };
    expect(written).toMatchObject(lock);
    expect(read).toMatchObject(lock);
    expect(used()).toEqual(["kms:GenerateDataKey arn:aws:s3:::data", "kms:Decrypt arn:aws:s3:::data"]);
    expect(uses.every(({ via, key }) => via === "s3" && key === keyArn)).toBe(true);
  });

  it("tells of a lock without opening it", async () => {
    await put();
    uses.length = 0;

    expect(await s3.client.send(new HeadObjectCommand(target))).toMatchObject({ SSEKMSKeyId: keyArn });
    expect(uses).toEqual([]);
  });

  it.each([
    { action: "kms:GenerateDataKey", call: () => put(), why: "who writes" },
    { action: "kms:Decrypt", call: () => get(), why: "who reads" },
  ])("refuses $why without $action, in KMS's words", async ({ action, call }) => {
    await put();
    refused.add(action);

    await expect(call()).rejects.toMatchObject({
      ...{ name: "AccessDenied", $metadata: { httpStatusCode: 403 } },
      message: expect.stringContaining(
        `User: role/reader is not authorized to perform: ${action} on resource: ${keyArn}`,
      ),
    });
  });

  it("is asked for each part of an upload, and once more to put them together", async () => {
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand(target));
    const { ETag } = await s3.client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: "x" }));
    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
    await s3.client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));

    expect(uses.map(({ action }) => action)).toEqual(["kms:GenerateDataKey", "kms:GenerateDataKey", "kms:Decrypt"]);
    expect(await get()).toMatchObject({ SSEKMSKeyId: keyArn, BucketKeyEnabled: true });
  });

  it("opens the source and locks the target of a copy", async () => {
    await put();
    uses.length = 0;
    await s3.client.send(new CopyObjectCommand({ Bucket: "data", Key: "copy", CopySource: "data/shop/a.csv" }));

    expect(uses.map(({ action }) => action)).toEqual(["kms:Decrypt", "kms:GenerateDataKey"]);
  });

  it("leaves an object alone that asks for S3's own keys", async () => {
    expect((await put({ ServerSideEncryption: "AES256" })).SSEKMSKeyId).toBeUndefined();
    expect(uses).toEqual([]);
  });
});

describe("a request", () => {
  it("names a key by itself, which then locks that very object", async () => {
    await put({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: "alias/data" });

    expect(used()).toEqual(["kms:GenerateDataKey arn:aws:s3:::data/shop/a.csv"]);
  });

  it("that names a key that is not there is refused in KMS's name", async () => {
    const asked = put({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: "alias/none" });

    await expect(asked).rejects.toMatchObject({
      name: "KMS.NotFoundException",
      message: "Alias 'alias/none' does not exist",
    });
  });

  it("for KMS without a key takes AWS's own, which everybody in the account may use through S3", async () => {
    await lockBucket(false);

    expect(await put()).toMatchObject({ ServerSideEncryption: "aws:kms" });
    expect(uses).toEqual([]);
  });
});
