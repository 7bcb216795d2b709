/** UploadPartCopy: a part out of an object that S3 has already, whole or a range of it. */
import type { UploadPartCopyCommandInput, UploadPartCopyCommandOutput } from "@aws-sdk/client-s3";
import { toObjectBody } from "../body/object-body.ts";
import { byteRange } from "../conditions/byte-range.ts";
import { invalidArgument } from "../errors.ts";
import type { BindOperation } from "../internals.ts";
import { quoted } from "../objects/attributes.ts";
import { findCopySource } from "../objects/copy-source.ts";
import { assertKeyUsable, lockMembers } from "../objects/encryption.ts";
import { checkPartNumber, partChecksum, storePart } from "./upload-part.ts";

function copyRange(header: string | undefined, sizeBytes: number) {
  if (header === undefined) return { first: 0, last: sizeBytes - 1 };
  const match = /^bytes=\d+-(\d+)$/.exec(header);
  if (!match || Number(match[1]) >= sizeBytes) {
    throw invalidArgument(
      "x-amz-copy-source-range",
      header,
      `Range specified is not valid for source object of size: ${sizeBytes}`,
    );
  }
  return byteRange(header, sizeBytes) ?? { first: 0, last: sizeBytes - 1 };
}

export const uploadPartCopy: BindOperation<UploadPartCopyCommandInput, UploadPartCopyCommandOutput> =
  (s3) =>
  async (input, { caller }) => {
    const number = checkPartNumber(input.PartNumber);
    const upload = s3.catalog.upload(input.Bucket ?? "", input.Key ?? "", input.UploadId ?? "");
    const source = findCopySource(s3.catalog, input);
    assertKeyUsable(s3.keys, caller, "kms:Decrypt", source, source);
    assertKeyUsable(s3.keys, caller, "kms:GenerateDataKey", upload, upload);
    const { first, last } = copyRange(input.CopySourceRange, source.sizeBytes);
    const bytes = toObjectBody(s3.files.read(source.files, first, last));
    const part = await storePart(s3, upload, number, bytes, {});
    return {
      CopyPartResult: { ETag: quoted(part.etag), LastModified: new Date(part.lastModified), ...partChecksum(part) },
      ...(source.versionId !== "null" && { CopySourceVersionId: source.versionId }),
      ...lockMembers(upload),
    };
  };
