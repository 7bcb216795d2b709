/** Roles: made, read, changed, listed and deleted. What hangs on a role hinders its deletion. */
import type { Role } from "../../cloud/ports/identities.ts";
import { alreadyExists, deleteConflict } from "../errors.ts";
import {
  attachedTo,
  documentOf,
  type IamState,
  pageFor,
  type PageInput,
  policyAt,
  roleNamed,
  roleShape,
  type Tag,
  tagsOf,
  withTags,
} from "../iam-state.ts";

interface RoleInput {
  readonly RoleName: string;
}

export async function createRole(
  state: IamState,
  input: RoleInput & {
    readonly AssumeRolePolicyDocument: string;
    readonly Path?: string;
    readonly Description?: string;
    readonly MaxSessionDuration?: number;
    readonly PermissionsBoundary?: string;
    readonly Tags?: readonly Tag[];
  },
) {
  const { RoleName: name, Path: path = "/", Description, MaxSessionDuration, PermissionsBoundary } = input;
  const { identities, account, clock } = state;
  if (identities.roles.has(name)) throw alreadyExists("Role", name);
  const trust = documentOf(state, input.AssumeRolePolicyDocument);
  if (PermissionsBoundary !== undefined) policyAt(state, PermissionsBoundary);
  const arn = `arn:aws:iam::${account}:role${path}${name}`;
  const role: Role = {
    ...{ name, arn, id: identities.idOf("AROA", arn), trust, inline: {}, managed: [] },
    ...{ tags: withTags({}, input.Tags), createdAt: clock.now() },
    ...(Description === undefined ? {} : { description: Description }),
    ...(MaxSessionDuration === undefined ? {} : { maxSessionSeconds: MaxSessionDuration }),
    ...(PermissionsBoundary === undefined ? {} : { boundary: PermissionsBoundary }),
  };
  await put(state, role);
  return { Role: roleShape(role) };
}

export const getRole = (state: IamState, { RoleName }: RoleInput) => ({ Role: roleShape(roleNamed(state, RoleName)) });

export async function deleteRole(state: IamState, { RoleName }: RoleInput): Promise<void> {
  const role = roleNamed(state, RoleName);
  const { identities } = state;
  if (attachedTo(identities, role).length > 0) {
    throw deleteConflict("Cannot delete entity, must detach all policies first.");
  }
  const inTemplates = [...identities.policies.values()].some((policy) => policy.roles.includes(RoleName));
  if (Object.keys(role.inline).length > 0 || inTemplates) {
    throw deleteConflict("Cannot delete entity, must delete policies first.");
  }
  identities.roles.delete(RoleName);
  await identities.commit();
}

export function listRoles({ identities }: IamState, input: PageInput & { readonly PathPrefix?: string }) {
  const prefix = input.PathPrefix ?? "/";
  const roles = [...identities.roles.values()].map(roleShape).filter(({ Path }) => Path.startsWith(prefix));
  const { items, more } = pageFor(sorted(roles), input);
  return { Roles: items, ...more };
}

const sorted = <T extends { readonly RoleName: string }>(roles: readonly T[]) =>
  [...roles].sort((a, b) => (a.RoleName < b.RoleName ? -1 : 1));

export async function updateAssumeRolePolicy(
  state: IamState,
  { RoleName, PolicyDocument }: RoleInput & { readonly PolicyDocument: string },
): Promise<void> {
  await put(state, { ...roleNamed(state, RoleName), trust: documentOf(state, PolicyDocument) });
}

export async function updateRole(
  state: IamState,
  {
    RoleName,
    Description,
    MaxSessionDuration,
  }: RoleInput & { readonly Description?: string; readonly MaxSessionDuration?: number },
) {
  const role = roleNamed(state, RoleName);
  const description = Description ?? role.description;
  const seconds = MaxSessionDuration ?? role.maxSessionSeconds;
  await put(state, {
    ...role,
    ...(description === undefined ? {} : { description }),
    ...(seconds === undefined ? {} : { maxSessionSeconds: seconds }),
  });
  return {};
}

export async function putRolePermissionsBoundary(
  state: IamState,
  { RoleName, PermissionsBoundary }: RoleInput & { readonly PermissionsBoundary: string },
): Promise<void> {
  policyAt(state, PermissionsBoundary);
  await put(state, { ...roleNamed(state, RoleName), boundary: PermissionsBoundary });
}

export async function deleteRolePermissionsBoundary(state: IamState, { RoleName }: RoleInput): Promise<void> {
  const { boundary: _, ...role } = roleNamed(state, RoleName);
  await put(state, role);
}

export async function tagRole(state: IamState, { RoleName, Tags }: RoleInput & { readonly Tags: readonly Tag[] }) {
  const role = roleNamed(state, RoleName);
  await put(state, { ...role, tags: withTags(role.tags, Tags) });
}

export async function untagRole(state: IamState, input: RoleInput & { readonly TagKeys: readonly string[] }) {
  const role = roleNamed(state, input.RoleName);
  const kept = Object.entries(role.tags).filter(([key]) => !input.TagKeys.includes(key));
  await put(state, { ...role, tags: Object.fromEntries(kept) });
}

export function listRoleTags(state: IamState, input: RoleInput & PageInput) {
  const { items, more } = pageFor(tagsOf(roleNamed(state, input.RoleName).tags), input);
  return { Tags: items, ...more };
}

/** There are no instances here, and so no profiles. */
export function listInstanceProfilesForRole(state: IamState, { RoleName }: RoleInput) {
  roleNamed(state, RoleName);
  return { InstanceProfiles: [], IsTruncated: false };
}

export async function put({ identities }: IamState, role: Role): Promise<void> {
  identities.roles.put(role.name, role);
  await identities.commit();
}
