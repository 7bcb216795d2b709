/** CreateBucket: a bucket of one's own again is fine in us-east-1 and a conflict elsewhere, as in S3. */
import type { CreateBucketCommandInput, CreateBucketCommandOutput } from "@aws-sdk/client-s3";
import { S3Error } from "../errors.ts";
import type { BindOperation } from "../internals.ts";

const classicRegion = "us-east-1";

/** What every new bucket has since April 2023. */
const publicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** Throws InvalidBucketName by the rules for general purpose buckets. */
export function checkBucketName(name: string): void {
  const isWellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..");
  const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
  const isReserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|\.mrap)$/.test(name);
  if (isWellFormed && !isAddress && !isReserved) return;
  throw new S3Error("InvalidBucketName", "The specified bucket is not valid.", { details: { BucketName: name } });
}

export const createBucket: BindOperation<CreateBucketCommandInput, CreateBucketCommandOutput> =
  (s3) => async (input) => {
    const name = input.Bucket ?? "";
    checkBucketName(name);
    const asked = input.CreateBucketConfiguration?.LocationConstraint ?? classicRegion;
    if (asked !== s3.region) {
      throw new S3Error(
        "IllegalLocationConstraintException",
        `The ${asked} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      );
    }
    if (s3.catalog.findBucket(name)) {
      if (s3.region === classicRegion) return { Location: `/${name}` };
      throw new S3Error(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        {
          status: 409,
          details: { BucketName: name },
        },
      );
    }
    const ownershipControls = { Rules: [{ ObjectOwnership: input.ObjectOwnership ?? "BucketOwnerEnforced" }] };
    s3.catalog.putBucket({ name, createdAt: s3.clock.now(), configurations: { ownershipControls, publicAccessBlock } });
    await s3.commit();
    return { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
  };
