/** Finds the policy of the resource that a request is about: its own, its bucket's, its function's, or a role's trust policy. */
import type { AccessRequest } from "../ports/service.ts";
import type { IamStore } from "./iam-store.ts";
import type { Policy } from "./policy-document.ts";

export function resourcePoliciesFor(iam: IamStore, { action, resource }: AccessRequest): Policy[] {
  if (/^sts:AssumeRole/i.test(action)) {
    const role = iam.roleByArn(resource);
    return role ? [iam.parsed(role.trust)] : [];
  }
  const service = resource.split(":")[2] ?? "";
  if (service === "logs") return logsPolicies(iam, resource);
  const owner = ownerOf(service, resource);
  const document = iam.resources.get(owner)?.document;
  return document ? [iam.parsed(document)] : [];
}

/** Objects belong to their bucket; versions and aliases of a function to the function. */
function ownerOf(service: string, resource: string): string {
  if (service === "s3") return resource.split("/")[0] ?? resource;
  if (service === "lambda") return resource.split(":").slice(0, 7).join(":");
  return resource;
}

/** Key of an account-wide policy of CloudWatch Logs. */
export const logsPolicyKey = (region: string, account: string, name: string): string =>
  `arn:aws:logs:${region}:${account}:*#${name}`;

function logsPolicies(iam: IamStore, resource: string): Policy[] {
  const [, , , region = "", account = ""] = resource.split(":");
  const prefix = logsPolicyKey(region, account, "");
  return [...iam.resources.entries()]
    .filter(([key]) => key.startsWith(prefix))
    .map(([, { document }]) => iam.parsed(document));
}
