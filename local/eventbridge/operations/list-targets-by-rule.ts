/** ListTargetsByRule: targets in the order in which they were put. */
import type { ListTargetsByRuleRequest, ListTargetsByRuleResponse } from "@aws-sdk/client-eventbridge";
import { page } from "../../cloud/ports/page.ts";
import { ruleNamed, type EventsState } from "../state.ts";

export const listTargetsByRule =
  (state: EventsState) =>
  (input: ListTargetsByRuleRequest): ListTargetsByRuleResponse => {
    const { targets } = ruleNamed(state, input.Rule, input.EventBusName);
    const { items, next } = page(targets, input.NextToken, input.Limit);
    return { Targets: items, NextToken: next };
  };
