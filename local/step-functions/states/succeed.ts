/** Succeed: ends its flow; unlike Fail it has both an Entered and an Exited event (fact 7). */
import { scopeOf } from "../interpreter/scope.ts";
import { leaveState } from "../interpreter/transition.ts";
import type { SucceedDefinition } from "../program/definition.ts";
import type { StateType } from "./state-type.ts";

export const succeedState: StateType<SucceedDefinition> = {
  async run(draft, thread, { definition, language }) {
    const scope = scopeOf(draft, thread);
    const effective = await language.effectiveInput(definition, scope);
    leaveState(draft, thread, await language.conclude(definition, scope, effective), undefined);
  },
};
