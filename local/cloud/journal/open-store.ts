/**
 * The durable Store: tables in memory, every change in an append-only journal.
 *
 * Invariants
 *   J1  `commit()` resolves only after the bytes of every earlier put were written and fdatasync'ed (S1).
 *   J2  A batch is what was put since the last one was taken, and it is taken between two synchronous stretches (S2).
 *   J3  Commits that arrive while a batch is being written share the next write.
 *   J4  A snapshot holds exactly the state after some batch; the batches after it are in newer segments.
 *   J5  After a failed write nothing more is written: what follows a torn record could not be read back.
 */
import { mkdirSync } from "node:fs";
import type { Store } from "../ports/store.ts";
import { removeOlderThan, type Replayed, replay, syncDirectory } from "./journal-files.ts";
import { type Change, createTables } from "./memory-store.ts";
import { encodeRecord } from "./record.ts";
import { openSegment, type SegmentWriter } from "./segment-writer.ts";
import { writeSnapshot } from "./snapshot.ts";
import { lockStateDirectory } from "./state-lock.ts";

export interface OpenStoreOptions {
  readonly log: (line: string) => void;
  /** Journal bytes after which a snapshot is due; never less than the size of the last snapshot. */
  readonly snapshotAfterBytes?: number;
}

export interface DurableStore extends Store {
  /** Writes what is left and gives the directory free. */
  close(): Promise<void>;
}

/** Opens or creates the state in `dir`. Throws when another process has it open or a file is damaged. */
export async function openStore(
  dir: string,
  { log, snapshotAfterBytes = 32 * 2 ** 20 }: OpenStoreOptions,
): Promise<DurableStore> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const unlock = lockStateDirectory(dir);
  try {
    const changes: Change[] = [];
    const tables = createTables((change) => {
      changes.push(change);
      journal.flushSoon();
    });
    const replayed = replay(dir, tables.apply, log);
    const segment = await openSegment(dir, replayed.nextSegment);
    const journal = createJournal({ dir, log, segment, replayed, snapshotAfterBytes, changes, dump: tables.dump });
    const close = async () => {
      try {
        await journal.close();
      } finally {
        unlock();
      }
    };
    return { table: tables.table, commit: journal.commit, close };
  } catch (error) {
    unlock();
    throw error;
  }
}

interface JournalOptions extends Required<OpenStoreOptions> {
  readonly dir: string;
  readonly segment: SegmentWriter;
  readonly replayed: Replayed;
  /** Changes not yet written; the tables add at the end, the journal takes all. */
  readonly changes: Change[];
  readonly dump: () => Iterable<Change>;
}

function createJournal({ dir, log, replayed, snapshotAfterBytes, changes, dump, ...first }: JournalOptions) {
  let { segment } = first;
  let failure: Error | undefined;
  let closed = false;
  let { snapshotBytes, segmentBytes: bytesSinceSnapshot } = replayed;
  let snapshotting: Promise<void> | undefined;
  /** The write under way, and the one that will take what came meanwhile. */
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let flushScheduled = false;

  /** Takes all changes as one batch, writes it, and starts a snapshot when one is due (J2, J4). */
  async function writeBatch(): Promise<void> {
    if (failure) throw failure;
    if (changes.length === 0) return;
    const batch = changes.splice(0);
    const due = !snapshotting && bytesSinceSnapshot >= Math.max(snapshotAfterBytes, snapshotBytes);
    const rows = due ? [...dump()] : undefined;
    try {
      bytesSinceSnapshot += await segment.append(encodeBatch(batch));
      if (rows) await startSnapshot(rows);
    } catch (error) {
      failure = new Error(`The journal in ${dir} cannot be written; nothing is saved from now on`, { cause: error });
      log(`${failure.message}: ${error instanceof Error ? error.message : String(error)}`);
      throw failure;
    }
  }

  async function startSnapshot(rows: Change[]): Promise<void> {
    const old = segment;
    segment = await openSegment(dir, old.number + 1);
    await old.close();
    bytesSinceSnapshot = 0;
    const write = async () => {
      try {
        snapshotBytes = await writeSnapshot(dir, segment.number, rows);
        removeOlderThan(dir, segment.number);
        syncDirectory(dir);
      } catch (error) {
        // The segments are still there and complete: only their number grows.
        log(`The snapshot in ${dir} failed and will be tried again: ${String(error)}`);
      }
      snapshotting = undefined;
    };
    snapshotting = write();
  }

  async function run(): Promise<void> {
    try {
      await writeBatch();
    } finally {
      if (!next) current = undefined;
    }
  }

  async function runNext(after: Promise<void>): Promise<void> {
    await after.catch(() => {}); // its own callers hear of it; the next batch fails by itself (J5)
    next = undefined;
    return (current = run());
  }

  function commit(): Promise<void> {
    if (closed) return Promise.reject(new Error(`The store in ${dir} is closed`));
    return flush();
  }

  /** J3: at most one write under way and one waiting, however many ask. */
  function flush(): Promise<void> {
    if (!current) return (current = run());
    return (next ??= runNext(current));
  }

  /** Puts that nobody commits reach the disk at the end of this turn of the event loop. */
  function flushSoon(): void {
    if (flushScheduled || closed) return;
    flushScheduled = true;
    setImmediate(() => {
      flushScheduled = false;
      if (changes.length > 0 && !failure) flush().catch(() => {}); // logged where it happened
    });
  }

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    try {
      await flush();
    } finally {
      await snapshotting;
      await segment.close();
    }
  }

  return { commit, flushSoon, close };
}

/** One record; when a value is no JSON, an error that names it. */
function encodeBatch(batch: readonly Change[]): string {
  try {
    return encodeRecord(batch);
  } catch (error) {
    const culprit = batch.find((change) => !isEncodable(change));
    throw new Error(`The value of ${culprit?.t ?? "?"} ${culprit?.k ?? "?"} cannot be written as JSON`, {
      cause: error,
    });
  }
}

function isEncodable(change: Change): boolean {
  try {
    JSON.stringify(change);
    return true;
  } catch {
    return false; // asked only to find which value it was
  }
}
