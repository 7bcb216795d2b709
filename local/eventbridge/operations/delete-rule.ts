/** DeleteRule: a rule that is not there is deleted already; one with targets is refused. */
import type { DeleteRuleRequest } from "@aws-sdk/client-eventbridge";
import { busNamed, ruleKey, ValidationException, type EventsState } from "../state.ts";

export const deleteRule =
  (state: EventsState) =>
  async (input: DeleteRuleRequest): Promise<void> => {
    const key = ruleKey(busNamed(state, input.EventBusName).name, input.Name ?? "");
    const rule = state.rules.get(key);
    if (!rule) return;
    if (rule.targets.length > 0) throw new ValidationException("Rule can't be deleted since it has targets.");
    state.rules.delete(key);
    state.onRuleChange(key);
    await state.deps.store.commit();
  };
