/** The rows S3 keeps in the store. Bytes are elsewhere (`storage/data-files.ts`); a row names the files that hold them. */
import type { ChecksumAlgorithm, ChecksumType, Tag } from "@aws-sdk/client-s3";

/** Kinds of bucket configuration that are stored as given, in the SDK's shape. The keys are ours, one per sub-resource. */
export type Configurations = Readonly<Record<string, unknown>>;

export interface Bucket {
  readonly name: string;
  readonly createdAt: number;
  readonly configurations: Configurations;
}

/** One file of an object's content, in order. Parts of a multipart upload keep their own checksum (base64). */
export interface StoredFile {
  readonly id: string;
  readonly sizeBytes: number;
  readonly checksum?: string;
}

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  /** Base64; a composite one ends in `-<parts>`. */
  readonly value: string;
}

/** What a writer may say about an object beside its bytes, named as in PutObject. */
export interface Attributes {
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly ContentType?: string;
  readonly Expires?: string;
  readonly WebsiteRedirectLocation?: string;
  readonly StorageClass?: string;
  readonly Metadata: Readonly<Record<string, string>>;
}

interface Version {
  readonly bucket: string;
  readonly key: string;
  /** "null" where the bucket was not versioned at the time. */
  readonly versionId: string;
  /** Hexadecimal, fixed width, ever growing: the version's place in history and its event's `sequencer`. */
  readonly sequence: string;
  readonly lastModified: number;
}

/** How an object is locked: the algorithm, and the key where KMS has a part in it. */
export interface Lock {
  readonly encryption: string;
  /** ARN; absent where the key is AWS's own. */
  readonly kmsKey?: string;
  readonly bucketKey?: boolean;
}

export interface ObjectVersion extends Version, Lock {
  readonly kind: "object";
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly etag: string;
  readonly files: readonly StoredFile[];
  readonly attributes: Attributes;
  readonly tags: readonly Tag[];
  readonly checksum?: Checksum;
  /** The upload that made it; absent for objects put in one request. */
  readonly uploadId?: string;
}

export interface DeleteMarker extends Version {
  readonly kind: "delete-marker";
}

export type AnyVersion = ObjectVersion | DeleteMarker;

export interface Upload extends Lock {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiatedAt: number;
  readonly attributes: Attributes;
  readonly tags: readonly Tag[];
  readonly algorithm?: ChecksumAlgorithm;
  readonly checksumType?: ChecksumType;
}

export interface Part {
  readonly uploadId: string;
  readonly number: number;
  readonly file: StoredFile;
  readonly etag: string;
  readonly algorithm?: ChecksumAlgorithm;
  readonly lastModified: number;
}
