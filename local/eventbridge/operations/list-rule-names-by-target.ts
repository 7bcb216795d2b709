/** ListRuleNamesByTarget: which rules of a bus have this ARN as a target. */
import type { ListRuleNamesByTargetRequest, ListRuleNamesByTargetResponse } from "@aws-sdk/client-eventbridge";
import { page } from "../../cloud/ports/page.ts";
import { busNamed, type EventsState } from "../state.ts";

export const listRuleNamesByTarget =
  (state: EventsState) =>
  (input: ListRuleNamesByTargetRequest): ListRuleNamesByTargetResponse => {
    const bus = busNamed(state, input.EventBusName);
    const names = [...state.rules.values()]
      .filter((rule) => rule.bus === bus.name && rule.targets.some((target) => target.Arn === input.TargetArn))
      .map((rule) => rule.name)
      .sort();
    const { items, next } = page(names, input.NextToken, input.Limit);
    return { RuleNames: items, NextToken: next };
  };
