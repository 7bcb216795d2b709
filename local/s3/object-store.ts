/** S3 as Personalize and other services of the emulator see it: list, read and write under their caller's permissions. */
import type { Readable } from "node:stream";
import type { Clock, Ids } from "../cloud/ports/clock.ts";
import type { CallContext, Caller, ObjectInfo, ObjectStore } from "../cloud/ports/service.ts";
import type { Guard } from "./guard.ts";
import type { S3Operations } from "./operations.ts";
import type { ListObjectsV2CommandOutput, PutObjectCommandOutput, HeadObjectCommandOutput } from "@aws-sdk/client-s3";

interface ObjectStoreDeps {
  readonly operations: S3Operations;
  readonly guard: Guard;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
}

const bare = (etag: string | undefined) => (etag ?? "").replaceAll('"', "");

export function createObjectStore({ operations, guard, clock, ids, account, region }: ObjectStoreDeps): ObjectStore {
  const contextOf = (caller: Caller): CallContext => ({
    caller,
    requestId: ids.hex(16).toUpperCase(),
    account,
    region,
  });

  async function call<Output>(name: string, input: Record<string, unknown>, caller: Caller): Promise<Output> {
    const operation = operations[name];
    if (!operation) throw new Error(`S3 has no operation ${name}`);
    return (await guard.run(name, input, contextOf(caller), operation)) as Output;
  }

  async function list(Bucket: string, Prefix: string, caller: Caller): Promise<ObjectInfo[]> {
    const found: ObjectInfo[] = [];
    let ContinuationToken: string | undefined;
    do {
      const input = { Bucket, Prefix, ...(ContinuationToken !== undefined && { ContinuationToken }) };
      const page: ListObjectsV2CommandOutput = await call("ListObjectsV2", input, caller);
      for (const { Key = "", Size = 0, ETag, LastModified } of page.Contents ?? []) {
        found.push({
          key: Key,
          sizeBytes: Size,
          etag: bare(ETag),
          versionId: undefined,
          lastModified: LastModified?.getTime() ?? 0,
        });
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return found;
  }

  /** The clock stands still, in tests, until the stream has been read or dropped. */
  async function read(Bucket: string, Key: string, caller: Caller): Promise<Readable> {
    const { Body } = await call<{ Body: Readable }>("GetObject", { Bucket, Key }, caller);
    return Body.once("close", clock.busy());
  }

  async function write(
    Bucket: string,
    Key: string,
    Body: unknown,
    caller: Caller,
    { kmsKeyArn }: { readonly kmsKeyArn?: string } = {},
  ): Promise<ObjectInfo> {
    const done = clock.busy();
    try {
      const lock = kmsKeyArn === undefined ? {} : { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKeyArn };
      const put = await call<PutObjectCommandOutput>("PutObject", { Bucket, Key, Body, ...lock }, caller);
      const context = contextOf(caller);
      const head = (await operations.HeadObject?.(
        { Bucket, Key, VersionId: put.VersionId },
        context,
      )) as HeadObjectCommandOutput;
      return {
        key: Key,
        sizeBytes: head.ContentLength ?? 0,
        etag: bare(put.ETag),
        versionId: put.VersionId,
        lastModified: head.LastModified?.getTime() ?? 0,
      };
    } finally {
      done();
    }
  }

  return { list, read, write };
}
