/** DeleteObjects: up to a thousand keys in one commit; each key succeeds or fails by itself. */
import type { DeleteObjectsCommandInput, DeleteObjectsCommandOutput, ObjectIdentifier } from "@aws-sdk/client-s3";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { malformedXml } from "../errors.ts";
import type { BindOperation } from "../internals.ts";
import { deleteVersions, type Deleted } from "../objects/delete-version.ts";

const mostKeys = 1000;

function describeDeletion({ Key, VersionId }: ObjectIdentifier, { version }: Deleted) {
  const isMarker = version?.kind === "delete-marker";
  return {
    Key,
    ...(VersionId !== undefined && { VersionId }),
    ...(isMarker && { DeleteMarker: true, DeleteMarkerVersionId: version.versionId }),
  };
}

function describeFailure({ Key, VersionId }: ObjectIdentifier, error: unknown) {
  if (!(error instanceof AwsError)) throw error;
  return { Key, ...(VersionId !== undefined && { VersionId }), Code: error.name, Message: error.message };
}

export const deleteObjects: BindOperation<DeleteObjectsCommandInput, DeleteObjectsCommandOutput> =
  (s3) => async (input, context) => {
    const bucket = input.Bucket ?? "";
    const objects = input.Delete?.Objects ?? [];
    s3.catalog.bucket(bucket);
    if (objects.length === 0 || objects.length > mostKeys) throw malformedXml();
    const deletions = objects.map(({ Key = "", VersionId, ETag }) => ({
      bucket,
      key: Key,
      versionId: VersionId,
      ifMatch: ETag,
    }));
    const outcomes = await deleteVersions(s3, deletions, context);
    const pairs = outcomes.map((outcome, i) => [objects[i] as ObjectIdentifier, outcome] as const);
    return {
      Deleted: input.Delete?.Quiet
        ? []
        : pairs.flatMap(([object, o]) => ("error" in o ? [] : [describeDeletion(object, o)])),
      Errors: pairs.flatMap(([object, o]) => ("error" in o ? [describeFailure(object, o.error)] : [])),
    };
  };
