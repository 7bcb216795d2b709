/** ListObjectVersions: every version and delete marker, newest first within a key. */
import type {
  DeleteMarkerEntry,
  ListObjectVersionsCommandInput,
  ListObjectVersionsCommandOutput,
  ObjectVersion as VersionEntry,
} from "@aws-sdk/client-s3";
import { invalidArgument } from "../errors.ts";
import type { BindOperation, S3Internals } from "../internals.ts";
import { keyEncoder, ownerOf, pageSize } from "../listing/listing-input.ts";
import { listPage, type PageRequest } from "../listing/list-page.ts";
import type { AnyVersion } from "../model.ts";
import { describeObject } from "./list-objects-v2.ts";

interface Entry {
  readonly version: AnyVersion;
  readonly isLatest: boolean;
}

function markerOf({
  KeyMarker,
  VersionIdMarker,
}: ListObjectVersionsCommandInput): Pick<PageRequest, "after" | "groupsAfter"> {
  if (!KeyMarker) {
    if (VersionIdMarker)
      throw invalidArgument(
        "version-id-marker",
        VersionIdMarker,
        "A version-id marker cannot be specified without a key marker.",
      );
    return {};
  }
  return VersionIdMarker
    ? { after: { key: KeyMarker, inclusive: true } }
    : { after: { key: KeyMarker }, groupsAfter: KeyMarker };
}

/** A key's versions; for the key of the marker only those after the marker's version. */
function entriesOf(s3: S3Internals, input: ListObjectVersionsCommandInput): (key: string) => readonly Entry[] {
  return (key) => {
    const entries = s3.catalog.versions(input.Bucket ?? "", key).map((version, i) => ({ version, isLatest: i === 0 }));
    if (key !== input.KeyMarker || !input.VersionIdMarker) return entries;
    const at = entries.findIndex(({ version }) => version.versionId === input.VersionIdMarker);
    return at < 0 ? [] : entries.slice(at + 1);
  };
}

function describeEntry(
  { version, isLatest }: Entry,
  encode: (key: string) => string,
  account: string,
): VersionEntry & DeleteMarkerEntry {
  const about = { IsLatest: isLatest, VersionId: version.versionId, Owner: ownerOf(account) };
  if (version.kind === "object") return { ...describeObject(version, encode), ...about } as VersionEntry;
  return { Key: encode(version.key), LastModified: new Date(version.lastModified), ...about };
}

export const listObjectVersions: BindOperation<ListObjectVersionsCommandInput, ListObjectVersionsCommandOutput> =
  (s3) => (input) => {
    const { Bucket: bucket = "", Prefix: prefix = "", Delimiter: delimiter = "", EncodingType } = input;
    s3.catalog.bucket(bucket);
    const maxItems = pageSize("max-keys", input.MaxKeys);
    const encode = keyEncoder(EncodingType);
    const request = { prefix, delimiter, maxItems, ...markerOf(input) };
    const page = listPage(s3.catalog.keys(bucket), entriesOf(s3, input), request);
    const describe = (kind: AnyVersion["kind"]) =>
      page.items
        .filter(({ version }) => version.kind === kind)
        .map((entry) => describeEntry(entry, encode, s3.account));
    const next = page.isTruncated && page.last;
    return {
      Name: bucket,
      Prefix: encode(prefix),
      KeyMarker: encode(input.KeyMarker ?? ""),
      VersionIdMarker: input.VersionIdMarker ?? "",
      ...(delimiter !== "" && { Delimiter: encode(delimiter) }),
      MaxKeys: maxItems,
      ...(EncodingType && { EncodingType }),
      IsTruncated: page.isTruncated,
      ...(next && { NextKeyMarker: encode(next.key) }),
      ...(next && next.item && { NextVersionIdMarker: next.item.version.versionId }),
      Versions: describe("object"),
      DeleteMarkers: describe("delete-marker"),
      CommonPrefixes: page.commonPrefixes.map((group) => ({ Prefix: encode(group) })),
    };
  };
