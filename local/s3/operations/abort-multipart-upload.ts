/** AbortMultipartUpload: forgets the upload and frees its parts. */
import type { AbortMultipartUploadCommandInput, AbortMultipartUploadCommandOutput } from "@aws-sdk/client-s3";
import type { BindOperation } from "../internals.ts";

export const abortMultipartUpload: BindOperation<AbortMultipartUploadCommandInput, AbortMultipartUploadCommandOutput> =
  (s3) => async (input) => {
    s3.catalog.bucket(input.Bucket ?? "");
    const { uploadId } = s3.catalog.upload(input.Bucket ?? "", input.Key ?? "", input.UploadId ?? "");
    const files = s3.catalog.parts(uploadId).map((part) => part.file);
    s3.catalog.deleteUpload(uploadId);
    await s3.commit();
    await s3.files.discard(files);
    return {};
  };
