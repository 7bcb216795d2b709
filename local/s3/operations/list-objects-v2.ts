/** ListObjectsV2: pages by opaque continuation tokens that say where the last page ended. */
import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput, _Object } from "@aws-sdk/client-s3";
import { invalidArgument } from "../errors.ts";
import type { BindOperation, S3Internals } from "../internals.ts";
import { keyEncoder, ownerOf, pageSize } from "../listing/listing-input.ts";
import { listPage, type Page, type PageRequest } from "../listing/list-page.ts";
import type { ObjectVersion } from "../model.ts";
import { quoted } from "../objects/attributes.ts";

/** Where a page ended: at a key, or at a common prefix. */
interface Position {
  readonly key?: string;
  readonly group?: string;
}

const toToken = (position: Position) => Buffer.from(JSON.stringify(position)).toString("base64url");

function fromToken(token: string): Position {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as Position;
  } catch (cause) {
    throw Object.assign(invalidArgument("continuation-token", token, "The continuation token provided is incorrect"), {
      cause,
    });
  }
}

/** Where the next page begins: after the token's position, or else after `start-after`. */
function markerOf(input: ListObjectsV2CommandInput): Pick<PageRequest, "after" | "groupsAfter"> {
  if (input.ContinuationToken !== undefined) {
    const { key, group } = fromToken(input.ContinuationToken);
    return group === undefined ? { after: { key: key ?? "" } } : { after: { key: group }, groupsAfter: group };
  }
  return input.StartAfter === undefined ? {} : { after: { key: input.StartAfter } };
}

/** What a plain read of a key would see, if anything. */
export function visibleVersions(s3: S3Internals, bucket: string): (key: string) => readonly ObjectVersion[] {
  return (key) => {
    const newest = s3.catalog.versions(bucket, key)[0];
    return newest?.kind === "object" ? [newest] : [];
  };
}

export function describeObject(version: ObjectVersion, encode: (key: string) => string): _Object {
  const { checksum } = version;
  return {
    Key: encode(version.key),
    LastModified: new Date(version.lastModified),
    ETag: quoted(version.etag),
    ...(checksum && { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: checksum.type }),
    Size: version.sizeBytes,
    StorageClass: (version.attributes.StorageClass ?? "STANDARD") as NonNullable<_Object["StorageClass"]>,
  };
}

const positionOf = ({ last }: Page<unknown>): Position =>
  last?.item === undefined ? { group: last?.key ?? "" } : { key: last.key };

export const listObjectsV2: BindOperation<ListObjectsV2CommandInput, ListObjectsV2CommandOutput> = (s3) => (input) => {
  const { Bucket: bucket = "", Prefix: prefix = "", Delimiter: delimiter = "", EncodingType } = input;
  s3.catalog.bucket(bucket);
  const maxItems = pageSize("max-keys", input.MaxKeys);
  const encode = keyEncoder(EncodingType);
  const request = { prefix, delimiter, maxItems, ...markerOf(input) };
  const page = listPage(s3.catalog.keys(bucket), visibleVersions(s3, bucket), request);
  const owner = input.FetchOwner ? { Owner: ownerOf(s3.account) } : {};
  return {
    Name: bucket,
    Prefix: encode(prefix),
    ...(delimiter !== "" && { Delimiter: encode(delimiter) }),
    MaxKeys: maxItems,
    ...(EncodingType && { EncodingType }),
    KeyCount: page.items.length + page.commonPrefixes.length,
    IsTruncated: page.isTruncated,
    ...(input.ContinuationToken !== undefined && { ContinuationToken: input.ContinuationToken }),
    ...(page.isTruncated && { NextContinuationToken: toToken(positionOf(page)) }),
    ...(input.StartAfter !== undefined && { StartAfter: encode(input.StartAfter) }),
    Contents: page.items.map((version) => ({ ...describeObject(version, encode), ...owner })),
    CommonPrefixes: page.commonPrefixes.map((group) => ({ Prefix: encode(group) })),
  };
};
