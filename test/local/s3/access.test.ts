import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { text } from "node:stream/consumers";
import { CreateBucketCommand, DeleteObjectsCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { AccessDeniedException } from "../../../local/cloud/ports/aws-error.ts";
import type { AccessRequest, Authorizer, Caller } from "../../../local/cloud/ports/service.ts";
import { accessOf } from "../../../local/s3/access.ts";
import { startS3, type TestS3 } from "./s3-server.ts";

describe("the permissions an operation needs", () => {
  const o = "arn:aws:s3:::b/k";
  const b = "arn:aws:s3:::b";
  it.each([
    { operation: "GetObject", input: {}, needs: [`s3:GetObject ${o}`] },
    { operation: "GetObject", input: { VersionId: "v" }, needs: [`s3:GetObjectVersion ${o}`] },
    { operation: "HeadObject", input: {}, needs: [`s3:GetObject ${o}`] },
    { operation: "PutObject", input: {}, needs: [`s3:PutObject ${o}`] },
    { operation: "PutObject", input: { IfNoneMatch: "*" }, needs: [`s3:PutObject ${o}`] },
    { operation: "PutObject", input: { IfMatch: "e" }, needs: [`s3:PutObject ${o}`, `s3:GetObject ${o}`] },
    { operation: "PutObject", input: { Tagging: "a=b" }, needs: [`s3:PutObject ${o}`, `s3:PutObjectTagging ${o}`] },
    { operation: "DeleteObject", input: {}, needs: [`s3:DeleteObject ${o}`] },
    { operation: "DeleteObject", input: { VersionId: "v" }, needs: [`s3:DeleteObjectVersion ${o}`] },
    {
      operation: "DeleteObjects",
      input: { Delete: { Objects: [{ Key: "x" }, { Key: "y", VersionId: "v" }] } },
      needs: [`s3:DeleteObject ${b}/x`, `s3:DeleteObjectVersion ${b}/y`],
    },
    {
      operation: "CopyObject",
      input: { CopySource: "from/a%20b" },
      needs: ["s3:GetObject arn:aws:s3:::from/a b", `s3:PutObject ${o}`],
    },
    { operation: "GetObjectTagging", input: { VersionId: "v" }, needs: [`s3:GetObjectVersionTagging ${o}`] },
    { operation: "UploadPart", input: {}, needs: [`s3:PutObject ${o}`] },
    { operation: "AbortMultipartUpload", input: {}, needs: [`s3:AbortMultipartUpload ${o}`] },
    { operation: "ListParts", input: {}, needs: [`s3:ListMultipartUploadParts ${o}`] },
    { operation: "ListObjectsV2", input: {}, needs: [`s3:ListBucket ${b}`] },
    { operation: "ListObjectVersions", input: {}, needs: [`s3:ListBucketVersions ${b}`] },
    { operation: "HeadBucket", input: {}, needs: [`s3:ListBucket ${b}`] },
    { operation: "PutBucketEncryption", input: {}, needs: [`s3:PutEncryptionConfiguration ${b}`] },
    { operation: "DeleteBucketLifecycle", input: {}, needs: [`s3:PutLifecycleConfiguration ${b}`] },
    { operation: "PutBucketPolicy", input: {}, needs: [`s3:PutBucketPolicy ${b}`] },
    { operation: "ListBuckets", input: {}, needs: ["s3:ListAllMyBuckets *"] },
  ])("$operation $input: $needs", ({ operation, input, needs }) => {
    const requests = accessOf(operation, { Bucket: "b", Key: "k", ...input });

    expect(requests.map(({ action, resource }) => `${action} ${resource}`)).toEqual(needs);
  });

  it("show policies the prefix of a listing, and that nobody can listen in", () => {
    const [request] = accessOf("ListObjectsV2", { Bucket: "b", Prefix: "shop/", MaxKeys: 5 });

    expect(request?.conditions).toMatchObject({
      "s3:prefix": "shop/",
      "s3:max-keys": "5",
      "aws:SecureTransport": "true",
    });
  });
});

const Bucket = "guarded-data";
const role: Caller = { kind: "role", roleArn: "arn:aws:iam::000000000000:role/reader", session: "s" };
let allowed: string[] = [];
const asked: AccessRequest[] = [];
const authorizer: Authorizer = {
  authorize: (caller, request) => {
    asked.push(request);
    if (caller.kind === "account" || allowed.includes(`${request.action} ${request.resource}`)) return;
    throw new AccessDeniedException(
      "arn:aws:sts::000000000000:assumed-role/reader/s",
      request.action,
      request.resource,
    );
  },
  assertAssumable: () => {},
};

let server: TestS3;
beforeAll(async () => {
  server = await startS3({ authorizer });
  await server.client.send(new CreateBucketCommand({ Bucket }));
  for (const Key of ["open", "shut"]) await server.client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});
afterAll(() => server.stop());
beforeEach(() => {
  server.caller = role;
  allowed = [];
});

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: { name: string; message: string; $metadata: { httpStatusCode: number } }) =>
      `${error.$metadata.httpStatusCode} ${error.name}: ${error.message}`,
  );
