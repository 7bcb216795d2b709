/**
 * May this write happen? Judged in the same synchronous stretch as the write itself, so that of several conditional
 * writes one wins and the others are refused. The pipeline's lease stands on this.
 */
import { conditionalRequestConflict, noSuchKey, notImplemented, preconditionFailed } from "../errors.ts";
import type { AnyVersion } from "../model.ts";
import { etagMatches } from "./read-conditions.ts";

export interface WriteConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

/** A conditional write under way; a delete of its key meanwhile is a conflict. */
export interface WriteWatch {
  readonly bucket: string;
  readonly key: string;
  deleted: boolean;
}

export interface WriteWatches {
  begin(bucket: string, key: string): WriteWatch;
  end(watch: WriteWatch): void;
  /** Tells writes under way that the key was deleted. */
  deleted(bucket: string, key: string): void;
}

export function createWriteWatches(): WriteWatches {
  const underWay = new Set<WriteWatch>();
  return {
    begin: (bucket, key) => {
      const watch = { bucket, key, deleted: false };
      underWay.add(watch);
      return watch;
    },
    end: (watch) => void underWay.delete(watch),
    deleted: (bucket, key) => {
      for (const watch of underWay) if (watch.bucket === bucket && watch.key === key) watch.deleted = true;
    },
  };
}

/** Refuses forms of the conditions that S3 refuses; call before reading a body. */
export function checkWriteConditions({ IfNoneMatch }: WriteConditions): void {
  if (IfNoneMatch !== undefined && IfNoneMatch !== "*") {
    throw notImplemented("If-None-Match with a value other than *, on a write,");
  }
}

/** @param current the newest version of the key, if any. Throws PreconditionFailed, NoSuchKey or ConditionalRequestConflict. */
export function assertWritable(conditions: WriteConditions, current: AnyVersion | undefined, watch: WriteWatch): void {
  const present = current?.kind === "object" ? current : undefined;
  if (conditions.IfNoneMatch !== undefined) {
    if (present) throw preconditionFailed("If-None-Match");
    if (watch.deleted) throw conditionalRequestConflict(watch.key);
  }
  if (conditions.IfMatch !== undefined) {
    if (!present) throw noSuchKey(watch.key);
    if (!etagMatches(conditions.IfMatch, present.etag)) throw preconditionFailed("If-Match");
  }
}
