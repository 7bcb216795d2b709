/** What a request says about an object beside its bytes: read from the input, checked, and written back into answers. */
import type { PutObjectCommandInput, Tag } from "@aws-sdk/client-s3";
import { S3Error } from "../errors.ts";
import type { Attributes, Bucket, ObjectVersion } from "../model.ts";
import { algorithms, type ChecksumMembers } from "../body/checksums.ts";
import { lockMembers } from "./encryption.ts";

const largestMetadataBytes = 2048;
const longestKeyBytes = 1024;
const mostTags = 10;

type AttributeInput = Pick<
  PutObjectCommandInput,
  | "CacheControl"
  | "ContentDisposition"
  | "ContentEncoding"
  | "ContentLanguage"
  | "ContentType"
  | "Expires"
  | "WebsiteRedirectLocation"
  | "StorageClass"
  | "Metadata"
>;

/** `aws-chunked` is framing, not the object's encoding. */
function withoutFraming(encoding: string | undefined): string | undefined {
  const kept = encoding
    ?.split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "" && item !== "aws-chunked");
  return kept && kept.length > 0 ? kept.join(",") : undefined;
}

export function attributesOf(input: AttributeInput): Attributes {
  const Metadata = input.Metadata ?? {};
  const size = Object.entries(Metadata).reduce((sum, [k, v]) => sum + Buffer.byteLength(k) + Buffer.byteLength(v), 0);
  if (size > largestMetadataBytes) {
    const details = { Size: size, MaxSizeAllowed: largestMetadataBytes };
    throw new S3Error("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
      details,
    });
  }
  const ContentEncoding = withoutFraming(input.ContentEncoding);
  return {
    ...(input.CacheControl !== undefined && { CacheControl: input.CacheControl }),
    ...(input.ContentDisposition !== undefined && { ContentDisposition: input.ContentDisposition }),
    ...(ContentEncoding !== undefined && { ContentEncoding }),
    ...(input.ContentLanguage !== undefined && { ContentLanguage: input.ContentLanguage }),
    ContentType: input.ContentType ?? "binary/octet-stream",
    ...(input.Expires !== undefined && { Expires: new Date(input.Expires).toUTCString() }),
    ...(input.WebsiteRedirectLocation !== undefined && { WebsiteRedirectLocation: input.WebsiteRedirectLocation }),
    ...(input.StorageClass !== undefined && input.StorageClass !== "STANDARD" && { StorageClass: input.StorageClass }),
    Metadata,
  };
}

/** Throws KeyTooLongError; an empty key cannot come over the wire. */
export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size <= longestKeyBytes) return;
  const details = { Size: size, MaxSizeAllowed: longestKeyBytes };
  throw new S3Error("KeyTooLongError", "Your key is too long", { details });
}

export function checkTags(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > mostTags) throw new S3Error("BadRequest", "Object tags cannot be greater than 10");
  const keys = new Set(tags.map((tag) => tag.Key));
  if (keys.size < tags.length) throw new S3Error("InvalidTag", "Cannot provide multiple Tags with the same key");
  for (const { Key = "", Value = "" } of tags) {
    if (Key.length === 0 || Key.length > 128)
      throw new S3Error("InvalidTag", "The TagKey you have provided is invalid");
    if (Value.length > 256) throw new S3Error("InvalidTag", "The TagValue you have provided is invalid");
  }
  return tags;
}

/** The `x-amz-tagging` header: tags as a URL query. */
export function tagsOfHeader(header: string | undefined): readonly Tag[] {
  return checkTags([...new URLSearchParams(header ?? "")].map(([Key, Value]) => ({ Key, Value })));
}

export const quoted = (etag: string) => `"${etag}"`;

/** The checksum as members of an answer. */
export function checksumMembers(
  version: Pick<ObjectVersion, "checksum">,
): ChecksumMembers & { ChecksumType?: "FULL_OBJECT" | "COMPOSITE" } {
  const { checksum } = version;
  return checksum ? { [algorithms[checksum.algorithm].member]: checksum.value, ChecksumType: checksum.type } : {};
}

export const versionIdMember = (version: { readonly versionId: string }, bucket: Bucket) =>
  version.versionId === "null" && bucket.configurations.versioning === undefined
    ? {}
    : { VersionId: version.versionId };

/** What every answer to a successful write says about the version it made. */
export const writtenMembers = (version: ObjectVersion, bucket: Bucket) => ({
  ...lockMembers(version),
  ...checksumMembers(version),
  ...versionIdMember(version, bucket),
});
