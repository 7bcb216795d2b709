/**
 * The decision of IAM, pure: policies and a request in, a decision out.
 *
 * Invariants
 *   E1  An explicit Deny in any policy that applies wins over every Allow.
 *   E2  Inside one account an Allow of the identity's policies or of the resource's policy is enough; across accounts
 *       both must allow. The resource's policy must name the principal itself: naming the account (its root) only
 *       passes the question on to the identity's policies.
 *   E3  A permissions boundary limits what identity policies and grants to the role's ARN give, never a grant to the
 *       session's ARN.
 *   E4  Assuming a role needs its trust policy, and using a key of KMS needs the key's policy, whatever identity policies
 *       say; a key's policy that names the account leaves it to them.
 *   E5  The account itself may do everything that no resource policy denies; a service only what one allows.
 */
import type { PrincipalEntry, Policy, Statement } from "./policy-document.ts";
import type { RequestContext } from "./conditions.ts";
import type { Variables } from "./glob.ts";

export type RequestPrincipal =
  | { readonly kind: "account"; readonly account: string }
  | { readonly kind: "role"; readonly account: string; readonly roleArn: string; readonly sessionArn: string }
  | { readonly kind: "service"; readonly name: string };

export interface PolicyRequest {
  readonly principal: RequestPrincipal;
  readonly action: string;
  readonly resource: string;
  /** The account that owns the resource. */
  readonly resourceAccount: string;
  readonly context: RequestContext;
}

export interface ApplicablePolicies {
  readonly identity: readonly Policy[];
  readonly boundary: Policy | undefined;
  /** The resource's own policies; a role's trust policy when the action assumes it. */
  readonly resource: readonly Policy[];
}

export type PolicyKind = "identity-based policy" | "resource-based policy" | "permissions boundary";

export type Decision =
  { readonly allowed: true } | { readonly allowed: false; readonly explicit: boolean; readonly policy: PolicyKind };

/** How a resource policy reaches a principal; later ones are closer. */
type Reach = "none" | "account" | "principal" | "session";

const allow: Decision = { allowed: true };
const deny = (policy: PolicyKind, explicit = false): Decision => ({ allowed: false, explicit, policy });

export function evaluate(request: PolicyRequest, policies: ApplicablePolicies): Decision {
  const { principal } = request;
  const boundary = policies.boundary ? [policies.boundary] : [];
  if (grantOf(request, policies.identity, "Deny")) return deny("identity-based policy", true);
  if (grantOf(request, boundary, "Deny")) return deny("permissions boundary", true);
  if (reachOf(request, policies.resource, "Deny") !== "none") return deny("resource-based policy", true);

  const reach = reachOf(request, policies.resource, "Allow");
  if (principal.kind === "service") return reach === "none" ? deny("resource-based policy") : allow;
  if (principal.kind === "account") return principal.account === request.resourceAccount ? allow : cross(reach, allow);

  const byIdentity = grantOf(request, policies.identity, "Allow");
  const inBoundary = boundary.length === 0 || grantOf(request, boundary, "Allow");
  const identity = byIdentity ? (inBoundary ? allow : deny("permissions boundary")) : deny("identity-based policy");
  if (principal.account !== request.resourceAccount) return cross(reach, identity);
  if (reach === "session") return allow;
  if (reach === "principal") return inBoundary ? allow : deny("permissions boundary");
  if (/^(sts:AssumeRole|kms:)/i.test(request.action) && hasPolicyOfItsOwn(request, policies))
    return cross(reach, identity);
  return identity;
}

/** A role always has a trust policy, a missing one trusts nobody. Of another's key the policy may not be known here. */
const hasPolicyOfItsOwn = ({ action }: PolicyRequest, { resource }: ApplicablePolicies): boolean =>
  /^sts:/i.test(action) || resource.length > 0;

/** Both sides must agree. */
const cross = (reach: Reach, identity: Decision): Decision =>
  identity.allowed && reach === "none" ? deny("resource-based policy") : identity;

const variablesOf =
  (context: RequestContext): Variables =>
  (key) => {
    const values = context.get(key.toLowerCase());
    return values?.length === 1 ? values[0] : undefined;
  };

/** Does a statement without principal, as identities carry them, speak about this request? */
function grantOf(request: PolicyRequest, policies: readonly Policy[], effect: Statement["effect"]): boolean {
  return policies.some(({ statements }) =>
    statements.some((statement) => statement.effect === effect && speaksOf(statement, request)),
  );
}

function speaksOf(statement: Statement, { action, resource, context }: PolicyRequest): boolean {
  const variables = variablesOf(context);
  const { actions, resources } = statement;
  return (
    actions.globs.some((glob) => glob.matches(action, variables)) !== actions.negated &&
    (!resources || resources.globs.some((glob) => glob.matches(resource, variables)) !== resources.negated) &&
    statement.conditions.every((condition) => condition.holds(context, variables))
  );
}

const reaches: readonly Reach[] = ["none", "account", "principal", "session"];

function reachOf(request: PolicyRequest, policies: readonly Policy[], effect: Statement["effect"]): Reach {
  let closest = 0;
  for (const { statements } of policies) {
    for (const statement of statements) {
      if (statement.effect !== effect || !statement.principals) continue;
      const reach = reaches.indexOf(statementReach(statement.principals, request.principal));
      if (reach > closest && speaksOf(statement, request)) closest = reach;
    }
  }
  return reaches[closest] ?? "none";
}

function statementReach(
  { negated, entries }: NonNullable<Statement["principals"]>,
  principal: RequestPrincipal,
): Reach {
  const found = entries.map((entry) => entryReach(entry, principal));
  if (negated) return found.every((reach) => reach === "none") ? "principal" : "none";
  return reaches[Math.max(0, ...found.map((reach) => reaches.indexOf(reach)))] ?? "none";
}

function entryReach({ kind, value }: PrincipalEntry, principal: RequestPrincipal): Reach {
  if (kind === "AWS" && value === "*") return "principal";
  if (principal.kind === "service") {
    return kind === "Service" && (value === "*" || withoutRegion(value) === withoutRegion(principal.name))
      ? "principal"
      : "none";
  }
  if (kind !== "AWS") return "none";
  if (value === principal.account || value === `arn:aws:iam::${principal.account}:root`) return "account";
  if (principal.kind !== "role") return "none";
  if (value === principal.sessionArn) return "session";
  return value === principal.roleArn ? "principal" : "none";
}

/** `states.us-east-1.amazonaws.com` and `states.amazonaws.com` are the same service. */
const withoutRegion = (service: string) => service.replace(/\.[a-z]{2}(-[a-z]+)+-\d(?=\.amazonaws\.com)/, "");
