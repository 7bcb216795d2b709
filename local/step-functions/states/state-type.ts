/** What a state type does. One file per type implements it; `state-types.ts` is the table. */
import type { CallOutcome } from "../interpreter/signal.ts";
import type { Draft } from "../interpreter/draft.ts";
import type { Thread } from "../interpreter/execution.ts";
import type { StateDefinition } from "../program/definition.ts";
import type { State } from "../program/program.ts";

/** A failure is thrown as StateFailure; the step around it retries, catches or ends (`recover.ts`). */
export interface StateType<D extends StateDefinition> {
  /** Does the state's work: after entering it, and again for every retry. */
  run(draft: Draft, thread: Thread, state: State<D>): Promise<void>;
  /** The thread's `waiting` is over. */
  elapsed?(draft: Draft, thread: Thread, state: State<D>): Promise<void>;
  /** The thread's call has its result. */
  answered?(draft: Draft, thread: Thread, state: State<D>, outcome: CallOutcome): Promise<void>;
  /** One of the thread's children is done. */
  childDone?(draft: Draft, thread: Thread, state: State<D>, child: Thread): Promise<void>;
  /** A child begins: its own first event, and its input. Throws StateFailure in the child's name. */
  startChild?(draft: Draft, child: Thread, parent: Thread, state: State<D>): Promise<Thread>;
}
