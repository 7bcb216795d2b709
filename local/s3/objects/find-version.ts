/** Which version a request means, and S3's answers where there is none. */
import { methodNotAllowed, noSuchKey, noSuchVersion } from "../errors.ts";
import type { AnyVersion, ObjectVersion } from "../model.ts";
import type { Catalog } from "../storage/catalog.ts";

const markerHeaders = (marker: AnyVersion) => ({
  "x-amz-delete-marker": "true",
  ...(marker.versionId !== "null" && { "x-amz-version-id": marker.versionId }),
});

/** The version by id, or the newest; throws NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed (a delete marker by id). */
export function findVersion(
  catalog: Catalog,
  { bucket, key, versionId }: { bucket: string; key: string; versionId?: string | undefined },
  method = "GET",
): ObjectVersion {
  catalog.bucket(bucket);
  const versions = catalog.versions(bucket, key);
  const found = versionId === undefined ? versions[0] : versions.find((version) => version.versionId === versionId);
  if (!found) throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId);
  if (found.kind === "object") return found;
  if (versionId === undefined) throw noSuchKey(key, markerHeaders(found));
  throw methodNotAllowed(method, markerHeaders(found));
}
