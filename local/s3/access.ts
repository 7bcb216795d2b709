/** The permissions that each operation needs: action and resource as in S3's service authorization reference. */
import type { AccessRequest } from "../cloud/ports/service.ts";
import { parseCopySource } from "./objects/copy-source.ts";

export const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`;
export const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;

type Input = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/**
 * Conditions of every request. The emulator listens on the loopback interface only, where nobody can listen in: it
 * counts as TLS, so that a bucket policy that denies plain HTTP holds in AWS and does not lock everybody out here.
 */
const transport = { "aws:SecureTransport": "true", "s3:TlsVersion": "1.3" } as const;

function request(action: string, resource: string, conditions: Record<string, string> = {}): AccessRequest {
  return { action: `s3:${action}`, resource, conditions: { ...transport, ...conditions } };
}

/** Query parameters that policies may test, where the request has them. */
function listConditions(input: Input): Record<string, string> {
  const given: Record<string, unknown> = {
    "s3:prefix": input.Prefix,
    "s3:delimiter": input.Delimiter,
    "s3:max-keys": input.MaxKeys,
  };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
}

function writeConditions(input: Input): Record<string, string> {
  const { ServerSideEncryption, StorageClass } = input;
  return {
    ...(ServerSideEncryption !== undefined && { "s3:x-amz-server-side-encryption": text(ServerSideEncryption) }),
    ...(StorageClass !== undefined && { "s3:x-amz-storage-class": text(StorageClass) }),
    ...(input.IfMatch !== undefined && { "s3:if-match": text(input.IfMatch) }),
    ...(input.IfNoneMatch !== undefined && { "s3:if-none-match": text(input.IfNoneMatch) }),
  };
}

/** An action on the object, or its `…Version` twin where the request names a version. */
function objectRequest(action: string, input: Input, conditions: Record<string, string> = {}): AccessRequest {
  const versioned = { GetObject: "GetObjectVersion", DeleteObject: "DeleteObjectVersion" } as Record<string, string>;
  const version = text(input.VersionId);
  const name = version === "" ? action : (versioned[action] ?? action.replace("Object", "ObjectVersion"));
  const more = version === "" ? conditions : { ...conditions, "s3:VersionId": version };
  return request(name, objectArn(text(input.Bucket), text(input.Key)), more);
}

/** If-Match tells whether the content is known: S3 wants GetObject for it as well. */
function putRequests(input: Input): AccessRequest[] {
  const plain = { Bucket: input.Bucket, Key: input.Key };
  return [
    objectRequest("PutObject", plain, writeConditions(input)),
    ...(input.IfMatch === undefined ? [] : [objectRequest("GetObject", plain)]),
    ...(input.Tagging === undefined ? [] : [objectRequest("PutObjectTagging", plain)]),
  ];
}

function copyRequests(input: Input): AccessRequest[] {
  const source = parseCopySource(text(input.CopySource));
  const read = { Bucket: source.bucket, Key: source.key, VersionId: source.versionId };
  return [objectRequest("GetObject", read), ...putRequests(input)];
}

function deleteRequests(input: Input): AccessRequest[] {
  const { Objects = [] } = (input.Delete ?? {}) as { Objects?: { Key?: string; VersionId?: string }[] };
  return Objects.map((object) => objectRequest("DeleteObject", { ...object, Bucket: input.Bucket }));
}

const objectOperations: Readonly<Record<string, (input: Input) => AccessRequest[]>> = {
  GetObject: (input) => [objectRequest("GetObject", input)],
  HeadObject: (input) => [objectRequest("GetObject", input)],
  GetObjectAttributes: (input) => [objectRequest("GetObject", input), objectRequest("GetObjectAttributes", input)],
  PutObject: putRequests,
  CopyObject: copyRequests,
  DeleteObject: (input) => [objectRequest("DeleteObject", input)],
  DeleteObjects: deleteRequests,
  GetObjectTagging: (input) => [objectRequest("GetObjectTagging", input)],
  PutObjectTagging: (input) => [objectRequest("PutObjectTagging", input)],
  DeleteObjectTagging: (input) => [objectRequest("DeleteObjectTagging", input)],
  CreateMultipartUpload: putRequests,
  UploadPart: putRequests,
  UploadPartCopy: copyRequests,
  CompleteMultipartUpload: putRequests,
  AbortMultipartUpload: (input) => [objectRequest("AbortMultipartUpload", input)],
  ListParts: (input) => [objectRequest("ListMultipartUploadParts", input)],
};

/** Bucket operations whose action is not the operation's own name. */
const bucketActions: Readonly<Record<string, string>> = {
  HeadBucket: "ListBucket",
  ListObjects: "ListBucket",
  ListObjectsV2: "ListBucket",
  ListObjectVersions: "ListBucketVersions",
  ListMultipartUploads: "ListBucketMultipartUploads",
  PutBucketEncryption: "PutEncryptionConfiguration",
  GetBucketEncryption: "GetEncryptionConfiguration",
  DeleteBucketEncryption: "PutEncryptionConfiguration",
  PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
  DeleteBucketLifecycle: "PutLifecycleConfiguration",
  PutBucketNotificationConfiguration: "PutBucketNotification",
  GetBucketNotificationConfiguration: "GetBucketNotification",
  PutPublicAccessBlock: "PutBucketPublicAccessBlock",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  DeletePublicAccessBlock: "PutBucketPublicAccessBlock",
  DeleteBucketOwnershipControls: "PutBucketOwnershipControls",
  DeleteBucketTagging: "PutBucketTagging",
  PutBucketCors: "PutBucketCORS",
  GetBucketCors: "GetBucketCORS",
  DeleteBucketCors: "PutBucketCORS",
};

export function accessOf(operation: string, input: Input): AccessRequest[] {
  if (operation === "ListBuckets") return [request("ListAllMyBuckets", "*")];
  const ofObject = objectOperations[operation];
  if (ofObject) return ofObject(input);
  const conditions = operation.startsWith("ListObject") ? listConditions(input) : {};
  return [request(bucketActions[operation] ?? operation, bucketArn(text(input.Bucket)), conditions)];
}
