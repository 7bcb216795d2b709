/** Which permissions a Scheduler operation needs. */
import type { AccessRequest, ServiceDeps } from "../cloud/ports/service.ts";
import { defaultGroup, groupArn, scheduleArn } from "./state.ts";

interface AnyInput {
  readonly Name?: string;
  readonly GroupName?: string;
  readonly ResourceArn?: string;
  readonly Target?: { readonly RoleArn?: string };
}

export function schedulerAccess(deps: ServiceDeps, operation: string, input: AnyInput): AccessRequest[] {
  const action = `scheduler:${operation}`;
  const { Name: name, GroupName: group = defaultGroup, Target: target } = input;
  const resource =
    input.ResourceArn ??
    (name === undefined || operation.startsWith("List")
      ? "*"
      : operation.endsWith("Group")
        ? groupArn(deps, name)
        : scheduleArn(deps, group, name));
  if (target?.RoleArn === undefined) return [{ action, resource }];
  const conditions = { "iam:PassedToService": "scheduler.amazonaws.com" };
  return [
    { action, resource },
    { action: "iam:PassRole", resource: target.RoleArn, conditions },
  ];
}
