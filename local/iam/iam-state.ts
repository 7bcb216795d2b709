/** What the operations of IAM share: the tables, and how documents, roles and pages look on the wire. */
import type { Clock } from "../cloud/ports/clock.ts";
import type { AttachedPolicy, Identities, Role } from "../cloud/ports/identities.ts";
import { page } from "../cloud/ports/page.ts";
import { malformed, noSuchEntity } from "./errors.ts";

export interface IamState {
  readonly identities: Identities;
  readonly clock: Clock;
  readonly account: string;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Members of a List request. */
export interface PageInput {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** What templates made carries no date: they are as old as the epoch. */
const dateOf = ({ createdAt = 0 }: { readonly createdAt?: number }) => new Date(createdAt);

export function roleNamed({ identities }: IamState, name: string): Role {
  const role = identities.roles.get(name);
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** The policy under this ARN, the account's or AWS's own. */
export function policyAt({ identities }: IamState, arn: string): AttachedPolicy {
  const own = identities.policies.get(arn);
  if (own) return own;
  const document = identities.awsPolicy(arn);
  if (document) return { name: nameIn(arn), document, roles: [] };
  const known = arn.startsWith("arn:aws:iam::aws:")
    ? ` The embedded cloud knows ${identities.awsPolicies().map(nameIn).join(", ")}.`
    : "";
  throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.${known}`);
}

/** Parsed and found well-formed. */
export function documentOf({ identities }: IamState, text: string): object {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed("This policy contains invalid Json");
  }
  if (typeof document !== "object" || document === null) throw malformed("Syntax errors in policy.");
  identities.check(document);
  return document;
}

/** Documents go over the wire as JSON in percent-encoding (RFC 3986), which SDKs for Python undo and others leave to the caller. */
export const encoded = (document: object): string =>
  encodeURIComponent(JSON.stringify(document)).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

export const nameIn = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);
export const pathIn = (arn: string) => arn.slice(arn.indexOf("/"), arn.lastIndexOf("/") + 1);

export const tagsOf = (tags: Readonly<Record<string, string>> | undefined): Tag[] =>
  Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));

export const withTags = (before: Readonly<Record<string, string>> | undefined, tags: readonly Tag[] = []) => ({
  ...before,
  ...Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
});

export const roleShape = (role: Role) => ({
  Path: pathIn(role.arn),
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: dateOf(role),
  AssumeRolePolicyDocument: encoded(role.trust),
  Description: role.description,
  MaxSessionDuration: role.maxSessionSeconds ?? 3600,
  ...(role.boundary === undefined
    ? {}
    : { PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: role.boundary } }),
  ...(Object.keys(role.tags).length === 0 ? {} : { Tags: tagsOf(role.tags) }),
});

export const policyShape = ({ identities }: IamState, arn: string, policy: AttachedPolicy) => ({
  PolicyName: policy.name,
  PolicyId: identities.idOf("ANPA", arn),
  Arn: arn,
  Path: pathIn(arn),
  DefaultVersionId: "v1",
  AttachmentCount: rolesWith(identities, arn).length,
  IsAttachable: true,
  Description: policy.description,
  CreateDate: dateOf(policy),
  UpdateDate: dateOf(policy),
  Tags: tagsOf(policy.tags),
});

/** The roles that a managed policy is attached to, whether the role or the policy says so. */
export function rolesWith(identities: Identities, arn: string): Role[] {
  const named = identities.policies.get(arn)?.roles ?? [];
  return [...identities.roles.values()].filter((role) => role.managed.includes(arn) || named.includes(role.name));
}

/** The ARNs of the managed policies of a role, whether the role or the policy says so. */
export function attachedTo({ policies }: Identities, role: Role): string[] {
  const naming = [...policies.entries()].filter(
    ([arn, policy]) => arn.startsWith("arn:") && policy.roles.includes(role.name),
  );
  return [...new Set([...role.managed, ...naming.map(([arn]) => arn)])];
}

/** One page, in the words of IAM. */
export function pageFor<T>(all: readonly T[], { Marker, MaxItems }: PageInput) {
  const { items, next } = page(all, Marker, MaxItems);
  return { items, more: { IsTruncated: next !== undefined, ...(next === undefined ? {} : { Marker: next }) } };
}
