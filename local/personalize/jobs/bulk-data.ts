/** The bulk rows that serving reads in the main thread: opened when first asked for, opened anew after an import. */
import { openEntities } from "../data/entity-table.ts";
import type { EntityTable } from "../data/entity-table.ts";
import { datasetFolder, openTable } from "../data/stored-table.ts";
import { openInteractions } from "../data/user-histories.ts";
import type { StoredInteractions } from "../data/user-histories.ts";

export interface BulkData {
  interactions(datasetArn: string): StoredInteractions | undefined;
  entities(datasetArn: string): EntityTable | undefined;
  /** The dataset's rows on disk have changed. */
  forget(datasetArn: string): void;
  close(): void;
}

interface Closable {
  close(): void;
}

/** Remembers what `open` gave for a key, also that there was nothing. */
function createShelf<T extends Closable>(open: (datasetArn: string) => T | undefined) {
  const held = new Map<string, T | undefined>();
  const drop = (key: string) => {
    held.get(key)?.close();
    held.delete(key);
  };
  return {
    get(key: string): T | undefined {
      if (!held.has(key)) held.set(key, open(key));
      return held.get(key);
    },
    drop,
    clear: () => [...held.keys()].forEach(drop),
  };
}

export function createBulkData(dataDir: string): BulkData {
  const table = (datasetArn: string) => openTable(datasetFolder(dataDir, datasetArn));
  const interactions = createShelf((arn) => {
    const stored = table(arn);
    return stored && openInteractions(stored);
  });
  const entities = createShelf((arn) => {
    const stored = table(arn);
    return stored && openEntities(stored);
  });
  return {
    interactions: interactions.get,
    entities: entities.get,
    forget(datasetArn) {
      interactions.drop(datasetArn);
      entities.drop(datasetArn);
    },
    close() {
      interactions.clear();
      entities.clear();
    },
  };
}
