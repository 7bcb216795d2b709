/** EnableRule and DisableRule. */
import type { EnableRuleRequest } from "@aws-sdk/client-eventbridge";
import { keepRule, ruleNamed, type EventsState } from "../state.ts";

export const switchRule =
  (state: EventsState, enabled: boolean) =>
  async (input: EnableRuleRequest): Promise<void> => {
    const rule = ruleNamed(state, input.Name, input.EventBusName);
    if (rule.enabled !== enabled) await keepRule(state, { ...rule, enabled });
  };