const get = (Key: string) => server.client.send(new GetObjectCommand({ Bucket, Key }));

describe("a caller without permission", () => {
  it("is refused by name, action and resource, with status 403", async () => {
    expect(await refusal(get("shut"))).toBe(
      `403 AccessDenied: User: arn:aws:sts::000000000000:assumed-role/reader/s is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::${Bucket}/shut because no identity-based policy allows the s3:GetObject action`,
    );
  });

  it("writes nothing", async () => {
    await refusal(server.client.send(new PutObjectCommand({ Bucket, Key: "shut", Body: "broken in" })));

    server.caller = { kind: "account" };
    expect(await (await get("shut")).Body?.transformToString()).toBe("shut");
  });

  it("may do what a policy allows, and no more", async () => {
    allowed = [`s3:GetObject arn:aws:s3:::${Bucket}/open`];

    expect(await refusal(get("open"))).toBe("no error");
    expect(await refusal(get("shut"))).toMatch(/^403/);
  });

  it("learns that a key is missing only where it may list the bucket", async () => {
    allowed = [`s3:GetObject arn:aws:s3:::${Bucket}/missing`];
    const hidden = await refusal(get("missing"));
    allowed.push(`s3:ListBucket arn:aws:s3:::${Bucket}`);
    const told = await refusal(get("missing"));

    expect([hidden, told]).toEqual([
      "403 AccessDenied: Access Denied",
      "404 NoSuchKey: The specified key does not exist.",
    ]);
  });

  it("deletes of many keys those it may", async () => {
    server.caller = { kind: "account" };
    await server.client.send(new PutObjectCommand({ Bucket, Key: "mine", Body: "x" }));
    server.caller = role;
    allowed = [`s3:DeleteObject arn:aws:s3:::${Bucket}/mine`];

    const { Deleted, Errors } = await server.client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "mine" }, { Key: "shut" }] } }),
    );

    expect(Deleted).toEqual([{ Key: "mine" }]);
    expect(Errors).toEqual([{ Key: "shut", Code: "AccessDenied", Message: "Access Denied" }]);
  });
});

describe("the object store for other services", () => {
  it("lists, reads and writes under the caller's permissions", async () => {
    const store = server.s3.objectStore;
    allowed = [
      `s3:PutObject arn:aws:s3:::${Bucket}/out/a`,
      `s3:ListBucket arn:aws:s3:::${Bucket}`,
      `s3:GetObject arn:aws:s3:::${Bucket}/out/a`,
    ];

    const written = await store.write(Bucket, "out/a", "text", role);
    const listed = await store.list(Bucket, "out/", role);
    const content = await text(await store.read(Bucket, "out/a", role));

    expect(written).toMatchObject({ key: "out/a", sizeBytes: 4, etag: "1cb251ec0d568de6a929b520c4aed8d1" });
    expect(listed).toEqual([{ ...written, versionId: undefined }]);
    expect(content).toBe("text");
    await expect(store.read(Bucket, "shut", role)).rejects.toMatchObject({ name: "AccessDenied", status: 403 });
    await expect(store.write(Bucket, "elsewhere", "x", role)).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(store.list("nowhere", "", { kind: "account" })).rejects.toMatchObject({ name: "NoSuchBucket" });
  });

  it("lists more keys than a page holds", async () => {
    const account: Caller = { kind: "account" };
    for (let i = 0; i < 1005; i++) await server.s3.objectStore.write(Bucket, `many/${i}`, "", account);

    expect(await server.s3.objectStore.list(Bucket, "many/", account)).toHaveLength(1005);
  });
});

describe("the service for callers in this process", () => {
  it("takes bodies as text, bytes or JSON and gives streams", async () => {
    const { operations } = server.s3.service;
    const context = {
      caller: { kind: "account" } as const,
      requestId: "r",
      account: "000000000000",
      region: "us-east-1",
    };
    const roundTrip = async (Body: unknown) => {
      await operations.PutObject?.({ Bucket, Key: "inside", Body }, context);
      const answer = (await operations.GetObject?.({ Bucket, Key: "inside" }, context)) as {
        Body: NodeJS.ReadableStream;
      };
      return text(answer.Body);
    };

    expect(await roundTrip("text")).toBe("text");
    expect(await roundTrip(Buffer.from("bytes"))).toBe("bytes");
    expect(await roundTrip({ owner: "run 1" })).toBe('{"owner":"run 1"}');
  });
});
