/** HeadBucket, GetBucketLocation, ListBuckets: which buckets there are, and where. */
import type {
  BucketLocationConstraint,
  GetBucketLocationCommandInput,
  GetBucketLocationCommandOutput,
  HeadBucketCommandInput,
  HeadBucketCommandOutput,
  ListBucketsCommandInput,
  ListBucketsCommandOutput,
} from "@aws-sdk/client-s3";
import { invalidArgument } from "../errors.ts";
import type { BindOperation } from "../internals.ts";
import { ownerOf } from "../listing/listing-input.ts";

const mostBuckets = 10_000;

export const headBucket: BindOperation<HeadBucketCommandInput, HeadBucketCommandOutput> = (s3) => (input) => {
  const { name } = s3.catalog.bucket(input.Bucket ?? "");
  return { BucketArn: `arn:aws:s3:::${name}`, BucketRegion: s3.region, AccessPointAlias: false };
};

/** us-east-1 answers an empty constraint, as ever. */
export const getBucketLocation: BindOperation<GetBucketLocationCommandInput, GetBucketLocationCommandOutput> =
  (s3) => (input) => {
    s3.catalog.bucket(input.Bucket ?? "");
    return s3.region === "us-east-1" ? {} : { LocationConstraint: s3.region as BucketLocationConstraint };
  };

export const listBuckets: BindOperation<ListBucketsCommandInput, ListBucketsCommandOutput> = (s3) => (input) => {
  const most = input.MaxBuckets ?? mostBuckets;
  if (most < 1 || most > mostBuckets)
    throw invalidArgument("max-buckets", String(most), "Argument max-buckets must be an integer between 1 and 10000");
  const after = input.ContinuationToken && Buffer.from(input.ContinuationToken, "base64url").toString("utf8");
  const prefix = input.Prefix ?? "";
  const rest = s3.catalog.buckets().filter(({ name }) => name.startsWith(prefix) && (!after || name > after));
  const shown = rest.slice(0, most);
  const last = shown.at(-1)?.name ?? "";
  return {
    Buckets: shown.map(({ name, createdAt }) => ({
      Name: name,
      CreationDate: new Date(createdAt),
      BucketRegion: s3.region,
      BucketArn: `arn:aws:s3:::${name}`,
    })),
    Owner: ownerOf(s3.account),
    ...(shown.length < rest.length && { ContinuationToken: Buffer.from(last).toString("base64url") }),
    ...(prefix !== "" && { Prefix: prefix }),
  };
};
