/** ListRules: the rules of one bus, by name. */
import type { ListRulesRequest, ListRulesResponse } from "@aws-sdk/client-eventbridge";
import { page } from "../../cloud/ports/page.ts";
import { busNamed, type EventsState } from "../state.ts";
import { ruleShape } from "./describe-rule.ts";

export const listRules =
  (state: EventsState) =>
  (input: ListRulesRequest): ListRulesResponse => {
    const bus = busNamed(state, input.EventBusName);
    const rules = [...state.rules.values()]
      .filter((rule) => rule.bus === bus.name && rule.name.startsWith(input.NamePrefix ?? ""))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = page(rules, input.NextToken, input.Limit);
    return { Rules: items.map(ruleShape), NextToken: next };
  };
