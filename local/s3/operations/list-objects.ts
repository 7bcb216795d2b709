/** ListObjects, the first version: pages by the last key or common prefix of the page before. */
import type { ListObjectsCommandInput, ListObjectsCommandOutput } from "@aws-sdk/client-s3";
import type { BindOperation } from "../internals.ts";
import { keyEncoder, ownerOf, pageSize } from "../listing/listing-input.ts";
import { listPage } from "../listing/list-page.ts";
import { describeObject, visibleVersions } from "./list-objects-v2.ts";

export const listObjects: BindOperation<ListObjectsCommandInput, ListObjectsCommandOutput> = (s3) => (input) => {
  const {
    Bucket: bucket = "",
    Prefix: prefix = "",
    Delimiter: delimiter = "",
    Marker: marker = "",
    EncodingType,
  } = input;
  s3.catalog.bucket(bucket);
  const maxItems = pageSize("max-keys", input.MaxKeys);
  const encode = keyEncoder(EncodingType);
  const position = marker === "" ? {} : { after: { key: marker }, groupsAfter: marker };
  const request = { prefix, delimiter, maxItems, ...position };
  const page = listPage(s3.catalog.keys(bucket), visibleVersions(s3, bucket), request);
  const Owner = ownerOf(s3.account);
  return {
    Name: bucket,
    Prefix: encode(prefix),
    Marker: encode(marker),
    ...(delimiter !== "" && { Delimiter: encode(delimiter) }),
    MaxKeys: maxItems,
    ...(EncodingType && { EncodingType }),
    IsTruncated: page.isTruncated,
    ...(page.isTruncated && delimiter !== "" && { NextMarker: encode(page.last?.key ?? "") }),
    Contents: page.items.map((version) => ({ ...describeObject(version, encode), Owner })),
    CommonPrefixes: page.commonPrefixes.map((group) => ({ Prefix: encode(group) })),
  };
};
