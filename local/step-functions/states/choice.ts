/** Choice: the first rule that holds decides where to go and what leaves the state (fact 31). */
import { narrowed, scopeOf } from "../interpreter/scope.ts";
import { leaveState } from "../interpreter/transition.ts";
import { runtimeFailure } from "../language/failure.ts";
import type { ChoiceDefinition } from "../program/definition.ts";
import type { StateType } from "./state-type.ts";

export const choiceState: StateType<ChoiceDefinition> = {
  async run(draft, thread, { name, definition, language }) {
    const scope = scopeOf(draft, thread);
    const effective = narrowed(scope, await language.effectiveInput(definition, scope));
    let matched: number | undefined;
    for (const [index, rule] of definition.Choices.entries()) {
      if (await language.matches(rule, index, effective)) {
        matched = index;
        break;
      }
    }
    const next = matched === undefined ? definition.Default : definition.Choices[matched]?.Next;
    if (next === undefined) {
      throw runtimeFailure(
        `No rule of the Choice state '${name}' matched and it has no Default.`,
        "States.NoChoiceMatched",
      );
    }
    leaveState(draft, thread, await language.concludeChoice(definition, matched, effective), next);
  },
};
