/** What a role may do: policies in the role itself, and managed ones attached to it. */
import { noSuchEntity } from "../errors.ts";
import {
  attachedTo,
  documentOf,
  encoded,
  type IamState,
  nameIn,
  pageFor,
  type PageInput,
  policyAt,
  roleNamed,
} from "../iam-state.ts";
import { put } from "./roles.ts";

interface InlineInput {
  readonly RoleName: string;
  readonly PolicyName: string;
}

interface AttachInput {
  readonly RoleName: string;
  readonly PolicyArn: string;
}

export async function putRolePolicy(
  state: IamState,
  { RoleName, PolicyName, PolicyDocument }: InlineInput & { readonly PolicyDocument: string },
): Promise<void> {
  const role = roleNamed(state, RoleName);
  await put(state, { ...role, inline: { ...role.inline, [PolicyName]: documentOf(state, PolicyDocument) } });
}

export function getRolePolicy(state: IamState, input: InlineInput) {
  const { RoleName, PolicyName } = input;
  return { RoleName, PolicyName, PolicyDocument: encoded(inlineOf(state, input)) };
}

export async function deleteRolePolicy(state: IamState, input: InlineInput): Promise<void> {
  inlineOf(state, input);
  const role = roleNamed(state, input.RoleName);
  const kept = Object.entries(role.inline).filter(([name]) => name !== input.PolicyName);
  await put(state, { ...role, inline: Object.fromEntries(kept) });
}

function inlineOf(state: IamState, { RoleName, PolicyName }: InlineInput): object {
  const document = roleNamed(state, RoleName).inline[PolicyName];
  if (!document) throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`);
  return document;
}

export function listRolePolicies(state: IamState, input: PageInput & { readonly RoleName: string }) {
  const { items, more } = pageFor(Object.keys(roleNamed(state, input.RoleName).inline).sort(), input);
  return { PolicyNames: items, ...more };
}

/** Attaching what is attached changes nothing. */
export async function attachRolePolicy(state: IamState, { RoleName, PolicyArn }: AttachInput): Promise<void> {
  const role = roleNamed(state, RoleName);
  policyAt(state, PolicyArn);
  if (attachedTo(state.identities, role).includes(PolicyArn)) return;
  await put(state, { ...role, managed: [...role.managed, PolicyArn] });
}

export async function detachRolePolicy(state: IamState, { RoleName, PolicyArn }: AttachInput): Promise<void> {
  const role = roleNamed(state, RoleName);
  const { identities } = state;
  if (!attachedTo(identities, role).includes(PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
  const policy = identities.policies.get(PolicyArn);
  if (policy?.roles.includes(RoleName)) {
    identities.policies.put(PolicyArn, { ...policy, roles: policy.roles.filter((name) => name !== RoleName) });
  }
  await put(state, { ...role, managed: role.managed.filter((arn) => arn !== PolicyArn) });
}

export function listAttachedRolePolicies(state: IamState, input: PageInput & { readonly RoleName: string }) {
  const arns = attachedTo(state.identities, roleNamed(state, input.RoleName));
  const { items, more } = pageFor(arns, input);
  return { AttachedPolicies: items.map((arn) => ({ PolicyName: nameIn(arn), PolicyArn: arn })), ...more };
}
