/** Deleting: for good where the bucket is not versioned or a version is named, by a delete marker otherwise. */
import type { CallContext } from "../../cloud/ports/service.ts";
import { etagMatches } from "../conditions/read-conditions.ts";
import { noSuchKey, preconditionFailed } from "../errors.ts";
import type { S3Internals } from "../internals.ts";
import type { AnyVersion, Bucket, DeleteMarker } from "../model.ts";
import type { DeletionType } from "../outbox.ts";
import { filesOf, replacedVersion, versioningOf } from "./commit-object.ts";

export interface Deletion {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
  /** Delete only while the newest version has this ETag. */
  readonly ifMatch?: string | undefined;
}

export interface Deleted {
  /** The version removed or the marker made. */
  readonly version: AnyVersion | undefined;
  readonly deletionType: DeletionType;
}

interface Decision extends Deleted {
  readonly removed: AnyVersion | undefined;
  readonly events: readonly string[];
}

function assertDeletable(s3: S3Internals, { bucket, key, ifMatch }: Deletion): void {
  if (ifMatch === undefined) return;
  const newest = s3.catalog.versions(bucket, key)[0];
  if (newest?.kind !== "object") throw noSuchKey(key);
  if (!etagMatches(ifMatch, newest.etag)) throw preconditionFailed("If-Match");
}

function putMarker(s3: S3Internals, bucket: Bucket, key: string): DeleteMarker {
  const marker: DeleteMarker = {
    kind: "delete-marker",
    bucket: bucket.name,
    key,
    versionId: versioningOf(bucket) === "Enabled" ? s3.ids.hex(32) : "null",
    sequence: s3.sequencer.next(),
    lastModified: s3.clock.now(),
  };
  s3.catalog.putVersion(marker);
  return marker;
}

function decide(s3: S3Internals, deletion: Deletion, context: CallContext): Decision {
  const { key, versionId } = deletion;
  const bucket = s3.catalog.bucket(deletion.bucket);
  assertDeletable(s3, deletion);
  const isMarked = versionId === undefined && versioningOf(bucket) !== undefined;
  const removed =
    versionId === undefined
      ? replacedVersion(s3, bucket, key)
      : s3.catalog.versions(bucket.name, key).find((version) => version.versionId === versionId);
  if (removed) s3.catalog.deleteVersion(removed);
  s3.watches.deleted(bucket.name, key);
  const marker = isMarked ? putMarker(s3, bucket, key) : undefined;
  const version = marker ?? removed;
  const deletionType = marker ? "Delete Marker Created" : "Permanently Deleted";
  const happening = { kind: "deleted", deletionType } as const;
  const sequence = marker?.sequence ?? s3.sequencer.next();
  const events = version ? s3.outbox.record(bucket, version, sequence, happening, context) : [];
  return { version, deletionType, removed, events };
}

/** Deletes all of them, made durable by one commit; what fails is told beside the others' success. */
export async function deleteVersions(
  s3: S3Internals,
  deletions: readonly Deletion[],
  context: CallContext,
): Promise<(Deleted | { readonly error: unknown })[]> {
  const decisions = deletions.map((deletion) => {
    try {
      return decide(s3, deletion, context);
    } catch (error) {
      return { error };
    }
  });
  await s3.commit();
  for (const decision of decisions) {
    if ("error" in decision) continue;
    await s3.files.discard(filesOf(decision.removed));
    await s3.outbox.deliver(decision.events);
  }
  return decisions;
}
