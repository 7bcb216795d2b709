/** The role that Personalize takes to read uploads. Only Personalize, only for this account, only the upload folders. */
import { Aws } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { DataBucket } from "./data-bucket.ts";
import { allow } from "./permission.ts";

export interface PersonalizeAccessProps {
  readonly data: DataBucket;
  readonly groups: readonly string[];
}

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
    const objects = groups.map((group) => data.below(`${group}/`));
    allow(this.role, { actions: ["s3:GetObject"], resources: objects, because: "people name their uploads" });
    allow(this.role, { actions: ["s3:ListBucket"], resources: [data.bucket.bucketArn] });
  }
}
