/** CopyObject: a second name for the source's bytes where nothing needs computing, else a streamed copy. */
import type { CopyObjectCommandInput, CopyObjectCommandOutput } from "@aws-sdk/client-s3";
import { toObjectBody } from "../body/object-body.ts";
import { receive } from "../body/receive.ts";
import { invalidRequest } from "../errors.ts";
import type { BindOperation, S3Internals } from "../internals.ts";
import type { Bucket, ObjectVersion } from "../model.ts";
import {
  attributesOf,
  checkKey,
  checksumMembers,
  quoted,
  tagsOfHeader,
  versionIdMember,
} from "../objects/attributes.ts";
import { commitObject, watching } from "../objects/commit-object.ts";
import { findCopySource } from "../objects/copy-source.ts";
import { assertKeyUsable, encryptionOf, lockMembers } from "../objects/encryption.ts";

/** The source's bytes in one file of the copy's own, with the digests that the copy carries. */
async function copyContent(
  s3: S3Internals,
  source: ObjectVersion,
  algorithm: CopyObjectCommandInput["ChecksumAlgorithm"],
) {
  const [only, ...others] = source.files;
  const keepsChecksum = algorithm === undefined || source.checksum?.algorithm === algorithm;
  if (only && others.length === 0 && source.uploadId === undefined && keepsChecksum) {
    return { file: await s3.files.duplicate(only), etag: source.etag, checksum: source.checksum };
  }
  const stream = s3.files.read(source.files, 0, source.sizeBytes - 1);
  const wanted = algorithm ?? source.checksum?.algorithm;
  const { file, md5, checksum } = await receive(s3.files, toObjectBody(stream), { ChecksumAlgorithm: wanted });
  return { file, etag: md5, checksum: checksum && { ...checksum, type: "FULL_OBJECT" as const } };
}

function describeCopy(s3: S3Internals, input: CopyObjectCommandInput, source: ObjectVersion, target: Bucket) {
  const replacesMetadata = input.MetadataDirective === "REPLACE";
  const tags = input.TaggingDirective === "REPLACE" ? tagsOfHeader(input.Tagging) : source.tags;
  const kept = { ...source.attributes, ...(input.StorageClass !== undefined && { StorageClass: input.StorageClass }) };
  return { attributes: replacesMetadata ? attributesOf(input) : kept, tags, ...encryptionOf(input, target, s3.keys) };
}

function assertChanges(input: CopyObjectCommandInput, source: ObjectVersion): void {
  const isSame =
    source.bucket === input.Bucket && source.key === input.Key && !input.CopySource?.includes("versionId=");
  const changes = [
    input.MetadataDirective === "REPLACE",
    input.StorageClass,
    input.ServerSideEncryption,
    input.WebsiteRedirectLocation,
  ];
  if (!isSame || changes.some(Boolean)) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

export const copyObject: BindOperation<CopyObjectCommandInput, CopyObjectCommandOutput> =
  (s3) => async (input, context) => {
    const { Bucket: bucket = "", Key: key = "" } = input;
    const row = s3.catalog.bucket(bucket);
    checkKey(key);
    const source = findCopySource(s3.catalog, input);
    assertChanges(input, source);
    const about = describeCopy(s3, input, source, row);
    assertKeyUsable(s3.keys, context.caller, "kms:Decrypt", source, source);
    assertKeyUsable(s3.keys, context.caller, "kms:GenerateDataKey", about, { bucket, key });
    return watching(s3, { bucket, key, conditions: input }, async (watch) => {
      const { file, etag, checksum } = await copyContent(s3, source, input.ChecksumAlgorithm);
      const draft = {
        bucket,
        key,
        ...about,
        sizeBytes: file.sizeBytes,
        etag,
        files: [file],
        ...(checksum && { checksum }),
      };
      const request = { conditions: input, watch, reason: "CopyObject", context, discardIfRefused: [file] } as const;
      const version = await commitObject(s3, draft, request);
      return {
        CopyObjectResult: {
          ETag: quoted(version.etag),
          LastModified: new Date(version.lastModified),
          ...checksumMembers(version),
        },
        ...(source.versionId !== "null" && { CopySourceVersionId: source.versionId }),
        ...lockMembers(version),
        ...versionIdMember(version, row),
      };
    });
  };
