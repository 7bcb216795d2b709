/** UploadPart: one file per part; sending a part number again replaces it. */
import type { UploadPartCommandInput, UploadPartCommandOutput } from "@aws-sdk/client-s3";
import { algorithms } from "../body/checksums.ts";
import { toObjectBody, type ObjectBody } from "../body/object-body.ts";
import { receive, type Claims } from "../body/receive.ts";
import { invalidArgument } from "../errors.ts";
import type { BindOperation, S3Internals } from "../internals.ts";
import type { Part, Upload } from "../model.ts";
import { quoted } from "../objects/attributes.ts";
import { assertKeyUsable, lockMembers } from "../objects/encryption.ts";

const mostParts = 10_000;

export function checkPartNumber(number: number | undefined): number {
  if (number !== undefined && Number.isInteger(number) && number >= 1 && number <= mostParts) return number;
  throw invalidArgument("partNumber", String(number), "Part number must be an integer between 1 and 10000, inclusive");
}

/** Stores a part of a known upload. The upload may end meanwhile: then the part is refused and its bytes go. */
export async function storePart(
  s3: S3Internals,
  upload: Upload,
  number: number,
  body: ObjectBody,
  claims: Claims,
): Promise<Part> {
  const { file, md5, checksum } = await receive(s3.files, body, {
    ...claims,
    ChecksumAlgorithm: upload.algorithm ?? claims.ChecksumAlgorithm,
  });
  try {
    s3.catalog.upload(upload.bucket, upload.key, upload.uploadId);
  } catch (error) {
    await s3.files.discard([file]);
    throw error;
  }
  const replaced = s3.catalog.parts(upload.uploadId).find((part) => part.number === number);
  const part: Part = {
    ...{ uploadId: upload.uploadId, number, file, etag: md5, lastModified: s3.clock.now() },
    ...(checksum && { algorithm: checksum.algorithm }),
  };
  s3.catalog.putPart(part);
  await s3.commit();
  if (replaced) await s3.files.discard([replaced.file]);
  return part;
}

export const partChecksum = (part: Part) =>
  part.algorithm && part.file.checksum !== undefined ? { [algorithms[part.algorithm].member]: part.file.checksum } : {};

export const uploadPart: BindOperation<UploadPartCommandInput, UploadPartCommandOutput> =
  (s3) => async (input, context) => {
    const number = checkPartNumber(input.PartNumber);
    const upload = s3.catalog.upload(input.Bucket ?? "", input.Key ?? "", input.UploadId ?? "");
    assertKeyUsable(s3.keys, context.caller, "kms:GenerateDataKey", upload, upload);
    const part = await storePart(s3, upload, number, toObjectBody(input.Body), input);
    return {
      ETag: quoted(part.etag),
      ...lockMembers(upload),
      ...partChecksum(part),
    };
  };
