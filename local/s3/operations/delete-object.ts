/** DeleteObject: deleting what is not there succeeds, as in S3. */
import type { DeleteObjectCommandInput, DeleteObjectCommandOutput } from "@aws-sdk/client-s3";
import type { BindOperation } from "../internals.ts";
import { deleteVersions, type Deleted } from "../objects/delete-version.ts";

export const deleteObject: BindOperation<DeleteObjectCommandInput, DeleteObjectCommandOutput> =
  (s3) => async (input, context) => {
    const { Bucket: bucket = "", Key: key = "", VersionId: versionId, IfMatch: ifMatch } = input;
    s3.catalog.bucket(bucket);
    const [outcome] = await deleteVersions(s3, [{ bucket, key, versionId, ifMatch }], context);
    if (outcome && "error" in outcome) throw outcome.error;
    const { version } = outcome as Deleted;
    return {
      ...(version?.kind === "delete-marker" && { DeleteMarker: true }),
      ...(version && version.versionId !== "null" && { VersionId: version.versionId }),
    };
  };
