/**
 * What IAM remembers: roles, the policies attached to them, and the policies of resources. Tables hold documents as
 * they came; parsed policies are cached by the identity of the document, which never changes (store invariant S3).
 */
import type { AttachedPolicy, Role } from "../ports/identities.ts";
import type { Store, Table } from "../ports/store.ts";
import { awsManagedPolicy } from "./managed-policies.ts";
import { parsePolicy, type Policy } from "./policy-document.ts";

export type { AttachedPolicy, Role };

export interface ResourcePolicy {
  readonly document: object;
}

export interface IamStore {
  /** By name. */
  readonly roles: Table<Role>;
  /** By what Ref gives: the physical name of an inline policy, the ARN of a managed one. */
  readonly policies: Table<AttachedPolicy>;
  /** By the resource's ARN; `arn:aws:logs:<region>:<account>:*#<name>` for the account-wide policies of logs. */
  readonly resources: Table<ResourcePolicy>;
  roleByArn(arn: string): Role | undefined;
  parsed(document: object): Policy;
  managedDocument(arn: string): object | undefined;
  identityPolicies(role: Role): Policy[];
  commit(): Promise<void>;
}

export function createIamStore(store: Store): IamStore {
  const roles = store.table<Role>("iam/roles");
  const policies = store.table<AttachedPolicy>("iam/policies");
  const resources = store.table<ResourcePolicy>("iam/resource-policies");
  const cache = new WeakMap<object, Policy>();
  const parsed = (document: object): Policy => {
    let policy = cache.get(document);
    if (!policy) cache.set(document, (policy = parsePolicy(document)));
    return policy;
  };
  const managedDocument = (arn: string) => awsManagedPolicy(arn) ?? policies.get(arn)?.document;
  function identityPolicies(role: Role): Policy[] {
    const attached = [...policies.values()].filter((policy) => policy.roles.includes(role.name));
    const documents = [
      ...Object.values(role.inline),
      ...attached.map((policy) => policy.document),
      ...role.managed.flatMap((arn) => managedDocument(arn) ?? []),
    ];
    return documents.map(parsed);
  }
  const roleByArn = (arn: string) => {
    const role = roles.get(arn.slice(arn.lastIndexOf("/") + 1));
    return role?.arn === arn ? role : undefined;
  };
  return { roles, policies, resources, roleByArn, parsed, managedDocument, identityPolicies, commit: store.commit };
}
