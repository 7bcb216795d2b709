/** PutObject: takes the bytes in, then commits them under the write's conditions. */
import type { PutObjectCommandInput, PutObjectCommandOutput } from "@aws-sdk/client-s3";
import { toObjectBody } from "../body/object-body.ts";
import { receive } from "../body/receive.ts";
import type { BindOperation } from "../internals.ts";
import { attributesOf, checkKey, quoted, tagsOfHeader, writtenMembers } from "../objects/attributes.ts";
import { commitObject, watching } from "../objects/commit-object.ts";
import { assertKeyUsable, encryptionOf } from "../objects/encryption.ts";

export const putObject: BindOperation<PutObjectCommandInput, PutObjectCommandOutput> =
  (s3) => async (input, context) => {
    const { Bucket: bucket = "", Key: key = "" } = input;
    const row = s3.catalog.bucket(bucket);
    checkKey(key);
    const about = {
      attributes: attributesOf(input),
      tags: tagsOfHeader(input.Tagging),
      ...encryptionOf(input, row, s3.keys),
    };
    assertKeyUsable(s3.keys, context.caller, "kms:GenerateDataKey", about, { bucket, key });
    return watching(s3, { bucket, key, conditions: input }, async (watch) => {
      const { file, md5, checksum } = await receive(s3.files, toObjectBody(input.Body), input);
      const draft = {
        ...{ bucket, key, ...about, sizeBytes: file.sizeBytes, etag: md5, files: [file] },
        ...(checksum && { checksum: { ...checksum, type: "FULL_OBJECT" as const } }),
      };
      const request = { conditions: input, watch, reason: "PutObject", context, discardIfRefused: [file] } as const;
      const version = await commitObject(s3, draft, request);
      return { ETag: quoted(version.etag), ...writtenMembers(version, row) };
    });
  };
