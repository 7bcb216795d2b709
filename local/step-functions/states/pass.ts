/** Pass: hands its input on, with Output and Assign (or Result and the paths) applied. */
import { scopeOf } from "../interpreter/scope.ts";
import { leaveState, nextOf } from "../interpreter/transition.ts";
import type { PassDefinition } from "../program/definition.ts";
import type { StateType } from "./state-type.ts";

export const passState: StateType<PassDefinition> = {
  async run(draft, thread, { definition, language }) {
    const scope = scopeOf(draft, thread);
    const result = await language.passResult(definition, scope);
    const conclusion = await language.conclude(definition, scope, result);
    leaveState(draft, thread, conclusion, nextOf(definition));
  },
};
