/**
 * The permissions each operation needs. SendTask… is asked on the machine whose execution waits for the token, as CDK's
 * `grantTaskResponse` grants it; on all where the token names none.
 */
import type { AccessRequest } from "../../cloud/ports/service.ts";
import { machineArn, type Place } from "../arns.ts";
import { parseTaskToken } from "../interpreter/task-token.ts";

interface Named {
  readonly name?: string;
  readonly roleArn?: string;
  readonly stateMachineArn?: string;
  readonly stateMachineVersionArn?: string;
  readonly executionArn?: string;
  readonly resourceArn?: string;
  readonly taskToken?: string;
}

/** `...:execution:shop:first` belongs to `...:stateMachine:shop`. */
function machineOfToken(token: string | undefined, place: Place): string | undefined {
  const executionArn = parseTaskToken(token ?? "")?.executionArn;
  const name = executionArn?.split(":")[6];
  return name === undefined ? undefined : machineArn(place, name);
}

export function accessOf(operation: string, input: Named, place: Place): readonly AccessRequest[] {
  const resource =
    operation === "CreateStateMachine"
      ? machineArn(place, input.name ?? "")
      : (input.stateMachineArn ??
        input.stateMachineVersionArn ??
        input.executionArn ??
        input.resourceArn ??
        machineOfToken(input.taskToken, place) ??
        "*");
  const asked = { action: `states:${operation}`, resource };
  if (input.roleArn === undefined) return [asked];
  const conditions = { "iam:PassedToService": "states.amazonaws.com" };
  return [asked, { action: "iam:PassRole", resource: input.roleArn, conditions }];
}
