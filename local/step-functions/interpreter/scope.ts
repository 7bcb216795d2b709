/** What a state's expressions can see: its input, the variables of all scopes around it, the context object (fact 33). */
import type { Json, JsonObject } from "../json.ts";
import type { Scope } from "../language/language.ts";
import type { Draft } from "./draft.ts";
import type { Thread } from "./execution.ts";

export const isoTime = (epochMilliseconds: number) => new Date(epochMilliseconds).toISOString();

/** Inner scopes read the outer ones; a thread's parent cannot change while the thread runs. */
function variablesSeenBy(draft: Draft, thread: Thread): JsonObject {
  const outer = thread.parent === undefined ? undefined : variablesSeenBy(draft, draft.thread(thread.parent));
  return outer ? { ...outer, ...thread.data.variables } : thread.data.variables;
}

function itemSeenBy(draft: Draft, thread: Thread): JsonObject | undefined {
  if (thread.data.item) return thread.data.item;
  return thread.parent === undefined ? undefined : itemSeenBy(draft, draft.thread(thread.parent));
}

export function contextOf(draft: Draft, thread: Thread, token?: string): JsonObject {
  const execution = draft.execution();
  const { entered } = thread;
  const isTask = "Resource" in (draft.program.flows[thread.flow]?.states.get(thread.state)?.definition ?? {});
  const retryCount = thread.retries.reduce((sum, used) => sum + used, 0);
  const item = itemSeenBy(draft, thread);
  return {
    Execution: {
      Id: execution.arn,
      Input: JSON.parse(execution.inputText) as Json,
      StartTime: isoTime(execution.startDate),
      Name: execution.name,
      RoleArn: execution.roleArn,
      RedriveCount: execution.redriveCount,
      ...(execution.redriveDate !== undefined && { RedriveTime: isoTime(execution.redriveDate) }),
    },
    StateMachine: { Id: execution.versionArn ?? execution.machineArn, Name: execution.machineName },
    State: {
      Name: thread.state,
      EnteredTime: isoTime(entered?.time ?? draft.moment.now),
      ...(isTask && { RetryCount: retryCount }),
    },
    ...(token !== undefined && { Task: { Token: token } }),
    ...(item && { Map: { Item: item } }),
  };
}

export interface Beside {
  readonly result?: Json;
  readonly errorOutput?: JsonObject;
  readonly token?: string;
}

export function scopeOf(draft: Draft, thread: Thread, { token, ...beside }: Beside = {}): Scope {
  let context: JsonObject | undefined;
  return {
    input: thread.data.input,
    variables: variablesSeenBy(draft, thread),
    // Made when an expression asks for it: few do, and it holds the execution's whole input.
    get context() {
      return (context ??= contextOf(draft, thread, token));
    },
    moment: draft.moment,
    ...beside,
  };
}

/** The scope after InputPath, or Arguments, has chosen what the state works on. */
export const narrowed = (scope: Scope, input: Json): Scope => (input === scope.input ? scope : { ...scope, input });
