/** A store whose process dies right after a chosen commit: what came later is lost, what was committed can be revived. */
import { createTables, type Change } from "../../../../local/cloud/journal/memory-store.ts";
import type { Store } from "../../../../local/cloud/ports/store.ts";

export interface CrashingStore extends Store {
  /** Resolves when the process has "died". */
  readonly crashed: Promise<void>;
  readonly commits: number;
  /** A new store with exactly what was durable. */
  revive(): Store;
}

export function crashingStore(dieAfterCommit = Infinity): CrashingStore {
  const durable: string[] = [];
  let pending: Change[] = [];
  let commits = 0;
  let dead = false;
  let die = () => {};
  const crashed = new Promise<void>((resolve) => (die = resolve));
  const tables = createTables((change) => void pending.push(change));
  return {
    table: tables.table,
    crashed,
    get commits() {
      return commits;
    },
    async commit() {
      if (dead) return new Promise<void>(() => {});
      commits++;
      // As text: what the journal would hold, whatever becomes of the objects.
      durable.push(...pending.map((change) => JSON.stringify(change)));
      pending = [];
      if (commits < dieAfterCommit) return;
      dead = true;
      die();
      return new Promise<void>(() => {});
    },
    revive() {
      const revived = createTables(() => {});
      for (const change of durable) revived.apply(JSON.parse(change) as Change);
      return { table: revived.table, commit: () => Promise.resolve() };
    },
  };
}
