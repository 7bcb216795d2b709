/** A dataset group comes into being: with a key of the customer's, only when its role may use that key. */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { KeyAction } from "../../cloud/ports/keys.ts";
import { find, type ControlPlane } from "../control-plane.ts";
import { creation } from "./plain.ts";
import { servicePrincipal } from "./role-bucket.ts";
import type { Lifecycle, WorkOutcome } from "./transitions.ts";

/** What the developer guide asks for, beside listing grants. */
const needed: readonly KeyAction[] = ["kms:DescribeKey", "kms:CreateGrant", "kms:GenerateDataKey", "kms:Decrypt"];

export const datasetGroupCreation = (plane: ControlPlane): Lifecycle => ({
  ...creation(plane, "datasetGroup"),
  work: async (arn) => keyChecked(plane, arn),
});

function keyChecked(plane: ControlPlane, arn: string): WorkOutcome {
  const { roleArn, kmsKeyArn } = find(plane, "datasetGroup", arn);
  if (roleArn === undefined || kmsKeyArn === undefined) return { kind: "succeeded" };
  try {
    plane.authorizer.assertAssumable(roleArn, servicePrincipal, arn);
    for (const action of needed) {
      const caller = { kind: "role", roleArn, session: "personalize" } as const;
      plane.keys.assertUsable(caller, { action, key: kmsKeyArn, via: "personalize" });
    }
    return { kind: "succeeded" };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { kind: "failed", failureReason: `Insufficient privileges for using the KMS key. ${error.message}` };
  }
}
