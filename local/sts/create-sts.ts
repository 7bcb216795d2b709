/** STS: who am I, and temporary keys for a role that the caller may assume. */
import type { Credentials } from "../cloud/ports/credentials.ts";
import type { AwsService, Provisioner, ServiceDeps } from "../cloud/ports/service.ts";
import { assumeRole } from "./operations/assume-role.ts";
import { getCallerIdentity } from "./operations/get-caller-identity.ts";

export interface StsDeps extends Pick<ServiceDeps, "clock" | "store"> {
  readonly credentials: Credentials;
}

export function createSts(deps: StsDeps): {
  readonly service: AwsService;
  readonly provisioners: readonly Provisioner[];
} {
  const service: AwsService = {
    id: "sts",
    operations: { AssumeRole: assumeRole(deps), GetCallerIdentity: getCallerIdentity },
    // GetCallerIdentity needs no permission; a role's trust policy is consulted by IAM for sts:AssumeRole on its ARN.
    access: (operation, input: { readonly RoleArn?: string }) =>
      operation === "AssumeRole" ? [{ action: "sts:AssumeRole", resource: input.RoleArn ?? "*" }] : [],
  };
  return { service, provisioners: [] };
}
