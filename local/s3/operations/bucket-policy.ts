/** PutBucketPolicy, GetBucketPolicy, DeleteBucketPolicy: kept as text, and handed to IAM, which judges by it. */
import type {
  DeleteBucketPolicyCommandInput,
  DeleteBucketPolicyCommandOutput,
  GetBucketPolicyCommandInput,
  GetBucketPolicyCommandOutput,
  PutBucketPolicyCommandInput,
  PutBucketPolicyCommandOutput,
} from "@aws-sdk/client-s3";
import { S3Error } from "../errors.ts";
import type { BindOperation, S3Internals } from "../internals.ts";
import { configure } from "./bucket-configurations.ts";

/** Throws MalformedPolicy for what is no JSON object with statements. */
export function parsePolicy(text: string): unknown {
  try {
    const document = JSON.parse(text) as { Statement?: unknown } | null;
    if (typeof document === "object" && document?.Statement !== undefined) return document;
  } catch (cause) {
    throw new S3Error("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'", { cause });
  }
  throw new S3Error("MalformedPolicy", "Missing required field Statement");
}

/** Throws MalformedPolicy for what IAM cannot read. */
async function published(s3: S3Internals, bucket: string, document: unknown): Promise<void> {
  try {
    await s3.publishPolicy(bucket, document);
  } catch (cause) {
    throw new S3Error("MalformedPolicy", (cause as Error).message, { cause });
  }
}

export const putBucketPolicy: BindOperation<PutBucketPolicyCommandInput, PutBucketPolicyCommandOutput> =
  (s3) => async (input) => {
    const bucket = s3.catalog.bucket(input.Bucket ?? "");
    const text = input.Policy ?? "";
    const document = parsePolicy(text);
    await published(s3, bucket.name, document);
    configure(s3, bucket.name, "policy", text);
    await s3.commit();
    return {};
  };

export const getBucketPolicy: BindOperation<GetBucketPolicyCommandInput, GetBucketPolicyCommandOutput> =
  (s3) => (input) => {
    const bucket = s3.catalog.bucket(input.Bucket ?? "");
    const text = bucket.configurations.policy as string | undefined;
    if (text !== undefined) return { Policy: text };
    throw new S3Error("NoSuchBucketPolicy", "The bucket policy does not exist", {
      status: 404,
      details: { BucketName: bucket.name },
    });
  };

export const deleteBucketPolicy: BindOperation<DeleteBucketPolicyCommandInput, DeleteBucketPolicyCommandOutput> =
  (s3) => async (input) => {
    const bucket = s3.catalog.bucket(input.Bucket ?? "");
    configure(s3, bucket.name, "policy", undefined);
    await s3.publishPolicy(bucket.name, undefined);
    await s3.commit();
    return {};
  };
