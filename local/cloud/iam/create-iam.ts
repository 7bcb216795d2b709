/**
 * IAM of the embedded cloud: answers "may this caller do that to this?" from the policies of the template, as AWS
 * would, and keeps the roles and policies that the template declares.
 *
 * The loopback endpoint counts as secure transport (nothing leaves the machine), so that a bucket's "TLS only" policy
 * denies nobody here; every other condition is judged on what is known of the request.
 */
import { AccessDeniedException, AwsError } from "../ports/aws-error.ts";
import type { Identities } from "../ports/identities.ts";
import type { AccessRequest, Authorizer, Caller, Provisioner, ServiceDeps } from "../ports/service.ts";
import { evaluate, type Decision, type RequestPrincipal } from "./evaluate.ts";
import { identityId } from "./identity-id.ts";
import { createIamStore, type IamStore, type Role } from "./iam-store.ts";
import { awsManagedPolicy, knownManagedPolicies } from "./managed-policies.ts";
import { parsePolicy } from "./policy-document.ts";
import { managedPolicyProvisioner, logsResourcePolicyProvisioner, policyProvisioner } from "./provision-policy.ts";
import { roleProvisioner } from "./provision-role.ts";
import { requestContext } from "./request-context.ts";
import { resourcePoliciesFor } from "./resource-policies.ts";

export interface IamDeps extends Pick<ServiceDeps, "clock" | "store" | "account" | "region"> {
  /** What a role's ARN that no template declared may do: nothing, or everything (for a cloud without a stack). */
  readonly unknownRoles?: "refuse" | "trust";
}

export interface Iam {
  readonly authorizer: Authorizer;
  readonly provisioners: readonly Provisioner[];
  /** Sets or, with `undefined`, takes away the policy of a bucket, topic, function or bus. Durable when it resolves. */
  setResourcePolicy(resourceArn: string, document: object | string | undefined): Promise<void>;
  resourcePolicy(resourceArn: string): object | undefined;
  /** What the IAM API works on. */
  readonly identities: Identities;
}

export function createIam(deps: IamDeps): Iam {
  const iam = createIamStore(deps.store);
  return {
    authorizer: createAuthorizer(iam, deps),
    provisioners: [
      roleProvisioner(iam, deps),
      policyProvisioner(iam),
      managedPolicyProvisioner(iam, deps),
      logsResourcePolicyProvisioner(iam, deps),
    ],
    setResourcePolicy: async (arn, document) => {
      if (document === undefined) iam.resources.delete(arn);
      else {
        const parsed = typeof document === "string" ? (JSON.parse(document) as object) : document;
        parsePolicy(parsed);
        iam.resources.put(arn, { document: parsed });
      }
      await iam.commit();
    },
    resourcePolicy: (arn) => iam.resources.get(arn)?.document,
    identities: {
      ...{ roles: iam.roles, policies: iam.policies, commit: iam.commit, idOf: identityId },
      ...{ awsPolicy: awsManagedPolicy, awsPolicies: knownManagedPolicies, check: parsePolicy },
    },
  };
}

function createAuthorizer(iam: IamStore, deps: IamDeps): Authorizer {
  const trustsUnknown = deps.unknownRoles === "trust";
  const roleOf = (caller: Caller) => (caller.kind === "role" ? iam.roleByArn(caller.roleArn) : undefined);

  function decide(caller: Caller, request: AccessRequest): Decision {
    const role = roleOf(caller);
    const principal = principalOf(caller, deps.account);
    return evaluate(
      {
        principal,
        action: request.action,
        resource: request.resource,
        resourceAccount: accountOf(request.resource) || deps.account,
        context: requestContext({
          caller,
          principal,
          role,
          request,
          account: deps.account,
          region: deps.region,
          now: deps.clock.now(),
        }),
      },
      { ...identitySide(iam, role), resource: resourcePoliciesFor(iam, request) },
    );
  }

  return {
    authorize(caller, request) {
      if (caller.kind === "role" && trustsUnknown && !roleOf(caller)) return;
      // The account's own calls, most of all: nothing can deny them but a policy of the resource.
      const isOwn = (accountOf(request.resource) || deps.account) === deps.account;
      if (caller.kind === "account" && isOwn && resourcePoliciesFor(iam, request).length === 0) return;
      const decision = decide(caller, request);
      if (decision.allowed) return;
      const why = explain(decision, request.action);
      throw new AccessDeniedException(nameOf(caller, deps.account), request.action, request.resource, 400, why);
    },
    assertAssumable(roleArn, servicePrincipal, sourceArn) {
      if (!iam.roleByArn(roleArn) && trustsUnknown) return;
      const caller: Caller = { kind: "service", principal: servicePrincipal, ...(sourceArn ? { sourceArn } : {}) };
      if (iam.roleByArn(roleArn) && decide(caller, { action: "sts:AssumeRole", resource: roleArn }).allowed) return;
      const remedy = iam.roleByArn(roleArn)
        ? `its trust policy does not allow ${servicePrincipal}`
        : "no such role exists";
      throw new AwsError("AccessDenied", `${servicePrincipal} is unable to assume role ${roleArn}: ${remedy}`, {
        status: 403,
      });
    },
  };
}

function identitySide(iam: IamStore, role: Role | undefined) {
  if (!role) return { identity: [], boundary: undefined };
  const boundary = role.boundary === undefined ? undefined : iam.managedDocument(role.boundary);
  return { identity: iam.identityPolicies(role), boundary: boundary && iam.parsed(boundary) };
}

const accountOf = (arn: string): string => arn.split(":")[4] ?? "";

function principalOf(caller: Caller, account: string): RequestPrincipal {
  if (caller.kind === "service") return { kind: "service", name: caller.principal };
  if (caller.kind === "account") return { kind: "account", account };
  const { roleArn } = caller;
  return { kind: "role", account: accountOf(roleArn), roleArn, sessionArn: sessionArnOf(caller) };
}

/** `arn:aws:sts::<account>:assumed-role/<role>/<session>`: the role's path does not appear in it. */
function sessionArnOf({ roleArn, session }: Extract<Caller, { kind: "role" }>): string {
  const name = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  return `arn:aws:sts::${accountOf(roleArn)}:assumed-role/${name}/${session}`;
}

function nameOf(caller: Caller, account: string): string {
  if (caller.kind === "service") return caller.principal;
  return caller.kind === "account" ? `arn:aws:iam::${account}:root` : sessionArnOf(caller);
}

function explain({ explicit, policy }: Extract<Decision, { allowed: false }>, action: string): string {
  if (!explicit) return `because no ${policy} allows the ${action} action`;
  return `with an explicit deny in ${policy === "identity-based policy" ? "an" : "a"} ${policy}`;
}
