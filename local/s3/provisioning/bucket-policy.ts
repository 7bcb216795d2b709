/** AWS::S3::BucketPolicy: the bucket's policy, as PutBucketPolicy would set it. */
import type { Provisioner } from "../../cloud/ports/service.ts";
import type { S3Internals } from "../internals.ts";
import type { S3Operations } from "../operations.ts";
import { stackContext } from "./bucket.ts";

export function createBucketPolicyProvisioner(s3: S3Internals, operations: S3Operations): Provisioner {
  return {
    type: "AWS::S3::BucketPolicy",
    apply: async ({ properties }) => {
      const bucket = String(properties.Bucket);
      const Policy = JSON.stringify(properties.PolicyDocument);
      if (s3.catalog.bucket(bucket).configurations.policy !== Policy) {
        await operations.PutBucketPolicy?.({ Bucket: bucket, Policy }, stackContext(s3));
      }
      return { ref: bucket, attributes: {} };
    },
    remove: async (physicalId) => {
      if (s3.catalog.findBucket(physicalId))
        await operations.DeleteBucketPolicy?.({ Bucket: physicalId }, stackContext(s3));
    },
  };
}
