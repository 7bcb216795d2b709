/**
 * What a role may do, one statement at a time: named actions on named resources, written out, never granted by a helper
 * whose expansion nobody has read. A resource with a star is refused unless it says why it cannot be named; the reason
 * is kept with the role, where cdk-nag and reviewers find it, for exactly this resource. In a stack with a customer's key
 * a permission on locked data brings the one on the key with it.
 */
import { Aws, Stack } from "aws-cdk-lib";
import { type IRole, PolicyStatement, type Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type Tags, tagList } from "../../pipeline/config/tags.ts";
import { acknowledge } from "./acknowledge.ts";
import { customerKeyOf, keyUsesOf } from "./customer-key.ts";

export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Why a resource has a star. */
  readonly because?: string;
}

/** A service that takes a role only while it works for this account: nobody else can send it (the confused deputy). */
export const forThisAccount = (service: string): ServicePrincipal =>
  new ServicePrincipal(service, { conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } } });

/** Who creates with tags must be allowed to tag what it creates; who has none to give, need not. */
export const mayTag = (sets: readonly Tags[], resources: readonly string[]): readonly Permission[] =>
  tagList(...sets).length === 0 || resources.length === 0
    ? []
    : [{ actions: ["personalize:TagResource"], resources, because: "versions get their ids from the service" }];

/** The role may be handed on to this service, and to nobody else. */
export const mayPass = ({ roleArn }: Pick<IRole, "roleArn">, service: "personalize" | "glue"): Permission => ({
  actions: ["iam:PassRole"],
  resources: [roleArn],
  conditions: { StringEquals: { "iam:PassedToService": `${service}.amazonaws.com` } },
});

export function allow(role: Role, { actions, resources, conditions, because }: Permission): void {
  const stars = resources.filter((resource) => resource.includes("*"));
  if (stars.length > 0 && because === undefined) {
    throw new Error(`${role.node.path}: ${actions.join(", ")} on ${stars.join(", ")}: say why a star, in "because"`);
  }
  role.addToPolicy(
    new PolicyStatement({
      actions: [...actions],
      resources: [...resources],
      ...(conditions === undefined ? {} : { conditions }),
    }),
  );
  for (const star of stars) acknowledge(role, starFinding(role, star), because ?? "");
  withKey(role, actions);
}

/** What the actions mean for the key that the data are locked with, if there is one. */
function withKey(role: Role, actions: readonly string[]): void {
  const key = customerKeyOf(role);
  if (key === undefined) return;
  for (const { service, uses } of keyUsesOf(actions)) {
    const conditions = { StringEquals: { "kms:ViaService": `${service}.${Aws.REGION}.amazonaws.com` } };
    role.addToPolicy(new PolicyStatement({ actions: [...uses], resources: [key.arn], conditions }));
  }
}

/** cdk-nag's name of the finding that this one star makes; any other star of the role stays a finding. */
const starFinding = (role: Role, resource: string): string =>
  `AwsSolutions-IAM5[Resource::${flat(Stack.of(role).resolve(resource))}]`;

/** A resolved ARN in the form in which cdk-nag names it: `<Bucket1234.Arn>/shop/*`. */
function flat(value: unknown): string {
  if (typeof value === "string") return value;
  const [kind, inner] = Object.entries(value as Record<string, unknown>)[0] ?? [];
  if (kind === "Ref") return `<${String(inner)}>`;
  if (kind === "Fn::GetAtt") return `<${(inner as string[]).join(".")}>`;
  if (kind === "Fn::Join") {
    const [between, parts] = inner as [string, unknown[]];
    return parts.map(flat).join(between);
  }
  throw new Error(`No known form of an ARN: ${JSON.stringify(value)}`);
}
