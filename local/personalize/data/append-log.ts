/**
 * A file of JSON lines, each behind its CRC32, that is only ever appended to. A line that was promised durable survives a
 * `kill -9`; a torn last line is cut off when the file is opened. Writers that come together share one flush.
 */
import { constants, existsSync, mkdirSync, readFileSync, renameSync, truncateSync } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { syncFolder } from "./sealed-folder.ts";

export interface AppendLog<T> {
  /** Resolves when the records are on disk. */
  append(records: readonly T[]): Promise<void>;
  /** Leaves only the records that are to be kept, by one rename; what is appended meanwhile comes behind them. */
  rewrite(keep: (record: T) => boolean): Promise<void>;
  close(): Promise<void>;
}

function toLine(record: unknown): string {
  const json = JSON.stringify(record);
  return `${crc32(json).toString(16).padStart(8, "0")} ${json}\n`;
}

interface Contents<T> {
  readonly records: T[];
  /** Bytes up to the end of the last good line. */
  readonly goodBytes: number;
  readonly bytes: number;
}

function parse<T>(path: string): Contents<T> {
  if (!existsSync(path)) return { records: [], goodBytes: 0, bytes: 0 };
  const bytes = readFileSync(path);
  const records: T[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; start = end + 1, end = bytes.indexOf(10, start)) {
    const json = bytes.subarray(start + 9, end);
    if (bytes.toString("latin1", start, start + 8) !== crc32(json).toString(16).padStart(8, "0")) {
      throw new Error(`${path} is damaged at byte ${start}: the checksum of a complete line differs`);
    }
    records.push(JSON.parse(json.toString("utf8")) as T);
  }
  return { records, goodBytes: start, bytes: bytes.length };
}

/** The complete records of a log that another thread may be appending to. */
export function readLog<T>(path: string): T[] {
  return parse<T>(path).records;
}

/** Reads what is there, cuts off a torn tail, and opens for appending (the file is made at the first record). */
export function openLog<T>(path: string): { readonly records: T[]; readonly log: AppendLog<T> } {
  const { records, goodBytes, bytes } = parse<T>(path);
  if (bytes > goodBytes) truncateSync(path, goodBytes);
  return { records, log: createWriter<T>(path, goodBytes) };
}

/** A write is on disk when it returns: one way to the system and back for each, where a flush of its own would be a second. */
const durably = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | constants.O_DSYNC;

/** @param length bytes of complete lines in the file */
function createWriter<T>(path: string, length: number): AppendLog<T> {
  let file: Promise<FileHandle> | undefined;
  let waiting: string[] = [];
  let running: Promise<void> = Promise.resolve();
  let scheduled: Promise<void> | undefined;

  /** Also after what failed: that was somebody else's. */
  const afterwards = (work: () => Promise<void>) => running.then(work, work);

  async function openFile(): Promise<FileHandle> {
    mkdirSync(dirname(path), { recursive: true });
    return open(path, durably);
  }

  async function write(lines: Buffer): Promise<void> {
    const handle = await (file ??= openFile());
    try {
      for (let written = 0; written < lines.length;) {
        written += (await handle.write(lines, written)).bytesWritten;
      }
      length += lines.length;
    } catch (error) {
      await handle.truncate(length); // a full disk may have taken half a line, which the next one would make unreadable
      throw error;
    }
  }

  async function flush(): Promise<void> {
    await setImmediate(); // those that come in this turn of the event loop share one write
    scheduled = undefined;
    const lines = waiting;
    waiting = [];
    try {
      await write(Buffer.from(lines.join("")));
    } catch (error) {
      waiting = [...lines, ...waiting]; // the next flush tries them again: whoever sends an event anew counts on it
      void file?.then((handle) => handle.close()).catch(() => {});
      file = undefined;
      throw error;
    }
  }

  async function replace(keep: (record: T) => boolean): Promise<void> {
    await (await file)?.close();
    file = undefined;
    if (!existsSync(path)) return;
    const temporary = await open(`${path}.new`, "w");
    const lines = Buffer.from(parse<T>(path).records.filter(keep).map(toLine).join(""));
    await temporary.writeFile(lines);
    await temporary.sync();
    await temporary.close();
    renameSync(`${path}.new`, path);
    syncFolder(dirname(path));
    length = lines.length;
  }

  return {
    append(records) {
      if (records.length === 0 && waiting.length === 0) return running; // what was appended before may still be on its way
      waiting.push(...records.map(toLine));
      if (!scheduled) scheduled = running = afterwards(flush);
      return scheduled;
    },
    rewrite: (keep) => (running = afterwards(() => replace(keep))),
    async close() {
      await running;
      await (await file)?.close();
    },
  };
}
