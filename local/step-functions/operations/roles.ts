/** What a machine's role must allow before the machine is accepted: to be assumed, and to set up log delivery. */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { StateMachineRow } from "../machine.ts";
import type { OperationDeps } from "./deps.ts";

type Checked = Pick<StateMachineRow, "arn" | "name" | "roleArn" | "loggingConfiguration">;

export function checkRole({ authorizer }: Pick<OperationDeps, "authorizer">, machine: Checked): void {
  const { arn, name, roleArn, loggingConfiguration: logging } = machine;
  authorizer.assertAssumable(roleArn, "states.amazonaws.com", arn);
  if (logging.level === "OFF" || !logging.destinations?.length) return;
  try {
    const caller = { kind: "role", roleArn, session: name } as const;
    authorizer.authorize(caller, { action: "logs:CreateLogDelivery", resource: "*" });
  } catch (cause) {
    throw new AwsError(
      "AccessDeniedException",
      `The state machine IAM Role is not authorized to access the Log Destination: ${(cause as Error).message}`,
      { cause },
    );
  }
}
