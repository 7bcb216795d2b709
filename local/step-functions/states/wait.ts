/** Wait: until an instant, or for a number of seconds on the clock; an instant in the past passes at once (fact 20). */
import { narrowed, scopeOf } from "../interpreter/scope.ts";
import { leaveState, nextOf } from "../interpreter/transition.ts";
import type { Draft } from "../interpreter/draft.ts";
import type { Scope } from "../language/language.ts";
import type { WaitDefinition } from "../program/definition.ts";
import type { State } from "../program/program.ts";
import type { StateType } from "./state-type.ts";

async function instantOf({ definition, language }: State<WaitDefinition>, scope: Scope, draft: Draft): Promise<number> {
  const { Timestamp, TimestampPath } = definition;
  if (Timestamp !== undefined || TimestampPath !== undefined) return language.waitTimestamp(definition, scope);
  return draft.moment.deadline((await language.waitSeconds(definition, scope)) * 1000);
}

export const waitState: StateType<WaitDefinition> = {
  async run(draft, thread, state) {
    const scope = scopeOf(draft, thread);
    const effective = narrowed(scope, await state.language.effectiveInput(state.definition, scope));
    const until = await instantOf(state, effective, draft);
    draft.put({ ...thread, phase: { kind: "waiting", until } });
  },
  async elapsed(draft, thread, { definition, language }) {
    const scope = scopeOf(draft, thread);
    const effective = await language.effectiveInput(definition, scope);
    leaveState(draft, thread, await language.conclude(definition, scope, effective), nextOf(definition));
  },
};
