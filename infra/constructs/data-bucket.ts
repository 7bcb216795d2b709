/**
 * The bucket: people's uploads under `<group>/`, the pipeline's own objects under `outrank/`. TLS only, encrypted,
 * versioned, never public, kept when the stack goes. Tells EventBridge of every object, without a custom resource.
 */
import { Aws, Duration, RemovalPolicy } from "aws-cdk-lib";
import { Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import { archivedEventsPrefix, stagingPrefix } from "../../pipeline/naming/bucket-layout.ts";
import { acknowledge } from "./acknowledge.ts";
import { readPrefixes, writtenPrefixes } from "./personalize-prefixes.ts";

export interface DataBucketProps {
  readonly groups: readonly DatasetGroup[];
  /** So long archived events are kept; absent: nothing archives any. */
  readonly archiveDays?: number | undefined;
}

/** An event is not delivered again after a day; see state-machines/README.md. */
const forgetTriggers = ({ name }: DatasetGroup) => ({
  id: `Triggers-${name}`,
  prefix: `outrank/${name}/triggers/`,
  expiration: Duration.days(30),
  noncurrentVersionExpiration: Duration.days(1),
});

/** Copies for an INCREMENTAL import; the uploads themselves stay. */
const forgetStaged = ({ name }: DatasetGroup) => ({
  id: `Staged-${name}`,
  prefix: stagingPrefix(name, ""),
  expiration: Duration.days(7),
  noncurrentVersionExpiration: Duration.days(1),
});

const forgetEvents = ({ name }: DatasetGroup, days: number) => ({
  id: `Events-${name}`,
  prefix: archivedEventsPrefix(name),
  expiration: Duration.days(days),
  noncurrentVersionExpiration: Duration.days(1),
});

export class DataBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { groups, archiveDays }: DataBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: "OldVersions", noncurrentVersionExpiration: Duration.days(90), noncurrentVersionsToRetain: 3 },
        { id: "AbandonedUploads", abortIncompleteMultipartUploadAfter: Duration.days(7) },
        // What is deleted in a versioned bucket leaves a marker, which would stay when the versions below it are gone.
        { id: "DeleteMarkers", expiredObjectDeleteMarker: true },
        ...groups.map(forgetTriggers),
        ...groups.map(forgetStaged),
        ...(archiveDays === undefined ? [] : groups.map((group) => forgetEvents(group, archiveDays))),
      ],
    });
    // `eventBridgeEnabled: true` of the L2 would add a Lambda of CDK's own to do what this property does.
    (this.bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    acknowledge(
      this.bucket,
      "AwsSolutions-S1",
      "Access logs would need a second bucket that nobody reads: only Personalize and our own roles come here, what " +
        "each run read is pinned by version in its record, and CloudTrail's data events name who did what",
    );
    this.letPersonalizeRead(groups);
  }

  /** ARN of everything below a prefix. */
  below(prefix: string): string {
    return this.bucket.arnForObjects(`${prefix}*`);
  }

  /** Personalize asks the bucket as well as its role; only on behalf of this account. */
  private letPersonalizeRead(groups: readonly DatasetGroup[]): void {
    const conditions = { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } };
    const principals = [new ServicePrincipal("personalize.amazonaws.com")];
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: "PersonalizeReadsUploads",
        effect: Effect.ALLOW,
        principals,
        actions: ["s3:GetObject"],
        resources: groups.flatMap(readPrefixes).map((prefix) => this.below(prefix)),
        conditions,
      }),
    );
    const written = groups.flatMap(writtenPrefixes).map((prefix) => this.below(prefix));
    if (written.length > 0) {
      const writes = { sid: "PersonalizeWritesResults", effect: Effect.ALLOW, actions: ["s3:PutObject"] };
      this.bucket.addToResourcePolicy(new PolicyStatement({ ...writes, principals, resources: written, conditions }));
    }
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: "PersonalizeListsUploads",
        effect: Effect.ALLOW,
        principals,
        actions: ["s3:ListBucket"],
        resources: [this.bucket.bucketArn],
        conditions,
      }),
    );
  }
}
