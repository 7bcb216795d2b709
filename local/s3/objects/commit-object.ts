/**
 * The one way a new object comes to be: conditions, version and event are decided and put in one synchronous stretch,
 * made durable together, and only then answered. PutObject, CopyObject and CompleteMultipartUpload all end here.
 */
import type { CallContext } from "../../cloud/ports/service.ts";
import {
  assertWritable,
  checkWriteConditions,
  type WriteConditions,
  type WriteWatch,
} from "../conditions/write-conditions.ts";
import type { S3Internals } from "../internals.ts";
import type { AnyVersion, Bucket, ObjectVersion, StoredFile } from "../model.ts";
import type { CreationReason } from "../outbox.ts";

export type ObjectDraft = Omit<ObjectVersion, "kind" | "versionId" | "sequence" | "lastModified">;

export interface CommitRequest {
  readonly conditions: WriteConditions;
  readonly watch: WriteWatch;
  readonly reason: CreationReason;
  readonly context: CallContext;
  /** The draft's files that nothing else needs: removed when the write is refused. */
  readonly discardIfRefused: readonly StoredFile[];
  /** Further changes that belong to the same stretch. */
  readonly alongside?: () => void;
}

export type VersioningStatus = "Enabled" | "Suspended" | undefined;

export const versioningOf = (bucket: Bucket): VersioningStatus =>
  (bucket.configurations.versioning as { Status?: VersioningStatus } | undefined)?.Status;

/** The version that a write or delete without version id replaces: the "null" one, unless versioning keeps all. */
export function replacedVersion(s3: S3Internals, bucket: Bucket, key: string): AnyVersion | undefined {
  if (versioningOf(bucket) === "Enabled") return undefined;
  return s3.catalog.versions(bucket.name, key).find((version) => version.versionId === "null");
}

export const filesOf = (version: AnyVersion | undefined) => (version?.kind === "object" ? version.files : []);

/** Watches the key for deletes while `write` runs, for conditional writes. */
export async function watching<T>(
  s3: S3Internals,
  { bucket, key, conditions }: { bucket: string; key: string; conditions: WriteConditions },
  write: (watch: WriteWatch) => Promise<T>,
): Promise<T> {
  checkWriteConditions(conditions);
  const watch = s3.watches.begin(bucket, key);
  try {
    return await write(watch);
  } finally {
    s3.watches.end(watch);
  }
}

function decide(s3: S3Internals, draft: ObjectDraft, request: CommitRequest) {
  const bucket = s3.catalog.bucket(draft.bucket);
  assertWritable(request.conditions, s3.catalog.versions(draft.bucket, draft.key)[0], request.watch);
  const replaced = replacedVersion(s3, bucket, draft.key);
  const version: ObjectVersion = {
    ...draft,
    kind: "object",
    versionId: versioningOf(bucket) === "Enabled" ? s3.ids.hex(32) : "null",
    sequence: s3.sequencer.next(),
    lastModified: s3.clock.now(),
  };
  if (replaced) s3.catalog.deleteVersion(replaced);
  s3.catalog.putVersion(version);
  request.alongside?.();
  const happening = { kind: "created", reason: request.reason } as const;
  return { version, replaced, events: s3.outbox.record(bucket, version, version.sequence, happening, request.context) };
}

async function decideOrDiscard(s3: S3Internals, draft: ObjectDraft, request: CommitRequest) {
  try {
    return decide(s3, draft, request);
  } catch (error) {
    await s3.files.discard(request.discardIfRefused);
    throw error;
  }
}

/** Throws as `assertWritable` does. */
export async function commitObject(
  s3: S3Internals,
  draft: ObjectDraft,
  request: CommitRequest,
): Promise<ObjectVersion> {
  const { version, replaced, events } = await decideOrDiscard(s3, draft, request);
  await s3.commit();
  await s3.files.discard(filesOf(replaced));
  await s3.outbox.deliver(events);
  return version;
}
