/**
 * What S3 knows, apart from the bytes: tables of the store, and indexes in memory derived from them at start.
 *
 * Invariants
 *   K1  Every change is a table put or delete made at once (Store S2): callers group changes in one synchronous stretch.
 *   K2  `versions(bucket, key)` is newest first; the first one is what an unversioned read sees.
 *   K3  A bucket's keys are those with at least one version, delete markers included.
 */
import type { Store } from "../../cloud/ports/store.ts";
import { noSuchBucket, noSuchUpload } from "../errors.ts";
import type { AnyVersion, Bucket, Part, Upload } from "../model.ts";
import { createSortedKeys, type SortedKeys } from "./key-order.ts";

interface BucketIndex {
  readonly keys: SortedKeys;
  readonly versions: Map<string, AnyVersion[]>;
}

export interface Catalog {
  buckets(): Bucket[];
  findBucket(name: string): Bucket | undefined;
  /** Throws NoSuchBucket. */
  bucket(name: string): Bucket;
  putBucket(bucket: Bucket): void;
  deleteBucket(name: string): void;
  /** All keys of a bucket in S3's order. */
  keys(bucket: string): readonly string[];
  versions(bucket: string, key: string): readonly AnyVersion[];
  putVersion(version: AnyVersion): void;
  deleteVersion(version: AnyVersion): void;
  uploads(bucket: string): Upload[];
  findUpload(uploadId: string): Upload | undefined;
  /** Throws NoSuchUpload unless the upload is of this bucket and key. */
  upload(bucket: string, key: string, uploadId: string): Upload;
  putUpload(upload: Upload): void;
  /** Forgets the upload and its parts. */
  deleteUpload(uploadId: string): void;
  /** By part number. */
  parts(uploadId: string): Part[];
  putPart(part: Part): void;
  /** Every version's sequence number. */
  sequences(): IterableIterator<string>;
  /** Every file that some version or part needs. */
  referencedFiles(): Set<string>;
}

export function createCatalog(store: Store): Catalog {
  return {
    ...{ ...bucketRows(store), ...versionRows(store), ...uploadRows(store) },
    sequences: () => sequencesOf(store),
    referencedFiles: () => filesOf(store),
  };
}

const tables = (store: Store) => ({
  buckets: store.table<Bucket>("s3/buckets"),
  versions: store.table<AnyVersion>("s3/versions"),
  uploads: store.table<Upload>("s3/uploads"),
  parts: store.table<Part>("s3/parts"),
});

function* sequencesOf(store: Store): IterableIterator<string> {
  for (const [sequence] of tables(store).versions.entries()) yield sequence;
}

function filesOf(store: Store): Set<string> {
  const { versions, parts } = tables(store);
  const files = new Set<string>();
  for (const version of versions.values()) {
    if (version.kind === "object") for (const file of version.files) files.add(file.id);
  }
  for (const part of parts.values()) files.add(part.file.id);
  return files;
}

function bucketRows(store: Store) {
  const { buckets } = tables(store);
  const find = (name: string) => buckets.get(name);
  return {
    buckets: () => [...buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    findBucket: find,
    bucket: (name: string) => {
      const found = find(name);
      if (!found) throw noSuchBucket(name);
      return found;
    },
    putBucket: (bucket: Bucket) => buckets.put(bucket.name, bucket),
    deleteBucket: (name: string) => buckets.delete(name),
  };
}

function versionRows(store: Store) {
  const { versions } = tables(store);
  const indexes = new Map<string, BucketIndex>();
  const indexOf = (bucket: string): BucketIndex => {
    let found = indexes.get(bucket);
    if (!found) indexes.set(bucket, (found = { keys: createSortedKeys(), versions: new Map() }));
    return found;
  };
  const enter = (version: AnyVersion) => {
    const index = indexOf(version.bucket);
    const history = index.versions.get(version.key) ?? [];
    history.unshift(version);
    if (history[1] && history[1].sequence > version.sequence)
      history.sort((a, b) => (a.sequence > b.sequence ? -1 : 1));
    index.versions.set(version.key, history);
    index.keys.add(version.key);
  };
  for (const version of versions.values()) enter(version);
  return {
    keys: (bucket: string) => indexOf(bucket).keys.all(),
    versions: (bucket: string, key: string) => indexOf(bucket).versions.get(key) ?? [],
    putVersion: (version: AnyVersion) => {
      versions.put(version.sequence, version);
      enter(version);
    },
    deleteVersion: ({ bucket, key, sequence }: AnyVersion) => {
      versions.delete(sequence);
      const index = indexOf(bucket);
      const left = (index.versions.get(key) ?? []).filter((version) => version.sequence !== sequence);
      if (left.length > 0) return void index.versions.set(key, left);
      index.versions.delete(key);
      index.keys.delete(key);
    },
  };
}

function uploadRows(store: Store) {
  const { uploads, parts } = tables(store);
  const partsOf = new Map<string, Map<number, Part>>();
  const rowKey = (part: Part) => `${part.uploadId}/${part.number}`;
  const enter = (part: Part) => {
    const known = partsOf.get(part.uploadId) ?? new Map<number, Part>();
    partsOf.set(part.uploadId, known.set(part.number, part));
  };
  for (const part of parts.values()) enter(part);
  return {
    uploads: (bucket: string) => [...uploads.values()].filter((upload) => upload.bucket === bucket),
    findUpload: (uploadId: string) => uploads.get(uploadId),
    upload: (bucket: string, key: string, uploadId: string) => {
      const found = uploads.get(uploadId);
      if (!found || found.bucket !== bucket || found.key !== key) throw noSuchUpload(uploadId);
      return found;
    },
    putUpload: (upload: Upload) => uploads.put(upload.uploadId, upload),
    deleteUpload: (uploadId: string) => {
      for (const part of partsOf.get(uploadId)?.values() ?? []) parts.delete(rowKey(part));
      partsOf.delete(uploadId);
      uploads.delete(uploadId);
    },
    parts: (uploadId: string) => [...(partsOf.get(uploadId)?.values() ?? [])].sort((a, b) => a.number - b.number),
    putPart: (part: Part) => {
      parts.put(rowKey(part), part);
      enter(part);
    },
  };
}
