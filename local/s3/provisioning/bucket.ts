/** AWS::S3::Bucket: makes the bucket once, then keeps its configuration as the template says. */
import { physicalName } from "../../cloud/ports/physical-name.ts";
import type { CallContext, Provisioner } from "../../cloud/ports/service.ts";
import { bucketArn } from "../access.ts";
import type { S3Internals } from "../internals.ts";
import { configure } from "../operations/bucket-configurations.ts";
import type { S3Operations } from "../operations.ts";
import { fromCloudFormation } from "./bucket-properties.ts";

/** CloudFormation's own calls are the account's. */
export const stackContext = (s3: S3Internals): CallContext => ({
  caller: { kind: "account" },
  requestId: s3.ids.hex(16).toUpperCase(),
  account: s3.account,
  region: s3.region,
});

const longestName = 63;

const attributesOf = (name: string, region: string) => ({
  Arn: bucketArn(name),
  DomainName: `${name}.s3.amazonaws.com`,
  DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
  RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
  WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
});

export function createBucketProvisioner(s3: S3Internals, operations: S3Operations): Provisioner {
  async function apply({ stackName, logicalId, physicalId, properties }: Parameters<Provisioner["apply"]>[0]) {
    const wanted = typeof properties.BucketName === "string" ? properties.BucketName : undefined;
    const name = wanted ?? physicalId ?? physicalName(stackName, logicalId, longestName).toLowerCase();
    if (!s3.catalog.findBucket(name)) await operations.CreateBucket?.({ Bucket: name }, stackContext(s3));
    const before = s3.catalog.bucket(name).configurations;
    for (const [kind, value] of Object.entries(fromCloudFormation(properties))) {
      if (JSON.stringify(before[kind]) !== JSON.stringify(value)) configure(s3, name, kind, value);
    }
    await s3.commit();
    return { ref: name, attributes: attributesOf(name, s3.region) };
  }
  return {
    type: "AWS::S3::Bucket",
    apply,
    remove: async (physicalId) => {
      if (s3.catalog.findBucket(physicalId)) await operations.DeleteBucket?.({ Bucket: physicalId }, stackContext(s3));
    },
  };
}
