/** AWS::IAM::Role: Ref is the name; attributes Arn and RoleId. */
import * as z from "zod";
import type { Provisioner, ServiceDeps } from "../ports/service.ts";
import { physicalName } from "../ports/physical-name.ts";
import { identityId } from "./identity-id.ts";
import type { IamStore, Role } from "./iam-store.ts";
import { knownManagedPolicies } from "./managed-policies.ts";
import { parsePolicy } from "./policy-document.ts";

const Properties = z.object({
  AssumeRolePolicyDocument: z.record(z.string(), z.unknown()),
  RoleName: z.string().optional(),
  Path: z.string().default("/"),
  Policies: z
    .array(z.object({ PolicyName: z.string(), PolicyDocument: z.record(z.string(), z.unknown()) }))
    .default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
  PermissionsBoundary: z.string().optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
});

export function roleProvisioner(iam: IamStore, { account }: Pick<ServiceDeps, "account">): Provisioner {
  return {
    type: "AWS::IAM::Role",
    async apply({ stackName, logicalId, properties }) {
      const wanted = Properties.parse(properties);
      const name = wanted.RoleName ?? physicalName(stackName, logicalId);
      const role = toRole(wanted, name, account);
      for (const document of [role.trust, ...Object.values(role.inline)]) parsePolicy(document);
      assertKnown([...role.managed, ...(role.boundary ? [role.boundary] : [])], logicalId, iam);
      if (JSON.stringify(iam.roles.get(name)) !== JSON.stringify(role)) iam.roles.put(name, role);
      await iam.commit();
      return { ref: name, attributes: { Arn: role.arn, RoleId: role.id } };
    },
    async remove(name) {
      iam.roles.delete(name);
      await iam.commit();
    },
  };
}

function toRole(wanted: z.infer<typeof Properties>, name: string, account: string): Role {
  const arn = `arn:aws:iam::${account}:role${wanted.Path}${name}`;
  return {
    name,
    arn,
    id: identityId("AROA", arn),
    trust: wanted.AssumeRolePolicyDocument,
    inline: Object.fromEntries(wanted.Policies.map((policy) => [policy.PolicyName, policy.PolicyDocument])),
    managed: wanted.ManagedPolicyArns,
    ...(wanted.PermissionsBoundary === undefined ? {} : { boundary: wanted.PermissionsBoundary }),
    tags: Object.fromEntries(wanted.Tags.map(({ Key, Value }) => [Key, Value])),
  };
}

function assertKnown(arns: readonly string[], logicalId: string, iam: IamStore): void {
  const unknown = arns.filter((arn) => iam.managedDocument(arn) === undefined);
  if (unknown.length === 0) return;
  throw new Error(
    `Role ${logicalId} attaches ${unknown.join(", ")}, which the embedded cloud does not know. ` +
      `Declare the policy in the template or use one of: ${knownManagedPolicies().join(", ")}`,
  );
}
