/** CreateMultipartUpload: remembers what the object will be; its parts come one by one. */
import type {
  ChecksumAlgorithm,
  ChecksumType,
  CreateMultipartUploadCommandInput,
  CreateMultipartUploadCommandOutput,
} from "@aws-sdk/client-s3";
import { algorithms } from "../body/checksums.ts";
import { invalidRequest } from "../errors.ts";
import type { BindOperation } from "../internals.ts";
import type { Upload } from "../model.ts";
import { attributesOf, checkKey, tagsOfHeader } from "../objects/attributes.ts";
import { assertKeyUsable, encryptionOf, lockMembers } from "../objects/encryption.ts";

/** CRC64NVME covers the whole object, the others the list of parts, unless asked otherwise. */
function checksumPlan(algorithm: ChecksumAlgorithm | undefined, type: ChecksumType | undefined) {
  if (algorithm === undefined) return {};
  if (!(algorithm in algorithms))
    throw invalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types");
  const checksumType = type ?? (algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE");
  const isPossible = checksumType === "COMPOSITE" ? algorithm !== "CRC64NVME" : algorithms[algorithm].linear;
  if (!isPossible)
    throw invalidRequest(
      `The ${checksumType} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  return { algorithm, checksumType };
}

export const createMultipartUpload: BindOperation<
  CreateMultipartUploadCommandInput,
  CreateMultipartUploadCommandOutput
> = (s3) => async (input, context) => {
  const { Bucket: bucket = "", Key: key = "" } = input;
  const row = s3.catalog.bucket(bucket);
  checkKey(key);
  const upload: Upload = {
    uploadId: s3.ids.hex(64),
    bucket,
    key,
    initiatedAt: s3.clock.now(),
    attributes: attributesOf(input),
    tags: tagsOfHeader(input.Tagging),
    ...encryptionOf(input, row, s3.keys),
    ...checksumPlan(input.ChecksumAlgorithm, input.ChecksumType),
  };
  assertKeyUsable(s3.keys, context.caller, "kms:GenerateDataKey", upload, upload);
  s3.catalog.putUpload(upload);
  await s3.commit();
  return {
    Bucket: bucket,
    Key: key,
    UploadId: upload.uploadId,
    ...lockMembers(upload),
    ...(upload.algorithm && { ChecksumAlgorithm: upload.algorithm, ChecksumType: upload.checksumType }),
  };
};
