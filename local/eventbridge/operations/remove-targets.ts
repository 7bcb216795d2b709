/** RemoveTargets reports ids that the rule does not have, and removes the others. */
import type { RemoveTargetsRequest, RemoveTargetsResponse } from "@aws-sdk/client-eventbridge";
import { keepRule, ruleNamed, type EventsState } from "../state.ts";

export const removeTargets =
  (state: EventsState) =>
  async (input: RemoveTargetsRequest): Promise<RemoveTargetsResponse> => {
    const rule = ruleNamed(state, input.Rule, input.EventBusName);
    const ids = input.Ids ?? [];
    const unknown = ids.filter((id) => !rule.targets.some((target) => target.Id === id));
    const targets = rule.targets.filter((target) => !ids.includes(target.Id ?? ""));
    if (targets.length < rule.targets.length) await keepRule(state, { ...rule, targets });
    return {
      FailedEntryCount: unknown.length,
      FailedEntries: unknown.map((id) => ({
        TargetId: id,
        ErrorCode: "ResourceNotFoundException",
        ErrorMessage: `Target ${id} does not exist.`,
      })),
    };
  };
