/**
 * A role that fits the Glue job which prepares one group's data: it reads raw uploads and scripts, writes the group's
 * files, keeps a log. The job is its owner's; whoever has a role for it already leaves this one alone.
 */
import { Aws, CfnOutput } from "aws-cdk-lib";
import { Role } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import type { Preparation } from "../../pipeline/config/glue.ts";
import { uploadPrefix } from "../../pipeline/naming/bucket-layout.ts";
import type { DataBucket } from "./data-bucket.ts";
import { allow, forThisAccount, type Permission } from "./permission.ts";

export interface PreparationRoleProps {
  readonly group: DatasetGroup;
  readonly preparation: Preparation;
  readonly data: DataBucket;
}

/** Where a job's script may lie, whichever group it is for. */
const scripts = "scripts/";

export class PreparationRole extends Construct {
  constructor(scope: Construct, id: string, props: PreparationRoleProps) {
    super(scope, id);
    const role = new Role(this, "Role", {
      description: `Glue jobs prepare the data of ${props.group.name}`,
      assumedBy: forThisAccount("glue.amazonaws.com"),
    });
    for (const permission of permissions(props)) allow(role, permission);
    const output = new CfnOutput(this, "RoleArn", {
      value: role.roleArn,
      description: `For the Glue job ${props.preparation.glueJob}`,
    });
    const group = props.group.name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    output.overrideLogicalId(`PreparationRole${group}`);
  }
}

function permissions({ group, preparation, data }: PreparationRoleProps): readonly Permission[] {
  const types = Object.keys(group.datasets) as (keyof typeof group.datasets)[];
  const files = types.map((type) => data.below(uploadPrefix(group.name, type)));
  const raw = preparation.rawPrefix === undefined ? [] : [data.below(preparation.rawPrefix)];
  return [
    {
      actions: ["s3:GetObject"],
      resources: [...files, ...raw, data.below(scripts)],
      because: "people name their files",
    },
    {
      actions: ["s3:PutObject", "s3:DeleteObject"],
      resources: files,
      because: "the job names its files, and takes away those that a FULL import must not read again",
    },
    { actions: ["s3:ListBucket"], resources: [data.bucket.bucketArn] },
    {
      actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [`arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:/aws-glue/*`],
      because: "Glue writes the logs of jobs to groups of its own",
    },
  ];
}
