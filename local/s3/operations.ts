/** S3's operations by AWS's names, bound to one S3. The wire, Step Functions and tests all call this table. */
import type { CallContext } from "../cloud/ports/service.ts";
import { accessDenied } from "./errors.ts";
import type { S3Internals } from "./internals.ts";
import { abortMultipartUpload } from "./operations/abort-multipart-upload.ts";
import { bindConfigurations } from "./operations/bucket-configurations.ts";
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from "./operations/bucket-policy.ts";
import { completeMultipartUpload } from "./operations/complete-multipart-upload.ts";
import { copyObject } from "./operations/copy-object.ts";
import { createBucket } from "./operations/create-bucket.ts";
import { createMultipartUpload } from "./operations/create-multipart-upload.ts";
import { deleteBucket } from "./operations/delete-bucket.ts";
import { deleteObject } from "./operations/delete-object.ts";
import { deleteObjects } from "./operations/delete-objects.ts";
import { getBucketLocation, headBucket, listBuckets } from "./operations/find-buckets.ts";
import { getObjectAttributes } from "./operations/get-object-attributes.ts";
import { getObject } from "./operations/get-object.ts";
import { headObject } from "./operations/head-object.ts";
import { listMultipartUploads } from "./operations/list-multipart-uploads.ts";
import { listObjectVersions } from "./operations/list-object-versions.ts";
import { listObjectsV2 } from "./operations/list-objects-v2.ts";
import { listObjects } from "./operations/list-objects.ts";
import { listParts } from "./operations/list-parts.ts";
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from "./operations/object-tagging.ts";
import { putObject } from "./operations/put-object.ts";
import { uploadPartCopy } from "./operations/upload-part-copy.ts";
import { uploadPart } from "./operations/upload-part.ts";

/** Input and output are the SDK's shapes; the table is heterogeneous, each entry is typed where it is defined. */
export type S3Operation = (input: Readonly<Record<string, unknown>>, context: CallContext) => unknown;
export type S3Operations = Readonly<Record<string, S3Operation>>;

const makers = {
  AbortMultipartUpload: abortMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  CopyObject: copyObject,
  CreateBucket: createBucket,
  CreateMultipartUpload: createMultipartUpload,
  DeleteBucket: deleteBucket,
  DeleteBucketPolicy: deleteBucketPolicy,
  DeleteObject: deleteObject,
  DeleteObjectTagging: deleteObjectTagging,
  DeleteObjects: deleteObjects,
  GetBucketLocation: getBucketLocation,
  GetBucketPolicy: getBucketPolicy,
  GetObject: getObject,
  GetObjectAttributes: getObjectAttributes,
  GetObjectTagging: getObjectTagging,
  HeadBucket: headBucket,
  HeadObject: headObject,
  ListBuckets: listBuckets,
  ListMultipartUploads: listMultipartUploads,
  ListObjectVersions: listObjectVersions,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListParts: listParts,
  PutBucketPolicy: putBucketPolicy,
  PutObject: putObject,
  PutObjectTagging: putObjectTagging,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
};

/** Every operation first checks `ExpectedBucketOwner`, which may only be this account. */
function forOwner(s3: S3Internals, operation: S3Operation): S3Operation {
  return (input, context) => {
    const owners = [input.ExpectedBucketOwner, input.ExpectedSourceBucketOwner].filter((owner) => owner !== undefined);
    if (owners.some((owner) => owner !== s3.account)) throw accessDenied("Access Denied");
    return operation(input, context);
  };
}

export function bindOperations(s3: S3Internals): S3Operations {
  const own = Object.entries(makers).map(([name, make]) => [name, make(s3) as unknown as S3Operation] as const);
  const all = [...own, ...(Object.entries(bindConfigurations(s3)) as [string, S3Operation][])];
  return Object.fromEntries(all.map(([name, operation]) => [name, forOwner(s3, operation)]));
}
