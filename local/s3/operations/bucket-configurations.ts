/**
 * The sub-resources of a bucket that are put and got as they are, one row each. Four of them change behaviour elsewhere:
 * versioning (commit-object), notification (outbox), encryption (what answers say), policy (bucket-policy.ts, to IAM).
 */
import type { CallContext } from "../../cloud/ports/service.ts";
import { malformedXml, S3Error } from "../errors.ts";
import type { S3Internals } from "../internals.ts";

interface Configuration {
  /** Its name in `Bucket.configurations`. */
  readonly kind: string;
  /** The operation's name after Put, Get and Delete. */
  readonly name: string;
  /** Where DeleteX is named otherwise; null where there is none. */
  readonly deletion?: string | null;
  /** The member that carries it in PutX. */
  readonly member: string;
  /** What the wire's schema cannot say; undefined accepts all. */
  readonly isValid?: (value: unknown) => boolean;
  /** Does GetX answer with that member, or with what is in it? */
  readonly answersMember?: boolean;
  /** What GetX says where nothing was put: a value, or the error's code and message. */
  readonly absent: { readonly value: unknown } | { readonly code: string; readonly message: string };
}

const byDefault = (value: unknown) => ({ value });
const missing = (code: string, message: string) => ({ code, message });

export const configurations: readonly Configuration[] = [
  {
    kind: "versioning",
    name: "BucketVersioning",
    deletion: null,
    member: "VersioningConfiguration",
    isValid: (value) => ["Enabled", "Suspended"].includes((value as { Status?: string }).Status ?? ""),
    absent: byDefault({}),
  },
  {
    kind: "notification",
    name: "BucketNotificationConfiguration",
    deletion: null,
    member: "NotificationConfiguration",
    absent: byDefault({}),
  },
  {
    kind: "encryption",
    name: "BucketEncryption",
    member: "ServerSideEncryptionConfiguration",
    answersMember: true,
    absent: byDefault({
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
    }),
  },
  {
    kind: "publicAccessBlock",
    name: "PublicAccessBlock",
    member: "PublicAccessBlockConfiguration",
    answersMember: true,
    absent: missing("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"),
  },
  {
    kind: "ownershipControls",
    name: "BucketOwnershipControls",
    member: "OwnershipControls",
    answersMember: true,
    absent: missing("OwnershipControlsNotFoundError", "The bucket ownership controls were not found"),
  },
  {
    kind: "tagging",
    name: "BucketTagging",
    member: "Tagging",
    absent: missing("NoSuchTagSet", "The TagSet does not exist"),
  },
  {
    kind: "lifecycle",
    name: "BucketLifecycleConfiguration",
    deletion: "DeleteBucketLifecycle",
    member: "LifecycleConfiguration",
    absent: missing("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
  },
  {
    kind: "cors",
    name: "BucketCors",
    member: "CORSConfiguration",
    absent: missing("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
  },
];

type Input = Readonly<Record<string, unknown>> & { readonly Bucket?: string };
type BoundOperation = (input: Input, context: CallContext) => unknown;

/** Sets, or with undefined removes, one configuration. The caller commits. */
export function configure(s3: S3Internals, bucketName: string, kind: string, value: unknown): void {
  const bucket = s3.catalog.bucket(bucketName);
  const { [kind]: _previous, ...others } = bucket.configurations;
  s3.catalog.putBucket({ ...bucket, configurations: value === undefined ? others : { ...others, [kind]: value } });
}

function putter(s3: S3Internals, { kind, member, isValid = () => true }: Configuration): BoundOperation {
  return async (input) => {
    const value = input[member];
    if (value === undefined || !isValid(value)) throw malformedXml();
    configure(s3, input.Bucket ?? "", kind, JSON.parse(JSON.stringify(value))); // dates as text: rows are JSON
    await s3.commit();
    return {};
  };
}

function getter(s3: S3Internals, { kind, member, answersMember, absent }: Configuration): BoundOperation {
  return (input) => {
    const bucket = s3.catalog.bucket(input.Bucket ?? "");
    const value = bucket.configurations[kind] ?? ("value" in absent ? absent.value : undefined);
    if (value === undefined && "code" in absent) {
      throw new S3Error(absent.code, absent.message, { status: 404, details: { BucketName: bucket.name } });
    }
    return answersMember ? { [member]: value } : value;
  };
}

function deleter(s3: S3Internals, { kind }: Configuration): BoundOperation {
  return async (input) => {
    configure(s3, input.Bucket ?? "", kind, undefined);
    await s3.commit();
    return {};
  };
}

/** PutX, GetX and DeleteX for every row above. */
export function bindConfigurations(s3: S3Internals): Record<string, BoundOperation> {
  const bound: Record<string, BoundOperation> = {};
  for (const configuration of configurations) {
    const { name, deletion = `Delete${name}` } = configuration;
    bound[`Put${name}`] = putter(s3, configuration);
    bound[`Get${name}`] = getter(s3, configuration);
    if (deletion !== null) bound[deletion] = deleter(s3, configuration);
  }
  return bound;
}
