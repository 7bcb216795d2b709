/** Managed policies: the account's own, one version each, and those of AWS that the embedded cloud knows. */
import { alreadyExists, deleteConflict, noSuchEntity } from "../errors.ts";
import {
  documentOf,
  encoded,
  type IamState,
  pageFor,
  type PageInput,
  policyAt,
  policyShape,
  rolesWith,
  type Tag,
  withTags,
} from "../iam-state.ts";

interface PolicyInput {
  readonly PolicyArn: string;
}

export async function createPolicy(
  state: IamState,
  input: {
    readonly PolicyName: string;
    readonly PolicyDocument: string;
    readonly Path?: string;
    readonly Description?: string;
    readonly Tags?: readonly Tag[];
  },
) {
  const { PolicyName: name, Path: path = "/", Description, Tags } = input;
  const { identities, account, clock } = state;
  const arn = `arn:aws:iam::${account}:policy${path}${name}`;
  if (identities.policies.has(arn)) throw alreadyExists("Policy", name);
  const policy = {
    ...{ name, document: documentOf(state, input.PolicyDocument), roles: [], createdAt: clock.now() },
    ...(Description === undefined ? {} : { description: Description }),
    ...(Tags === undefined ? {} : { tags: withTags({}, Tags) }),
  };
  identities.policies.put(arn, policy);
  await identities.commit();
  return { Policy: policyShape(state, arn, policy) };
}

export const getPolicy = (state: IamState, { PolicyArn }: PolicyInput) => ({
  Policy: policyShape(state, PolicyArn, policyAt(state, PolicyArn)),
});

export async function deletePolicy(state: IamState, { PolicyArn }: PolicyInput): Promise<void> {
  const { identities } = state;
  if (!identities.policies.has(PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
  if (rolesWith(identities, PolicyArn).length > 0) {
    throw deleteConflict("Cannot delete a policy attached to entities.");
  }
  identities.policies.delete(PolicyArn);
  await identities.commit();
}

export function getPolicyVersion(
  state: IamState,
  { PolicyArn, VersionId }: PolicyInput & { readonly VersionId: string },
) {
  const { document } = policyAt(state, PolicyArn);
  if (VersionId !== "v1") throw noSuchEntity(`Policy ${PolicyArn} version ${VersionId} does not exist.`);
  return { PolicyVersion: { ...versionOf(state, PolicyArn), Document: encoded(document) } };
}

export function listPolicyVersions(state: IamState, { PolicyArn }: PolicyInput) {
  policyAt(state, PolicyArn);
  return { Versions: [versionOf(state, PolicyArn)], IsTruncated: false };
}

const versionOf = (state: IamState, arn: string) => ({
  VersionId: "v1",
  IsDefaultVersion: true,
  CreateDate: policyShape(state, arn, policyAt(state, arn)).CreateDate,
});

export function listPolicies(
  state: IamState,
  input: PageInput & { readonly Scope?: string; readonly OnlyAttached?: boolean; readonly PathPrefix?: string },
) {
  const { identities } = state;
  const { Scope: scope = "All", OnlyAttached: onlyAttached = false, PathPrefix: prefix = "/" } = input;
  const own = [...identities.policies.entries()].map(([arn]) => arn).filter((arn) => arn.startsWith("arn:"));
  const arns = [...(scope === "AWS" ? [] : own), ...(scope === "Local" ? [] : identities.awsPolicies())].sort();
  const shapes = arns
    .map((arn) => policyShape(state, arn, policyAt(state, arn)))
    .filter(({ Path, AttachmentCount }) => Path.startsWith(prefix) && (AttachmentCount > 0 || !onlyAttached));
  const { items, more } = pageFor(shapes, input);
  return { Policies: items, ...more };
}

export function listEntitiesForPolicy(state: IamState, input: PolicyInput & PageInput) {
  policyAt(state, input.PolicyArn);
  const { items, more } = pageFor(rolesWith(state.identities, input.PolicyArn), input);
  const PolicyRoles = items.map(({ name, id }) => ({ RoleName: name, RoleId: id }));
  return { PolicyGroups: [], PolicyUsers: [], PolicyRoles, ...more };
}
