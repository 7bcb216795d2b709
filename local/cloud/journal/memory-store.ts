/** The Store of tests and of the durable store's insides: tables in memory, and a list of changes since the last take. */
import type { Store, Table } from "../ports/store.ts";

/** One change, short names because the journal holds millions: table, key, value (absent = deleted). */
export interface Change {
  readonly t: string;
  readonly k: string;
  readonly v?: unknown;
}

export interface Tables {
  table<T>(name: string): Table<T>;
  /** Applies a change read from a journal or snapshot, without reporting it again. */
  apply(change: Change): void;
  /** Every row, as changes that would rebuild the tables. */
  dump(): IterableIterator<Change>;
}

export function createTables(onChange: (change: Change) => void): Tables {
  const rows = new Map<string, Map<string, unknown>>();
  const rowsOf = (name: string) => {
    let found = rows.get(name);
    if (!found) rows.set(name, (found = new Map()));
    return found;
  };
  function table<T>(name: string): Table<T> {
    const mine = rowsOf(name) as Map<string, T>;
    return {
      get: (key) => mine.get(key),
      has: (key) => mine.has(key),
      put: (key, value) => {
        mine.set(key, value);
        onChange({ t: name, k: key, v: value });
      },
      delete: (key) => {
        if (mine.delete(key)) onChange({ t: name, k: key });
      },
      entries: () => mine.entries(),
      values: () => mine.values(),
      get size() {
        return mine.size;
      },
    };
  }
  function* dump(): IterableIterator<Change> {
    for (const [t, mine] of rows) for (const [k, v] of mine) yield { t, k, v };
  }
  const apply = ({ t, k, v }: Change) => void (v === undefined ? rowsOf(t).delete(k) : rowsOf(t).set(k, v));
  return { table, apply, dump };
}

/** A store that forgets everything with its process. */
export function memoryStore(): Store {
  const tables = createTables(() => {});
  return { table: tables.table, commit: () => Promise.resolve() };
}
