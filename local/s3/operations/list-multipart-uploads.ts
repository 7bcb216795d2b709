/** ListMultipartUploads: uploads under way, by key, then by age. */
import type {
  ListMultipartUploadsCommandInput,
  ListMultipartUploadsCommandOutput,
  MultipartUpload,
} from "@aws-sdk/client-s3";
import type { BindOperation } from "../internals.ts";
import { keyEncoder, ownerOf, pageSize } from "../listing/listing-input.ts";
import { listPage } from "../listing/list-page.ts";
import type { Upload } from "../model.ts";
import { compareKeys } from "../storage/key-order.ts";

function byKey(uploads: readonly Upload[]): Map<string, Upload[]> {
  const groups = new Map<string, Upload[]>();
  for (const upload of uploads) groups.set(upload.key, [...(groups.get(upload.key) ?? []), upload]);
  return groups;
}

function describeUpload(upload: Upload, encode: (key: string) => string, account: string): MultipartUpload {
  const owner = ownerOf(account);
  return {
    UploadId: upload.uploadId,
    Key: encode(upload.key),
    Initiated: new Date(upload.initiatedAt),
    StorageClass: (upload.attributes.StorageClass ?? "STANDARD") as NonNullable<MultipartUpload["StorageClass"]>,
    Owner: owner,
    Initiator: owner,
    ...(upload.algorithm && { ChecksumAlgorithm: upload.algorithm, ChecksumType: upload.checksumType }),
  };
}

export const listMultipartUploads: BindOperation<ListMultipartUploadsCommandInput, ListMultipartUploadsCommandOutput> =
  (s3) => (input) => {
    const {
      Bucket: bucket = "",
      Prefix: prefix = "",
      Delimiter: delimiter = "",
      KeyMarker,
      UploadIdMarker,
      EncodingType,
    } = input;
    s3.catalog.bucket(bucket);
    const groups = byKey(s3.catalog.uploads(bucket));
    const maxItems = pageSize("max-uploads", input.MaxUploads);
    const encode = keyEncoder(EncodingType);
    const uploadsOf = (key: string): readonly Upload[] => {
      const uploads = groups.get(key) ?? [];
      if (key !== KeyMarker || !UploadIdMarker) return uploads;
      return uploads.slice(uploads.findIndex((upload) => upload.uploadId === UploadIdMarker) + 1);
    };
    const after = KeyMarker
      ? { after: { key: KeyMarker, inclusive: Boolean(UploadIdMarker) }, groupsAfter: KeyMarker }
      : {};
    const page = listPage([...groups.keys()].sort(compareKeys), uploadsOf, { prefix, delimiter, maxItems, ...after });
    return {
      Bucket: bucket,
      KeyMarker: encode(KeyMarker ?? ""),
      UploadIdMarker: UploadIdMarker ?? "",
      ...(page.isTruncated && {
        NextKeyMarker: encode(page.last?.key ?? ""),
        NextUploadIdMarker: page.last?.item?.uploadId ?? "",
      }),
      Prefix: encode(prefix),
      ...(delimiter !== "" && { Delimiter: encode(delimiter) }),
      MaxUploads: maxItems,
      ...(EncodingType && { EncodingType }),
      IsTruncated: page.isTruncated,
      Uploads: page.items.map((upload) => describeUpload(upload, encode, s3.account)),
      CommonPrefixes: page.commonPrefixes.map((group) => ({ Prefix: encode(group) })),
    };
  };
