/** ListParts: the parts of an upload by number. */
import type { ListPartsCommandInput, ListPartsCommandOutput } from "@aws-sdk/client-s3";
import type { BindOperation } from "../internals.ts";
import { ownerOf, pageSize } from "../listing/listing-input.ts";
import { quoted } from "../objects/attributes.ts";
import { partChecksum } from "./upload-part.ts";

export const listParts: BindOperation<ListPartsCommandInput, ListPartsCommandOutput> = (s3) => (input) => {
  const { Bucket: bucket = "", Key: key = "", UploadId: uploadId = "" } = input;
  s3.catalog.bucket(bucket);
  const upload = s3.catalog.upload(bucket, key, uploadId);
  const most = pageSize("max-parts", input.MaxParts);
  const marker = Number(input.PartNumberMarker ?? 0);
  const rest = s3.catalog.parts(uploadId).filter((part) => part.number > marker);
  const shown = rest.slice(0, most);
  const owner = ownerOf(s3.account);
  return {
    Bucket: bucket,
    Key: key,
    UploadId: uploadId,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(shown.at(-1)?.number ?? 0),
    MaxParts: most,
    IsTruncated: shown.length < rest.length,
    Parts: shown.map((part) => ({
      PartNumber: part.number,
      LastModified: new Date(part.lastModified),
      ETag: quoted(part.etag),
      Size: part.file.sizeBytes,
      ...partChecksum(part),
    })),
    Initiator: owner,
    Owner: owner,
    StorageClass: (upload.attributes.StorageClass ?? "STANDARD") as NonNullable<ListPartsCommandOutput["StorageClass"]>,
    ...(upload.algorithm && { ChecksumAlgorithm: upload.algorithm, ChecksumType: upload.checksumType }),
  };
};
