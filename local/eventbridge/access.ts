/** Which permissions an EventBridge operation needs. */
import type { AccessRequest } from "../cloud/ports/service.ts";
import type { ServiceDeps } from "../cloud/ports/service.ts";
import { busArn, busNameOf, ruleArn } from "./state.ts";

interface AnyInput {
  readonly Name?: string;
  readonly Rule?: string;
  readonly EventBusName?: string;
  readonly ResourceARN?: string;
  readonly RoleArn?: string;
  readonly Targets?: readonly { readonly RoleArn?: string }[];
  readonly Entries?: readonly {
    readonly EventBusName?: string;
    readonly Source?: string;
    readonly DetailType?: string;
  }[];
}

const onRules = /^(PutRule|DescribeRule|DeleteRule|EnableRule|DisableRule|PutTargets|RemoveTargets|ListTargetsByRule)$/;
const onBuses = /^(CreateEventBus|DescribeEventBus|DeleteEventBus)$/;

export function eventsAccess(deps: ServiceDeps, operation: string, input: AnyInput): AccessRequest[] {
  const action = `events:${operation}`;
  if (operation === "PutEvents") {
    return (input.Entries ?? []).map((entry) => ({
      action,
      resource: busArn(deps, busNameOf(entry.EventBusName)),
      conditions: { "events:source": entry.Source ?? "", "events:detail-type": entry.DetailType ?? "" },
    }));
  }
  const resource = onRules.test(operation)
    ? ruleArn(deps, busNameOf(input.EventBusName), input.Rule ?? input.Name ?? "")
    : onBuses.test(operation)
      ? busArn(deps, busNameOf(input.Name))
      : (input.ResourceARN ?? "*");
  const roles = [input.RoleArn, ...(input.Targets ?? []).map((target) => target.RoleArn)].filter(
    (arn) => arn !== undefined,
  );
  const passes = [...new Set(roles)].map((role) => ({
    action: "iam:PassRole",
    resource: role,
    conditions: { "iam:PassedToService": "events.amazonaws.com" },
  }));
  return [{ action, resource }, ...passes];
}
