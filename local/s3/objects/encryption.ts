/**
 * How an object is locked, as S3 would report it. Nothing is really encrypted: the files are as safe as the disk they are
 * on. With a key of KMS, whoever writes must be allowed to make data keys with it, and whoever reads to decrypt.
 */
import type { ServerSideEncryption } from "@aws-sdk/client-s3";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { KeyAction, Keys } from "../../cloud/ports/keys.ts";
import type { Caller } from "../../cloud/ports/service.ts";
import { accessDenied, invalidArgument, notImplemented, S3Error } from "../errors.ts";
import type { Bucket, Lock } from "../model.ts";

interface EncryptionInput {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
}

interface Configured {
  readonly Rules?: readonly {
    readonly ApplyServerSideEncryptionByDefault?: { readonly SSEAlgorithm?: string; readonly KMSMasterKeyID?: string };
    readonly BucketKeyEnabled?: boolean;
  }[];
}

/** What the request asks for, else what the bucket does by default. A key is named only where it is not AWS's own. */
export function encryptionOf(input: EncryptionInput, bucket: Bucket, keys: Keys): Lock {
  if (input.SSECustomerAlgorithm !== undefined) throw notImplemented("Encryption with keys of the customer (SSE-C)");
  const asked = input.ServerSideEncryption;
  if (asked !== undefined && !["AES256", "aws:kms", "aws:kms:dsse"].includes(asked)) {
    throw invalidArgument("x-amz-server-side-encryption", asked, "The encryption method specified is not supported");
  }
  const [rule] = (bucket.configurations.encryption as Configured | undefined)?.Rules ?? [];
  const usual = rule?.ApplyServerSideEncryptionByDefault;
  const encryption = asked ?? usual?.SSEAlgorithm ?? "AES256";
  if (encryption === "AES256") return { encryption };
  const key =
    input.SSEKMSKeyId ?? (asked === undefined || asked === usual?.SSEAlgorithm ? usual?.KMSMasterKeyID : undefined);
  if (key === undefined) return { encryption };
  const bucketKey = input.BucketKeyEnabled ?? rule?.BucketKeyEnabled ?? false;
  return { encryption, kmsKey: inWordsOfS3(() => keys.arnOf(key)), bucketKey };
}

/** Throws AccessDenied (403) in KMS's words, or `KMS.` and the name of KMS's error. */
export function assertKeyUsable(
  keys: Keys,
  caller: Caller,
  action: KeyAction,
  { kmsKey, bucketKey }: Partial<Lock>,
  { bucket, key }: { readonly bucket: string; readonly key: string },
): void {
  if (kmsKey === undefined) return;
  const locked = bucketKey === true ? bucket : `${bucket}/${key}`;
  const encryptionContext = { "aws:s3:arn": `arn:aws:s3:::${locked}` };
  inWordsOfS3(() => keys.assertUsable(caller, { action, key: kmsKey, via: "s3", encryptionContext }));
}

function inWordsOfS3<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.name === "AccessDeniedException") throw Object.assign(accessDenied(error.message), { cause: error });
    throw new S3Error(`KMS.${error.name}`, error.message);
  }
}

/** The lock as members of an answer. */
export const lockMembers = ({ encryption, kmsKey, bucketKey }: Lock) => ({
  ServerSideEncryption: encryption as ServerSideEncryption,
  ...(kmsKey === undefined ? {} : { SSEKMSKeyId: kmsKey }),
  ...(bucketKey === true ? { BucketKeyEnabled: true } : {}),
});
