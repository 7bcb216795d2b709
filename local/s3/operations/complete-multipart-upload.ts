/** CompleteMultipartUpload: the object is a list of the parts' files; no byte is copied. */
import { createHash } from "node:crypto";
import type {
  CompletedPart,
  CompleteMultipartUploadCommandInput,
  CompleteMultipartUploadCommandOutput,
} from "@aws-sdk/client-s3";
import { compositeChecksum, statedChecksums, type ChecksumMembers } from "../body/checksums.ts";
import { combineCrcs } from "../body/crc-combine.ts";
import type { CallContext } from "../../cloud/ports/service.ts";
import { etagMatches } from "../conditions/read-conditions.ts";
import { badDigest, invalidRequest, malformedXml, noSuchUpload, S3Error } from "../errors.ts";
import type { BindOperation, S3Internals } from "../internals.ts";
import type { Checksum, ObjectVersion, Part, Upload } from "../model.ts";
import { quoted, writtenMembers } from "../objects/attributes.ts";
import { commitObject, watching, type ObjectDraft } from "../objects/commit-object.ts";
import { assertKeyUsable } from "../objects/encryption.ts";

const smallestPartBytes = 5 * 1024 * 1024;

/** The stored parts that the request lists. Throws InvalidPartOrder, InvalidPart, EntityTooSmall. */
function chooseParts(known: readonly Part[], listed: readonly CompletedPart[], upload: Upload): Part[] {
  const byNumber = new Map(known.map((part) => [part.number, part]));
  const chosen = listed.map((entry, i) => {
    const previous = listed[i - 1]?.PartNumber ?? 0;
    if ((entry.PartNumber ?? 0) <= previous) {
      throw new S3Error(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
        {
          details: { UploadId: upload.uploadId },
        },
      );
    }
    const part = byNumber.get(entry.PartNumber ?? 0);
    if (!part || !isAsListed(part, entry)) throw invalidPart(entry, upload);
    return part;
  });
  const small = chosen.slice(0, -1).find((part) => part.file.sizeBytes < smallestPartBytes);
  if (small) {
    throw new S3Error("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
      details: {
        ProposedSize: small.file.sizeBytes,
        MinSizeAllowed: smallestPartBytes,
        PartNumber: small.number,
        ETag: small.etag,
      },
    });
  }
  return chosen;
}

const invalidPart = ({ PartNumber, ETag }: CompletedPart, { uploadId }: Upload) =>
  new S3Error(
    "InvalidPart",
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { details: { UploadId: uploadId, PartNumber, ETag } },
  );

function isAsListed(part: Part, entry: CompletedPart): boolean {
  if (entry.ETag === undefined || !etagMatches(entry.ETag, part.etag)) return false;
  const stated = statedChecksums(entry);
  return [...stated].every(([name, value]) => name !== part.algorithm || value === part.file.checksum);
}

/** The whole object's checksum, from its parts'. Throws BadDigest where the client states another one. */
async function wholeChecksum(
  upload: Upload,
  parts: readonly Part[],
  input: ChecksumMembers,
): Promise<Checksum | undefined> {
  const algorithm = upload.algorithm;
  if (!algorithm) return undefined;
  const type = upload.checksumType ?? "COMPOSITE";
  const sums = parts.map((part) => ({ checksum: part.file.checksum ?? "", sizeBytes: part.file.sizeBytes }));
  const value =
    type === "FULL_OBJECT"
      ? combineCrcs(algorithm, sums)
      : await compositeChecksum(
          algorithm,
          sums.map((s) => s.checksum),
        );
  const stated = statedChecksums(input).get(algorithm);
  if (stated !== undefined && stated !== value && stated !== value.replace(/-\d+$/, ""))
    throw badDigest(algorithm.toLowerCase());
  return { algorithm, type, value };
}

function multipartEtag(parts: readonly Part[]): string {
  const hash = createHash("md5");
  for (const part of parts) hash.update(part.etag, "hex");
  return `${hash.digest("hex")}-${parts.length}`;
}

/** A repeated completion, e.g. after a lost answer, finds its object instead of the upload. */
function alreadyCompleted(
  s3: S3Internals,
  { Bucket = "", Key = "", UploadId = "" }: CompleteMultipartUploadCommandInput,
): ObjectVersion {
  const made = s3.catalog
    .versions(Bucket, Key)
    .find((version) => version.kind === "object" && version.uploadId === UploadId);
  if (made?.kind !== "object") throw noSuchUpload(UploadId);
  return made;
}

interface Plan {
  /** Parts that were sent and are not in the list. */
  readonly unused: readonly Part[];
  readonly draft: ObjectDraft;
}

async function plan(s3: S3Internals, upload: Upload, input: CompleteMultipartUploadCommandInput): Promise<Plan> {
  const { uploadId, bucket, key, attributes, tags, encryption, kmsKey, bucketKey } = upload;
  const listed = input.MultipartUpload?.Parts ?? [];
  if (listed.length === 0) throw malformedXml();
  const known = s3.catalog.parts(uploadId);
  const parts = chooseParts(known, listed, upload);
  const sizeBytes = parts.reduce((sum, part) => sum + part.file.sizeBytes, 0);
  if (input.MpuObjectSize !== undefined && Number(input.MpuObjectSize) !== sizeBytes) {
    throw invalidRequest(`The provided 'x-amz-mp-object-size' header does not match what was computed: ${sizeBytes}`);
  }
  const checksum = await wholeChecksum(upload, parts, input);
  const draft = {
    ...{ bucket, key, attributes, tags, encryption, sizeBytes, uploadId, etag: multipartEtag(parts) },
    ...(kmsKey !== undefined && { kmsKey }),
    ...(bucketKey !== undefined && { bucketKey }),
    files: parts.map((part) => part.file),
    ...(checksum && { checksum }),
  };
  return { unused: known.filter((part) => !parts.includes(part)), draft };
}

async function complete(s3: S3Internals, input: CompleteMultipartUploadCommandInput, context: CallContext) {
  const { Bucket: bucket = "", Key: key = "", UploadId: uploadId = "" } = input;
  if (!s3.catalog.findUpload(uploadId)) return alreadyCompleted(s3, input);
  const upload = s3.catalog.upload(bucket, key, uploadId);
  assertKeyUsable(s3.keys, context.caller, "kms:Decrypt", upload, upload);
  const { draft, unused } = await plan(s3, upload, input);
  if (!s3.catalog.findUpload(uploadId)) return alreadyCompleted(s3, input); // another request ended it meanwhile
  const version = await watching(s3, { bucket, key, conditions: input }, (watch) =>
    commitObject(s3, draft, {
      ...{ conditions: input, watch, context, reason: "CompleteMultipartUpload", discardIfRefused: [] },
      alongside: () => s3.catalog.deleteUpload(uploadId),
    }),
  );
  await s3.files.discard(unused.map((part) => part.file));
  return version;
}

export const completeMultipartUpload: BindOperation<
  CompleteMultipartUploadCommandInput,
  CompleteMultipartUploadCommandOutput
> = (s3) => async (input, context) => {
  const row = s3.catalog.bucket(input.Bucket ?? "");
  const version = await complete(s3, input, context);
  return {
    Location: `http://${version.bucket}.s3.${s3.region}.amazonaws.com/${encodeURIComponent(version.key)}`,
    Bucket: version.bucket,
    Key: version.key,
    ETag: quoted(version.etag),
    ...writtenMembers(version, row),
  };
};
