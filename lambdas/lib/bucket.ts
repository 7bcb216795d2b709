/**
 * The bucket as handlers see it: JSON documents with conditional writes, listings, and uploads as text. Absent objects
 * are values (null), refused conditions are values (false); everything else throws as the SDK does.
 */
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { InputFile } from "../../pipeline/planning/inputs.ts";

export interface Bucket {
  /** All objects below a prefix; version ids are not part of a listing and are null. */
  list(prefix: string): Promise<InputFile[]>;
  /** The newest version of one object, with its version id; null when it is gone. */
  pin(key: string): Promise<InputFile | null>;
  read(key: string): Promise<{ readonly value: unknown; readonly etag: string } | null>;
  write(key: string, value: unknown): Promise<void>;
  /** A page for browsers. */
  writePage(key: string, html: string): Promise<void>;
  /** False when the object exists already. */
  create(key: string, value: unknown): Promise<boolean>;
  /** False when the object is no longer the one with this ETag. */
  replace(key: string, value: unknown, etag: string): Promise<boolean>;
  remove(key: string): Promise<void>;
  /** Within the bucket, up to 5 GB. */
  copy(key: string, versionId: string | null, to: string): Promise<void>;
  /** The object's text in pieces, decoded as UTF-8 across their borders. */
  text(key: string, versionId: string | null): AsyncIterable<string>;
}

const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

const isAbsent = (error: unknown): boolean => isNamed(error, "NoSuchKey", "NotFound");

/** S3 says 412 when the condition failed and 409 when another conditional write was faster; both mean "not you". */
const isRefused = (error: unknown): boolean => isNamed(error, "PreconditionFailed", "ConditionalRequestConflict");

const bare = (etag: string | undefined): string => (etag ?? "").replaceAll('"', "");

export function makeBucket(client: S3Client, name: string): Bucket {
  async function put(
    key: string,
    value: unknown,
    condition: { IfNoneMatch?: string; IfMatch?: string },
  ): Promise<boolean> {
    const Body = JSON.stringify(value, null, 2);
    try {
      await client.send(
        new PutObjectCommand({ Bucket: name, Key: key, Body, ContentType: "application/json", ...condition }),
      );
      return true;
    } catch (error) {
      if (isRefused(error) || (condition.IfMatch !== undefined && isAbsent(error))) return false;
      throw error;
    }
  }

  return {
    list: (prefix) => listAll(client, name, prefix),
    pin: (key) => pin(client, name, key),
    async read(key) {
      try {
        const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: name, Key: key }));
        return { value: JSON.parse((await Body?.transformToString()) ?? "null"), etag: ETag ?? "" };
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
    },
    write: async (key, value) => void (await put(key, value, {})),
    async writePage(key, html) {
      const ContentType = "text/html; charset=utf-8";
      await client.send(new PutObjectCommand({ Bucket: name, Key: key, Body: html, ContentType }));
    },
    create: (key, value) => put(key, value, { IfNoneMatch: "*" }),
    replace: (key, value, etag) => put(key, value, { IfMatch: etag }),
    remove: async (key) => void (await client.send(new DeleteObjectCommand({ Bucket: name, Key: key }))),
    async copy(key, versionId, to) {
      const source = `${name}/${key.split("/").map(encodeURIComponent).join("/")}`;
      const CopySource = versionId === null ? source : `${source}?versionId=${encodeURIComponent(versionId)}`;
      await client.send(new CopyObjectCommand({ Bucket: name, Key: to, CopySource }));
    },
    text: (key, versionId) => textOf(client, name, key, versionId),
  };
}

async function listAll(client: S3Client, bucket: string, prefix: string): Promise<InputFile[]> {
  const files: InputFile[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    for (const { Key, ETag, Size, LastModified } of page.Contents ?? []) {
      files.push({
        key: Key ?? "",
        etag: bare(ETag),
        versionId: null,
        sizeBytes: Size ?? 0,
        lastModified: (LastModified ?? new Date(0)).toISOString(),
      });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return files;
}

async function pin(client: S3Client, bucket: string, key: string): Promise<InputFile | null> {
  try {
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return {
      key,
      etag: bare(head.ETag),
      versionId: head.VersionId ?? null,
      sizeBytes: head.ContentLength ?? 0,
      lastModified: (head.LastModified ?? new Date(0)).toISOString(),
    };
  } catch (error) {
    if (isAbsent(error)) return null;
    throw isForbidden(error) ? new HeadRefused(bucket, key, error) : error;
  }
}

/** The answer to a HEAD has no body, so S3 cannot say why it said no, and the SDK calls it unknown. */
class HeadRefused extends Error {
  override readonly name = "AccessDenied";
  constructor(bucket: string, key: string, cause: unknown) {
    super(`HeadObject of s3://${bucket}/${key} was refused with 403: the function's role needs s3:GetObject for it`, {
      cause,
    });
  }
}

const isForbidden = (error: unknown): boolean =>
  (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode === 403;

async function* textOf(client: S3Client, bucket: string, key: string, versionId: string | null): AsyncIterable<string> {
  const { Body } = await client.send(
    new GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId === null ? {} : { VersionId: versionId }) }),
  );
  if (Body === undefined) return;
  const decoder = new TextDecoder("utf-8");
  for await (const piece of Body as AsyncIterable<Uint8Array>) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
