/** How STS names a role's session. */
import { createHash } from "node:crypto";

/** `arn:aws:sts::<account>:assumed-role/<role>/<session>`: the role's path does not appear in it. */
export function sessionArn(roleArn: string, session: string): string {
  const [, partition, , , account] = roleArn.split(":");
  return `arn:${partition}:sts::${account}:assumed-role/${roleArn.slice(roleArn.lastIndexOf("/") + 1)}/${session}`;
}

/** `AROA…:<session>`; the id is the role's own, here made of its ARN. */
export function assumedRoleId(roleArn: string, session: string): string {
  const digest = createHash("sha256").update(roleArn).digest("hex").slice(0, 17).toUpperCase();
  return `AROA${digest}:${session}`;
}
