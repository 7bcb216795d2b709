/** Map, inline: runs its processor once per item, at most MaxConcurrency at a time; its result is the list of outputs. */
import type { Draft } from "../interpreter/draft.ts";
import type { Thread } from "../interpreter/execution.ts";
import { countDone, dropChildren, fork, joinedOutput, recordForkStarted, startNextChild } from "../interpreter/fork.ts";
import { narrowed, scopeOf } from "../interpreter/scope.ts";
import { leaveState, nextOf } from "../interpreter/transition.ts";
import type { Json } from "../json.ts";
import type { MapDefinition } from "../program/definition.ts";
import type { State } from "../program/program.ts";
import type { StateType } from "./state-type.ts";

/** The service runs at most so many iterations of an inline Map at once, whatever MaxConcurrency says. */
const mostIterationsAtOnce = 40;

export const mapState: StateType<MapDefinition> = {
  async run(draft, thread, state) {
    const { definition, language, flows } = state;
    const scope = scopeOf(draft, thread);
    const effective = narrowed(scope, await language.effectiveInput(definition, scope));
    const items = await language.items(definition, effective);
    const limit = (await language.maxConcurrency(definition, effective)) || mostIterationsAtOnce;
    const children = items.map((item, index) => ({
      flow: flows[0] ?? 0,
      data: { input: item, variables: {}, item: { Index: index, Value: item } },
    }));
    const forked = fork(draft, recordForkStarted(draft, thread, items.length), children);
    if (items.length === 0) return succeed(draft, forked, state, forked.previousEventId);
    const atOnce = Math.min(limit, mostIterationsAtOnce, items.length);
    for (let started = 0; started < atOnce; started++) startNextChild(draft, forked.id);
  },

  /** MapIterationStarted is the iteration's first event; ItemSelector is asked when it starts, once per item. */
  async startChild(draft, child, parent, { name, definition, language }) {
    const started = draft.put({
      ...child,
      previousEventId: draft.record("MapIterationStarted", child.previousEventId, {
        mapIterationStartedEventDetails: { name, index: child.index },
      }),
    });
    const item: Json = child.data.input;
    const outer = scopeOf(draft, parent);
    const scope = {
      ...outer,
      input: await language.effectiveInput(definition, outer),
      context: { ...outer.context, Map: { Item: { Index: child.index, Value: item } } },
    };
    const input = await language.iterationInput(definition, scope, item);
    return draft.put({ ...started, data: { ...started.data, input } });
  },

  async childDone(draft, thread, state, child) {
    const succeeded = draft.record("MapIterationSucceeded", child.previousEventId, {
      mapIterationSucceededEventDetails: { name: state.name, index: child.index },
    });
    if (countDone(draft, thread.id)) return succeed(draft, draft.thread(thread.id), state, succeeded);
    const { phase } = draft.thread(thread.id);
    // The freed place goes to the next item; its first event skips MapIterationSucceeded (fact 3).
    if (phase.kind === "forked" && phase.started < phase.total) startNextChild(draft, thread.id, child.previousEventId);
  },
};

async function succeed(draft: Draft, thread: Thread, state: State<MapDefinition>, parentEventId: number) {
  const { definition, language } = state;
  draft.record("MapStateSucceeded", parentEventId);
  const forked = draft.put({ ...thread, previousEventId: parentEventId });
  const result = joinedOutput(draft, forked);
  const conclusion = await language.conclude(definition, scopeOf(draft, forked, { result }), result);
  dropChildren(draft, forked);
  leaveState(draft, forked, conclusion, nextOf(definition));
}
