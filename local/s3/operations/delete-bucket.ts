/** DeleteBucket: only one without objects, old versions included; uploads under way are dropped with it. */
import type { DeleteBucketCommandInput, DeleteBucketCommandOutput } from "@aws-sdk/client-s3";
import { S3Error } from "../errors.ts";
import type { BindOperation } from "../internals.ts";

export const deleteBucket: BindOperation<DeleteBucketCommandInput, DeleteBucketCommandOutput> =
  (s3) => async (input) => {
    const { name } = s3.catalog.bucket(input.Bucket ?? "");
    if (s3.catalog.keys(name).length > 0) {
      const message = "The bucket you tried to delete is not empty. You must delete all versions in the bucket.";
      throw new S3Error("BucketNotEmpty", message, { status: 409, details: { BucketName: name } });
    }
    const uploads = s3.catalog.uploads(name);
    const files = uploads.flatMap(({ uploadId }) => s3.catalog.parts(uploadId).map((part) => part.file));
    for (const { uploadId } of uploads) s3.catalog.deleteUpload(uploadId);
    s3.catalog.deleteBucket(name);
    await s3.publishPolicy(name, undefined);
    await s3.commit();
    await s3.files.discard(files);
    return {};
  };
