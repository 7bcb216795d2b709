/** Why a finding of cdk-nag is right as it is, kept with the construct that it is about. */
import { Validations } from "aws-cdk-lib";
import type { Construct } from "constructs";

/**
 * What `Validations.of(scope).acknowledge({ id, reason })` writes, without the stack trace that it adds: that would make
 * the assembly's bytes depend on who calls, and cost time.
 */
export function acknowledge(scope: Construct, id: string, reason: string): void {
  scope.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [`Annotation::${id}`]: reason });
}
