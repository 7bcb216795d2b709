/** Parallel: runs its branches side by side on the same input; its result is the list of their outputs. */
import { countDone, dropChildren, fork, joinedOutput, recordForkStarted, startNextChild } from "../interpreter/fork.ts";
import { scopeOf } from "../interpreter/scope.ts";
import { leaveState, nextOf } from "../interpreter/transition.ts";
import type { ParallelDefinition } from "../program/definition.ts";
import type { StateType } from "./state-type.ts";

export const parallelState: StateType<ParallelDefinition> = {
  async run(draft, thread, { definition, language, flows }) {
    const input = await language.effectiveInput(definition, scopeOf(draft, thread));
    const forked = fork(
      draft,
      recordForkStarted(draft, thread),
      flows.map((flow) => ({ flow, data: { input, variables: {} } })),
    );
    flows.forEach(() => startNextChild(draft, forked.id));
  },
  async childDone(draft, thread, { definition, language }, child) {
    if (!countDone(draft, thread.id)) return;
    const lastEventId = child.previousEventId;
    draft.record("ParallelStateSucceeded", lastEventId);
    const forked = draft.put({ ...draft.thread(thread.id), previousEventId: lastEventId });
    const result = joinedOutput(draft, forked);
    const conclusion = await language.conclude(definition, scopeOf(draft, forked, { result }), result);
    dropChildren(draft, forked);
    leaveState(draft, forked, conclusion, nextOf(definition));
  },
};
