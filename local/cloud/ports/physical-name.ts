/** Names for resources whose template gives none, shaped as CloudFormation's; the same for the same resource always. */
import { createHash } from "node:crypto";

/** `Stack-LogicalId-1A2B3C4D5E6F`, cut to `maxLength` in front of the hash, so that it stays unique. */
export function physicalName(stackName: string, logicalId: string, maxLength = 64): string {
  const hash = createHash("sha256").update(`${stackName}\0${logicalId}`).digest("hex").slice(0, 12).toUpperCase();
  return `${`${stackName}-${logicalId}`.slice(0, maxLength - hash.length - 1)}-${hash}`;
}
