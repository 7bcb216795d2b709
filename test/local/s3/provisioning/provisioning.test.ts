import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import * as sdk from "@aws-sdk/client-s3";
import { startS3, type TestS3 } from "../s3-server.ts";

let server: TestS3;
beforeAll(async () => void (server = await startS3()));
afterAll(() => server.stop());

const apply = (type: string, properties: Record<string, unknown>, physicalId?: string) => {
  const provisioner = server.s3.provisioners.find((candidate) => candidate.type === type);
  if (!provisioner) throw new Error(`There is no provisioner for ${type}`);
  return provisioner.apply({ stackName: "Outrank", logicalId: "DataBucketE3889A50", physicalId, properties });
};

/** As aws-cdk-lib synthesizes it, intrinsics resolved. */
const properties = {
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
  },
  VersioningConfiguration: { Status: "Enabled" },
  NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
  LifecycleConfiguration: {
    Rules: [
      {
        Id: "old",
        Status: "Enabled",
        Prefix: "runs/",
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ],
  },
  Tags: [{ Key: "project", Value: "outrank" }],
};

describe("AWS::S3::Bucket", () => {
  it("makes a bucket with a name of its own and the configuration of the template", async () => {
    const { ref, attributes } = await apply("AWS::S3::Bucket", properties);
    const Bucket = ref;

    expect(ref).toMatch(/^outrank-databucket[a-z0-9-]+$/);
    expect(ref.length).toBeLessThanOrEqual(63);
    expect(attributes).toMatchObject({
      Arn: `arn:aws:s3:::${ref}`,
      RegionalDomainName: `${ref}.s3.us-east-1.amazonaws.com`,
    });
    expect((await server.client.send(new sdk.GetBucketVersioningCommand({ Bucket }))).Status).toBe("Enabled");
    expect(
      (await server.client.send(new sdk.GetBucketNotificationConfigurationCommand({ Bucket })))
        .EventBridgeConfiguration,
    ).toEqual({});
    expect((await server.client.send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual([
      {
        ID: "old",
        Status: "Enabled",
        Filter: { Prefix: "runs/" },
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ]);
    expect((await server.client.send(new sdk.GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(properties.Tags);
  });

  it("applied again keeps the bucket and its objects", async () => {
    const first = await apply("AWS::S3::Bucket", properties);
    await server.client.send(new sdk.PutObjectCommand({ Bucket: first.ref, Key: "k", Body: "kept" }));

    const second = await apply("AWS::S3::Bucket", properties, first.ref);

    expect(second).toEqual(first);
    expect((await server.client.send(new sdk.HeadObjectCommand({ Bucket: first.ref, Key: "k" }))).ContentLength).toBe(
      4,
    );
  });

  it("takes the name that the template gives, and removes it when it is empty", async () => {
    const { ref } = await apply("AWS::S3::Bucket", { BucketName: "named-by-template" });
    const remove = server.s3.provisioners.find(({ type }) => type === "AWS::S3::Bucket")?.remove;

    await remove?.(ref);
    await remove?.(ref); // gone already: nothing to do

    await expect(server.client.send(new sdk.HeadBucketCommand({ Bucket: ref }))).rejects.toMatchObject({
      name: "NotFound",
    });
  });
});

describe("AWS::S3::BucketPolicy", () => {
  it("gives the policy to the bucket and to IAM", async () => {
    const { ref } = await apply("AWS::S3::Bucket", { BucketName: "with-policy" });
    const PolicyDocument = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Principal: { AWS: "*" }, Action: "s3:*", Resource: `arn:aws:s3:::${ref}` }],
    };

    const policy = await apply("AWS::S3::BucketPolicy", { Bucket: ref, PolicyDocument });

    expect(policy.ref).toBe(ref);
    expect(server.policies.get(`arn:aws:s3:::${ref}`)).toEqual(PolicyDocument);
    expect(
      JSON.parse((await server.client.send(new sdk.GetBucketPolicyCommand({ Bucket: ref }))).Policy ?? ""),
    ).toEqual(PolicyDocument);
  });
});
