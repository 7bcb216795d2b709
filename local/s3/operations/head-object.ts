/** HeadObject and the facts it shares with GetObject: which bytes are meant, and what the answer says about them. */
import type { GetObjectCommandInput, HeadObjectCommandInput, HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import { byteRange, type ByteRange } from "../conditions/byte-range.ts";
import { judgeRead } from "../conditions/read-conditions.ts";
import { invalidArgument, preconditionFailed, S3Error } from "../errors.ts";
import type { BindOperation, S3Internals } from "../internals.ts";
import type { ObjectVersion, StoredFile } from "../model.ts";
import { checksumMembers, quoted, versionIdMember } from "../objects/attributes.ts";
import { lockMembers } from "../objects/encryption.ts";
import { findVersion } from "../objects/find-version.ts";

interface Selection {
  readonly version: ObjectVersion;
  readonly files: readonly StoredFile[];
  readonly range: ByteRange | undefined;
  /** The part asked for by number, in an object made of parts. */
  readonly part: StoredFile | undefined;
}

const notModified = (version: ObjectVersion) =>
  new S3Error("NotModified", "Not Modified", {
    status: 304,
    headers: { etag: quoted(version.etag), "last-modified": new Date(version.lastModified).toUTCString() },
  });

function assertConditions(input: HeadObjectCommandInput, version: ObjectVersion): void {
  const verdict = judgeRead(input, version.etag, version.lastModified);
  if (verdict.kind === "failed") throw preconditionFailed(verdict.condition);
  if (verdict.kind === "not-modified") throw notModified(version);
}

/** The range of one part, by its number from 1. */
function partRange({ files }: ObjectVersion, number: number): ByteRange {
  const first = files.slice(0, number - 1).reduce((sum, file) => sum + file.sizeBytes, 0);
  return { first, last: first + (files[number - 1] as StoredFile).sizeBytes - 1 };
}

/** Finds what GetObject or HeadObject asks for, its conditions judged. */
export function select(s3: S3Internals, input: GetObjectCommandInput, method: string): Selection {
  const version = findVersion(
    s3.catalog,
    { bucket: input.Bucket ?? "", key: input.Key ?? "", versionId: input.VersionId },
    method,
  );
  assertConditions(input, version);
  const number = input.PartNumber;
  if (number === undefined) {
    return { version, files: version.files, range: byteRange(input.Range, version.sizeBytes), part: undefined };
  }
  if (input.Range !== undefined)
    throw invalidArgument(
      "partNumber",
      String(number),
      "Cannot specify both Range header and partNumber query parameter",
    );
  const part = version.files[number - 1];
  if (!part) throw new S3Error("InvalidPartNumber", "The requested partnumber is not satisfiable", { status: 416 });
  const isWhole = version.uploadId === undefined || part.sizeBytes === 0;
  return { version, files: version.files, range: isWhole ? undefined : partRange(version, number), part };
}

/** The members that GetObject and HeadObject have in common. */
export function describe(s3: S3Internals, input: GetObjectCommandInput, { version, range, part }: Selection) {
  const { attributes } = version;
  const parts = version.uploadId !== undefined && part ? { PartsCount: version.files.length } : {};
  return {
    ...attributes,
    AcceptRanges: "bytes",
    LastModified: new Date(version.lastModified),
    ContentLength: range ? range.last - range.first + 1 : version.sizeBytes,
    ...(range && { ContentRange: `bytes ${range.first}-${range.last}/${version.sizeBytes}` }),
    ETag: quoted(version.etag),
    Expires: undefined,
    ...(attributes.Expires !== undefined && { ExpiresString: attributes.Expires }),
    ...lockMembers(version),
    ...(version.tags.length > 0 && { TagCount: version.tags.length }),
    ...parts,
    ...(input.ChecksumMode === "ENABLED" && !range && checksumMembers(version)),
    ...versionIdMember(version, s3.catalog.bucket(version.bucket)),
    ...overrides(input),
  };
}

/** A signed URL may choose how a browser treats the answer. */
function overrides(input: GetObjectCommandInput): Record<string, string> {
  const chosen = {
    CacheControl: input.ResponseCacheControl,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    ContentType: input.ResponseContentType,
    ExpiresString: input.ResponseExpires && new Date(input.ResponseExpires).toUTCString(),
  };
  return Object.fromEntries(
    Object.entries(chosen).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export const headObject: BindOperation<HeadObjectCommandInput, HeadObjectCommandOutput> = (s3) => (input) =>
  describe(s3, input, select(s3, input, "HEAD")) as HeadObjectCommandOutput;
