/** Ids of IAM: a prefix that names the kind (`AROA` roles, `ANPA` policies) and 17 characters, here made of the ARN. Pure. */
import { createHash } from "node:crypto";

export const identityId = (prefix: string, arn: string): string =>
  `${prefix}${createHash("sha256").update(arn).digest("hex").slice(0, 17).toUpperCase()}`;
