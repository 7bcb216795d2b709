/** GetObjectAttributes: the facts asked for by name, parts included for objects that were uploaded in parts. */
import type { GetObjectAttributesCommandInput, GetObjectAttributesCommandOutput, ObjectPart } from "@aws-sdk/client-s3";
import { algorithms } from "../body/checksums.ts";
import type { BindOperation } from "../internals.ts";
import type { ObjectVersion } from "../model.ts";
import { checksumMembers, versionIdMember } from "../objects/attributes.ts";
import { findVersion } from "../objects/find-version.ts";

function partList({ files, checksum }: ObjectVersion, after: number, most: number) {
  const all = files.map((file, i): ObjectPart => ({
    PartNumber: i + 1,
    Size: file.sizeBytes,
    ...(checksum && file.checksum !== undefined && { [algorithms[checksum.algorithm].member]: file.checksum }),
  }));
  const Parts = all.slice(after, after + most);
  return {
    TotalPartsCount: files.length,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(after + Parts.length),
    MaxParts: most,
    IsTruncated: after + Parts.length < files.length,
    Parts,
  };
}

export const getObjectAttributes: BindOperation<GetObjectAttributesCommandInput, GetObjectAttributesCommandOutput> =
  (s3) => (input) => {
    const { Bucket: bucket = "", Key: key = "", VersionId: versionId } = input;
    const version = findVersion(s3.catalog, { bucket, key, versionId });
    const wanted = new Set<string>(input.ObjectAttributes ?? []);
    return {
      LastModified: new Date(version.lastModified),
      ...versionIdMember(version, s3.catalog.bucket(bucket)),
      ...(wanted.has("ETag") && { ETag: version.etag }),
      ...(wanted.has("Checksum") && version.checksum && { Checksum: checksumMembers(version) }),
      ...(wanted.has("ObjectParts") &&
        version.uploadId !== undefined && {
          ObjectParts: partList(version, Number(input.PartNumberMarker ?? 0), input.MaxParts ?? 1000),
        }),
      ...(wanted.has("StorageClass") && { StorageClass: storageClass(version) }),
      ...(wanted.has("ObjectSize") && { ObjectSize: version.sizeBytes }),
    };
  };

const storageClass = (version: ObjectVersion) =>
  (version.attributes.StorageClass ?? "STANDARD") as NonNullable<GetObjectAttributesCommandOutput["StorageClass"]>;
