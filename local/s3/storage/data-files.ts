/**
 * The bytes of objects and parts: one immutable file each.
 *
 * Invariants
 *   D1  A file is written under `tmp/`, synced, then renamed into place; the row that names it is put after that. A
 *       `kill -9` therefore leaves files that no row names, never a row whose file is not whole. `sweep` removes those.
 *   D2  A file that is being read stays until its last reader has closed.
 *   D3  Memory does not grow with the size of a file.
 */
import { constants } from "node:fs";
import { copyFile, link, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Ids } from "../../cloud/ports/clock.ts";
import type { StoredFile } from "../model.ts";

export interface DataFiles {
  /** Stores all of `chunks`, showing each to `look` first. On failure nothing is left. */
  write(
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    look: (chunk: Uint8Array) => void,
  ): Promise<StoredFile>;
  /** A second name for the same bytes, which costs no copy. */
  duplicate(file: StoredFile): Promise<StoredFile>;
  /** Bytes [first, last] of the files laid end to end. */
  read(files: readonly StoredFile[], first: number, last: number): Readable;
  /** Removes files that no row names any more; readers finish first. */
  discard(files: readonly StoredFile[]): Promise<void>;
}

const readSizeBytes = 256 * 1024;

interface Places {
  readonly folder: string;
  readonly pathOf: (id: string) => string;
  readonly temporary: (id: string) => string;
}

function places(dataDir: string): Places {
  return {
    folder: join(dataDir, "objects"),
    pathOf: (id) => join(dataDir, "objects", id.slice(0, 2), id),
    temporary: (id) => join(dataDir, "tmp", id),
  };
}

/** @param referenced ids of the files that rows name; every other file is a crash's leftover and is removed. */
export async function openDataFiles(dataDir: string, ids: Ids, referenced: ReadonlySet<string>): Promise<DataFiles> {
  const where = places(dataDir);
  await rm(join(dataDir, "tmp"), { recursive: true, force: true });
  await mkdir(join(dataDir, "tmp"), { recursive: true });
  await mkdir(where.folder, { recursive: true });
  await sweep(where, referenced);
  const readers = countReaders((id) => rm(where.pathOf(id), { force: true }));
  return {
    write: (chunks, look) => writeFile(where, ids.hex(32), chunks, look),
    duplicate: (file) => duplicateFile(where, ids.hex(32), file),
    read: (files, first, last) => {
      const stream = Readable.from(readRange(where, files, first, last), { objectMode: false, highWaterMark: 1 });
      return stream.once("close", readers.pin(files));
    },
    discard: readers.discard,
  };
}

async function sweep({ folder }: Places, referenced: ReadonlySet<string>): Promise<void> {
  for (const shard of await readdir(folder)) {
    for (const id of await readdir(join(folder, shard))) {
      if (!referenced.has(id)) await rm(join(folder, shard, id), { force: true });
    }
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a finished temporary file its lasting name. */
async function settle({ pathOf, temporary }: Places, id: string): Promise<void> {
  const folder = join(pathOf(id), "..");
  await mkdir(folder, { recursive: true });
  await rename(temporary(id), pathOf(id));
  await syncPath(folder);
}

async function writeFile(
  where: Places,
  id: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  look: (chunk: Uint8Array) => void,
): Promise<StoredFile> {
  const path = where.temporary(id);
  const handle = await open(path, "wx");
  let sizeBytes = 0;
  try {
    for await (const chunk of chunks) {
      look(chunk);
      for (let at = 0; at < chunk.byteLength;) at += (await handle.write(chunk, at)).bytesWritten;
      sizeBytes += chunk.byteLength;
    }
    await handle.datasync();
    await handle.close();
  } catch (error) {
    await handle.close();
    await rm(path, { force: true });
    throw error;
  }
  await settle(where, id);
  return { id, sizeBytes };
}

async function duplicateFile(where: Places, id: string, file: StoredFile): Promise<StoredFile> {
  const source = where.pathOf(file.id);
  try {
    await link(source, where.temporary(id));
  } catch {
    // A file system without hard links: copy, by reference where it can.
    await copyFile(source, where.temporary(id), constants.COPYFILE_FICLONE);
    await syncPath(where.temporary(id));
  }
  await settle(where, id);
  return { ...file, id };
}

async function* readRange(where: Places, files: readonly StoredFile[], first: number, last: number) {
  let start = 0;
  for (const file of files) {
    const from = Math.max(first - start, 0);
    const to = Math.min(last - start, file.sizeBytes - 1);
    start += file.sizeBytes;
    if (from <= to) yield* readFile(where.pathOf(file.id), from, to);
  }
}

async function* readFile(path: string, from: number, to: number) {
  const handle = await open(path, "r");
  try {
    for (let at = from; at <= to;) {
      const buffer = Buffer.allocUnsafe(Math.min(readSizeBytes, to - at + 1));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) throw new Error(`${path} ends at byte ${at}, before byte ${to}: its disk lost data`);
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** Keeps files until nobody reads them (D2). */
function countReaders(remove: (id: string) => Promise<void>) {
  const counts = new Map<string, number>();
  const doomed = new Set<string>();
  const unpin = (files: readonly StoredFile[]) => {
    for (const { id } of files) {
      const left = (counts.get(id) ?? 1) - 1;
      if (left > 0) counts.set(id, left);
      else counts.delete(id);
      if (left === 0 && doomed.delete(id)) void remove(id).catch(() => {}); // what stays is swept at the next start
    }
  };
  return {
    pin: (files: readonly StoredFile[]) => {
      for (const { id } of files) counts.set(id, (counts.get(id) ?? 0) + 1);
      return () => unpin(files);
    },
    discard: async (files: readonly StoredFile[]) => {
      for (const { id } of files) {
        if (counts.has(id)) doomed.add(id);
        else await remove(id);
      }
    },
  };
}
