/** GetCallerIdentity: the account for the user's own keys, the assumed role for keys that were issued here. */
import type { GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput } from "@aws-sdk/client-sts";
import type { CallContext } from "../../cloud/ports/service.ts";
import { assumedRoleId, sessionArn } from "../identity.ts";

export function getCallerIdentity(
  _: GetCallerIdentityCommandInput,
  { caller, account }: CallContext,
): Omit<GetCallerIdentityCommandOutput, "$metadata"> {
  if (caller.kind !== "role") return { UserId: account, Account: account, Arn: `arn:aws:iam::${account}:root` };
  const { roleArn, session } = caller;
  return { UserId: assumedRoleId(roleArn, session), Account: account, Arn: sessionArn(roleArn, session) };
}
