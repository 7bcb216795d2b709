/** The state types by name. */
import type { StateTypeName } from "../program/definition.ts";
import { choiceState } from "./choice.ts";
import { failStateType } from "./fail.ts";
import { mapState } from "./map.ts";
import { parallelState } from "./parallel.ts";
import { passState } from "./pass.ts";
import type { StateType } from "./state-type.ts";
import { succeedState } from "./succeed.ts";
import { taskState } from "./task.ts";
import { waitState } from "./wait.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each type is given only states whose Type names it
export const stateTypes: Readonly<Record<StateTypeName, StateType<any>>> = {
  Pass: passState,
  Task: taskState,
  Choice: choiceState,
  Wait: waitState,
  Parallel: parallelState,
  Map: mapState,
  Succeed: succeedState,
  Fail: failStateType,
};
