/**
 * The API of IAM, as much of it as programs for Personalize call: roles and their policies. What it changes is what the embedded cloud
 * enforces; there are no users, groups or instance profiles.
 */
import type { AwsService, Operation, Provisioner } from "../cloud/ports/service.ts";
import type { IamState } from "./iam-state.ts";
import * as policies from "./operations/policies.ts";
import * as rolePolicies from "./operations/role-policies.ts";
import * as roles from "./operations/roles.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the table is heterogeneous; each function is typed where it is defined
const operations: Readonly<Record<string, (state: IamState, input: any) => ReturnType<Operation>>> = {
  AttachRolePolicy: rolePolicies.attachRolePolicy,
  CreatePolicy: policies.createPolicy,
  CreateRole: roles.createRole,
  DeletePolicy: policies.deletePolicy,
  DeleteRole: roles.deleteRole,
  DeleteRolePermissionsBoundary: roles.deleteRolePermissionsBoundary,
  DeleteRolePolicy: rolePolicies.deleteRolePolicy,
  DetachRolePolicy: rolePolicies.detachRolePolicy,
  GetPolicy: policies.getPolicy,
  GetPolicyVersion: policies.getPolicyVersion,
  GetRole: roles.getRole,
  GetRolePolicy: rolePolicies.getRolePolicy,
  ListAttachedRolePolicies: rolePolicies.listAttachedRolePolicies,
  ListEntitiesForPolicy: policies.listEntitiesForPolicy,
  ListInstanceProfilesForRole: roles.listInstanceProfilesForRole,
  ListPolicies: policies.listPolicies,
  ListPolicyVersions: policies.listPolicyVersions,
  ListRolePolicies: rolePolicies.listRolePolicies,
  ListRoleTags: roles.listRoleTags,
  ListRoles: roles.listRoles,
  PutRolePermissionsBoundary: roles.putRolePermissionsBoundary,
  PutRolePolicy: rolePolicies.putRolePolicy,
  TagRole: roles.tagRole,
  UntagRole: roles.untagRole,
  UpdateAssumeRolePolicy: roles.updateAssumeRolePolicy,
  UpdateRole: roles.updateRole,
};

interface Named {
  readonly RoleName?: string;
  readonly PolicyArn?: string;
  readonly PolicyName?: string;
  readonly Path?: string;
}

/** Judged on the role, or on the policy where no role is named. */
function resourceOf({ identities, account }: IamState, input: Named): string {
  if (input.RoleName !== undefined) {
    const made = `arn:aws:iam::${account}:role${input.Path ?? "/"}${input.RoleName}`;
    return identities.roles.get(input.RoleName)?.arn ?? made;
  }
  if (input.PolicyArn !== undefined) return input.PolicyArn;
  return input.PolicyName === undefined ? "*" : `arn:aws:iam::${account}:policy${input.Path ?? "/"}${input.PolicyName}`;
}

export function createIamApi(state: IamState): {
  readonly service: AwsService;
  readonly provisioners: readonly Provisioner[];
} {
  const bound = Object.entries(operations).map(([name, run]) => [name, (input: unknown) => run(state, input)] as const);
  return {
    service: {
      id: "iam",
      operations: Object.fromEntries(bound),
      access: (operation, input: Named) => [{ action: `iam:${operation}`, resource: resourceOf(state, input) }],
    },
    provisioners: [],
  };
}
