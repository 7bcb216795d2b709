/** The role that Personalize takes to read uploads. Only Personalize, only for this account, only what the groups name. */
import { Aws } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import type { DataBucket } from "./data-bucket.ts";
import { customerKeyOf } from "./customer-key.ts";
import { allow } from "./permission.ts";
import { readPrefixes, writtenPrefixes } from "./personalize-prefixes.ts";

export interface PersonalizeAccessProps {
  readonly data: DataBucket;
  readonly groups: readonly DatasetGroup[];
}

/** What Personalize's developer guide asks for, of the role that a dataset group with a key is given. */
const locksGroups = [
  ...["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
  ...["kms:DescribeKey", "kms:CreateGrant", "kms:ListGrants"],
];

/** The guide's policy for metric attributions has no condition, and the namespace that they go to is not public. */
const tellsCloudWatch = {
  actions: ["cloudwatch:PutMetricData"],
  resources: ["*"],
  because: "PutMetricData knows no resource",
};

export class PersonalizeAccess extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { data, groups }: PersonalizeAccessProps) {
    super(scope, id);
    this.role = new Role(this, "Role", {
      description: "Amazon Personalize reads uploads for import",
      assumedBy: new ServicePrincipal("personalize.amazonaws.com", {
        conditions: {
          StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
          ArnLike: { "aws:SourceArn": `arn:${Aws.PARTITION}:personalize:${Aws.REGION}:${Aws.ACCOUNT_ID}:*` },
        },
      }),
    });
    allow(this.role, {
      actions: ["s3:GetObject"],
      resources: groups.flatMap(readPrefixes).map((prefix) => data.below(prefix)),
      because: "people name their uploads",
    });
    const written = groups.flatMap(writtenPrefixes).map((prefix) => data.below(prefix));
    const because = "batch jobs and reports name their own files";
    if (written.length > 0) allow(this.role, { actions: ["s3:PutObject"], resources: written, because });
    allow(this.role, { actions: ["s3:ListBucket"], resources: [data.bucket.bucketArn] });
    if (groups.some(({ followUp }) => followUp.metricAttribution !== undefined)) allow(this.role, tellsCloudWatch);
    const key = customerKeyOf(this);
    if (key !== undefined) allow(this.role, { actions: locksGroups, resources: [key.arn] });
  }
}
