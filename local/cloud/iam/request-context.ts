/** The global condition keys of a request, from what the embedded cloud knows; a service's own keys come with the request. */
import type { AccessRequest, Caller } from "../ports/service.ts";
import type { RequestContext } from "./conditions.ts";
import type { RequestPrincipal } from "./evaluate.ts";
import type { Role } from "./iam-store.ts";

export interface ContextFacts {
  readonly caller: Caller;
  readonly principal: RequestPrincipal;
  readonly role: Role | undefined;
  readonly request: AccessRequest;
  readonly account: string;
  readonly region: string;
  readonly now: number;
}

export function requestContext(facts: ContextFacts): RequestContext {
  const { request, now, region, account } = facts;
  const keys = new Map<string, readonly string[]>();
  const set = (key: string, value: string | readonly string[] | undefined) => {
    if (value !== undefined) keys.set(key.toLowerCase(), typeof value === "string" ? [value] : value);
  };
  set("aws:SecureTransport", "true");
  set("aws:SourceIp", facts.caller.kind === "service" ? undefined : "127.0.0.1");
  set("aws:CurrentTime", new Date(now).toISOString());
  set("aws:EpochTime", String(Math.floor(now / 1000)));
  set("aws:RequestedRegion", region);
  set("aws:ResourceAccount", request.resource.split(":")[4] || account);
  for (const [key, value] of principalKeys(facts)) set(key, value);
  for (const [key, value] of Object.entries(request.conditions ?? {})) set(key, value);
  return keys;
}

function principalKeys({ caller, principal, role, account }: ContextFacts): [string, string | undefined][] {
  if (caller.kind === "service") {
    const { sourceArn } = caller;
    return [
      ["aws:PrincipalIsAWSService", "true"],
      ["aws:PrincipalServiceName", caller.principal],
      ["aws:PrincipalType", "AWSService"],
      ["aws:SourceArn", sourceArn],
      // S3's ARNs carry no account; whatever acts here acts for the one account there is.
      ["aws:SourceAccount", sourceArn?.split(":")[4] || account],
    ];
  }
  const common: [string, string][] = [["aws:PrincipalIsAWSService", "false"]];
  if (caller.kind === "account" || principal.kind !== "role") {
    return [
      ...common,
      ["aws:PrincipalAccount", account],
      ["aws:PrincipalArn", `arn:aws:iam::${account}:root`],
      ["aws:PrincipalType", "Account"],
      ["aws:userid", account],
    ];
  }
  return [
    ...common,
    ["aws:PrincipalAccount", principal.account],
    ["aws:PrincipalArn", caller.roleArn],
    ["aws:PrincipalType", "AssumedRole"],
    ["aws:userid", `${role?.id ?? "AROA"}:${caller.session}`],
    ...Object.entries(role?.tags ?? {}).map(([key, value]): [string, string] => [`aws:PrincipalTag/${key}`, value]),
  ];
}
