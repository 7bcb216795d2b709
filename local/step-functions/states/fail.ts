/** Fail: ends its flow with an error and a cause, each absent when not stated (fact 15). */
import { scopeOf } from "../interpreter/scope.ts";
import { StateFailure } from "../language/failure.ts";
import type { FailDefinition } from "../program/definition.ts";
import type { StateType } from "./state-type.ts";

export const failStateType: StateType<FailDefinition> = {
  async run(draft, thread, { definition, language }) {
    const { error, cause } = await language.failure(definition, scopeOf(draft, thread));
    throw new StateFailure(error, cause, { kind: "stated" });
  },
};
