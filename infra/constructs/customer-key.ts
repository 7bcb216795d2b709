/**
 * The customer's key, for a stack that is configured with one. Being in the stack is enough: what holds data there is
 * locked with it (an aspect, so that nothing added later can be forgotten), and `allow` gives each role that touches such
 * data the matching permission on the key.
 *
 * A key made here lets services in by statements of its own, each for this account only, and leaves people and roles to
 * IAM. A key that exists already must say the same: docs/guides/security.md prints it.
 */
import { Aspects, Aws, RemovalPolicy, Stack } from "aws-cdk-lib";
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { CfnBucket } from "aws-cdk-lib/aws-s3";
import { CfnTopic } from "aws-cdk-lib/aws-sns";
import { Construct, type IConstruct } from "constructs";

export interface CustomerKeyProps {
  readonly project: string;
  /** "create", or the ARN of a key. */
  readonly customerKey: string;
}

const id = "CustomerKey";

export class CustomerKey extends Construct {
  readonly arn: string;

  /** One in a stack, made before anything that it is to lock. */
  constructor(scope: Stack, { project, customerKey }: CustomerKeyProps) {
    super(scope, id);
    this.arn = customerKey === "create" ? this.make(project) : customerKey;
    Aspects.of(scope).add({ visit: (node) => lock(node, this.arn) });
  }

  private make(project: string): string {
    const key = new Key(this, "Key", {
      description: `Locks the data of ${project}`,
      alias: project,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({ statements: [ofTheAccount(), ...ofServices()] }),
    });
    return key.keyArn;
  }
}

/** The key of the stack that `scope` is in. */
export function customerKeyOf(scope: IConstruct): CustomerKey | undefined {
  const found = Stack.of(scope).node.tryFindChild(id);
  return found instanceof CustomerKey ? found : undefined;
}

/** Environments of functions hold names only, and stay with AWS's own key, as does the machine's history. */
function lock(node: IConstruct, key: string): void {
  if (node instanceof CfnBucket) {
    const serverSideEncryptionByDefault = { sseAlgorithm: "aws:kms", kmsMasterKeyId: key };
    const rule = { serverSideEncryptionByDefault, bucketKeyEnabled: true };
    node.bucketEncryption = { serverSideEncryptionConfiguration: [rule] };
  } else if (node instanceof CfnLogGroup) node.kmsKeyId = key;
  else if (node instanceof CfnTopic) node.kmsMasterKeyId = key;
}

/** KMS's own default: without it nobody could ever change the key again. Roles still need their own permission. */
const ofTheAccount = (): PolicyStatement =>
  new PolicyStatement({
    sid: "LeftToIam",
    principals: [new AccountRootPrincipal()],
    actions: ["kms:*"],
    resources: ["*"],
  });

const lockAndUnlock = ["kms:Decrypt", "kms:GenerateDataKey"];
const forThisAccount = { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } };

/** In a key's policy the resource is the key itself, which is written as a star. */
function ofServices(): readonly PolicyStatement[] {
  const statement = (sid: string, service: string, actions: string[], conditions: object): PolicyStatement =>
    new PolicyStatement({
      ...{ sid, actions, resources: ["*"], principals: [new ServicePrincipal(service)] },
      conditions: conditions,
    });
  const logGroups = `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:*`;
  const reencrypt = ["kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:DescribeKey"];
  return [
    statement("LogsAreLocked", `logs.${Aws.REGION}.amazonaws.com`, [...lockAndUnlock, ...reencrypt], {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": logGroups },
    }),
    statement("AlarmsSpeak", "cloudwatch.amazonaws.com", lockAndUnlock, forThisAccount),
    statement(
      "PersonalizeLocksItsGroups",
      "personalize.amazonaws.com",
      [...lockAndUnlock, "kms:DescribeKey", "kms:CreateGrant", "kms:ListGrants"],
      forThisAccount,
    ),
  ];
}

interface KeyUse {
  /** Through which service alone. */
  readonly service: "s3" | "sns";
  readonly uses: readonly string[];
}

/** What actions on locked data need of the key: reading opens, writing makes a data key, SNS wants both to publish. */
export function keyUsesOf(actions: readonly string[]): readonly KeyUse[] {
  const reads = actions.some((action) => /^s3:GetObject(Version)?$/.test(action));
  const writes = actions.includes("s3:PutObject");
  const ofObjects = [...(reads ? ["kms:Decrypt"] : []), ...(writes ? ["kms:GenerateDataKey"] : [])];
  return [
    ...(ofObjects.length > 0 ? [{ service: "s3" as const, uses: ofObjects }] : []),
    ...(actions.includes("sns:Publish") ? [{ service: "sns" as const, uses: lockAndUnlock }] : []),
  ];
}
