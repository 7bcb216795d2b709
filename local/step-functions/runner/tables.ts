/** The service's durable tables, and the rows of one execution read and written together. */
import type { Store, Table } from "../../cloud/ports/store.ts";
import type { Outcome } from "../interpreter/draft.ts";
import type { Execution, Snapshot, StoredEvent, Thread, ThreadData } from "../interpreter/execution.ts";
import type { StateMachineRow } from "../machine.ts";

/** The definition's text, once for all executions and revisions that share it. */
export interface DefinitionRow {
  readonly definition: string;
}

type ThreadRow = Omit<Thread, "data">;

export interface Tables {
  readonly machines: Table<StateMachineRow>;
  /** By SHA-256 of the text. */
  readonly definitions: Table<DefinitionRow>;
  readonly executions: Table<Execution>;
  readonly threads: Table<ThreadRow>;
  readonly threadData: Table<ThreadData>;
  readonly history: Table<StoredEvent>;
}

export function openTables(store: Store): Tables {
  return {
    machines: store.table("states/machines"),
    definitions: store.table("states/definitions"),
    executions: store.table("states/executions"),
    threads: store.table("states/threads"),
    threadData: store.table("states/thread-data"),
    history: store.table("states/history"),
  };
}

// ARNs hold no blank, so that a blank ends them in a key.
const keyOf = (executionArn: string, part: string | number) => `${executionArn} ${part}`;

/** Writes what a step changed, in one synchronous stretch: all of it becomes durable, or none. */
export function writeOutcome(tables: Tables, before: Snapshot, outcome: Outcome): void {
  const { arn } = outcome.execution;
  for (const event of outcome.history) tables.history.put(keyOf(arn, event.id), event);
  for (const [id, thread] of outcome.threads) {
    const key = keyOf(arn, id);
    if (thread) {
      const { data, ...row } = thread;
      tables.threads.put(key, row);
      if (before.threads.get(id)?.data !== data) tables.threadData.put(key, data);
    } else {
      tables.threads.delete(key);
      tables.threadData.delete(key);
    }
  }
  if (outcome.execution !== before.execution) tables.executions.put(arn, outcome.execution);
}

export const eventAt = (tables: Tables, executionArn: string, id: number) =>
  tables.history.get(keyOf(executionArn, id));

/** Ids count 1, 2, 3 … without gaps (fact 1). */
export function lastEventIdOf(tables: Tables, executionArn: string): number {
  let id = 0;
  while (tables.history.has(keyOf(executionArn, id + 1))) id++;
  return id;
}

/** The threads of the executions asked for, in one pass over the table. */
export function readThreads(
  tables: Tables,
  wanted: (executionArn: string) => boolean,
): Map<string, Map<string, Thread>> {
  const found = new Map<string, Map<string, Thread>>();
  for (const [key, row] of tables.threads.entries()) {
    const arn = key.slice(0, key.indexOf(" "));
    const data = wanted(arn) ? tables.threadData.get(key) : undefined;
    if (!data) continue;
    const threads = found.get(arn) ?? new Map<string, Thread>();
    found.set(arn, threads.set(row.id, { ...row, parent: row.parent, entered: row.entered, data }));
  }
  return found;
}

export function removeExecution(tables: Tables, executionArn: string): void {
  for (let id = lastEventIdOf(tables, executionArn); id > 0; id--) tables.history.delete(keyOf(executionArn, id));
  for (const id of readThreads(tables, (arn) => arn === executionArn)
    .get(executionArn)
    ?.keys() ?? []) {
    tables.threads.delete(keyOf(executionArn, id));
    tables.threadData.delete(keyOf(executionArn, id));
  }
  tables.executions.delete(executionArn);
}
