/** AssumeRole: a new key for the role's session, durable before it is handed out. */
import type { AssumeRoleCommandInput, AssumeRoleCommandOutput } from "@aws-sdk/client-sts";
import type { StsDeps } from "../create-sts.ts";
import { assumedRoleId, sessionArn } from "../identity.ts";

const defaultSessionSeconds = 3600;

export function assumeRole({ clock, store, credentials }: StsDeps) {
  return async (input: AssumeRoleCommandInput): Promise<Omit<AssumeRoleCommandOutput, "$metadata">> => {
    const [roleArn, session] = [input.RoleArn ?? "", input.RoleSessionName ?? ""]; // the model requires both
    const expiresAt = clock.now() + (input.DurationSeconds ?? defaultSessionSeconds) * 1000;
    const key = credentials.issue(roleArn, session, expiresAt);
    await store.commit();
    return {
      Credentials: {
        AccessKeyId: key.accessKeyId,
        SecretAccessKey: key.secretAccessKey,
        SessionToken: key.sessionToken,
        Expiration: new Date(expiresAt),
      },
      AssumedRoleUser: { AssumedRoleId: assumedRoleId(roleArn, session), Arn: sessionArn(roleArn, session) },
    };
  };
}
