/** PutTargets adds targets or replaces those of the same id; all or none. */
import type { PutTargetsRequest, PutTargetsResponse, Target } from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { targetFault } from "../delivery/send.ts";
import { parsePath } from "../delivery/target-input.ts";
import { keepRule, ruleNamed, ValidationException, type EventsState } from "../state.ts";

const mostTargets = 5;

export const putTargets =
  (state: EventsState) =>
  async (input: PutTargetsRequest): Promise<PutTargetsResponse> => {
    const rule = ruleNamed(state, input.Rule, input.EventBusName);
    const added = input.Targets ?? [];
    const ids = new Set(added.map((target) => target.Id));
    const targets = [...rule.targets.filter((target) => !ids.has(target.Id)), ...added];
    assertTargets(targets);
    await keepRule(state, { ...rule, targets });
    return { FailedEntryCount: 0, FailedEntries: [] };
  };

export function assertTargets(targets: readonly Target[]): void {
  for (const target of targets) assertTarget(target);
  if (targets.length <= mostTargets) return;
  throw new AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
}

function assertTarget(target: Target): void {
  const fault = targetFault(target);
  if (fault !== undefined) throw new ValidationException(fault);
  const ways = [target.Input, target.InputPath, target.InputTransformer].filter((way) => way !== undefined);
  if (ways.length > 1) {
    throw new ValidationException(
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${target.Id}.`,
    );
  }
  const paths = [target.InputPath, ...Object.values(target.InputTransformer?.InputPathsMap ?? {})];
  const bad = paths.find((path) => path !== undefined && !parsePath(path));
  if (bad !== undefined) throw new ValidationException(`Invalid InputPath for target ${target.Id} : ${bad}`);
  if (target.Input !== undefined && !isJson(target.Input)) {
    throw new ValidationException(`JSON syntax error in input for target ${target.Id}`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // The question was whether it parses.
  }
}
