/** The permissions each operation needs. Task tokens name no resource, so that SendTask… is asked on all. */
import type { AccessRequest } from "../../cloud/ports/service.ts";
import { machineArn, type Place } from "../arns.ts";

interface Named {
  readonly name?: string;
  readonly roleArn?: string;
  readonly stateMachineArn?: string;
  readonly stateMachineVersionArn?: string;
  readonly executionArn?: string;
  readonly resourceArn?: string;
}

export function accessOf(operation: string, input: Named, place: Place): readonly AccessRequest[] {
  const resource =
    operation === "CreateStateMachine"
      ? machineArn(place, input.name ?? "")
      : (input.stateMachineArn ?? input.stateMachineVersionArn ?? input.executionArn ?? input.resourceArn ?? "*");
  const asked = { action: `states:${operation}`, resource };
  if (input.roleArn === undefined) return [asked];
  const conditions = { "iam:PassedToService": "states.amazonaws.com" };
  return [asked, { action: "iam:PassRole", resource: input.roleArn, conditions }];
}
