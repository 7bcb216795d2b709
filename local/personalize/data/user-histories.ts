/**
 * Each user's interactions, read when asked for: the ids and offsets are in memory, the rows of large datasets are not. Bulk
 * interactions of a dataset (for filters) and the histories beside a model (for serving) are both kept this way.
 */
import { closeSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Interaction } from "../job-runner.ts";
import { readRange, readWhole } from "./column-file.ts";
import type { Dictionary } from "./dictionary.ts";
import { noCode } from "./field-sinks.ts";
import { columnNamed, readBytes, readDictionary } from "./stored-table.ts";
import type { StoredTable } from "./stored-table.ts";

/** Opens one column for reading ranges of rows. */
export interface ColumnRange {
  uint32(from: number, to: number): Uint32Array;
  float64(from: number, to: number): Float64Array;
  close(): void;
}

/** Columns up to this size are held in memory: what serving reads of them costs less than asking the system for it. */
const mostHeldBytes = 16 * 2 ** 20;

export function openColumn(folder: string, name: string): ColumnRange {
  const path = join(folder, name);
  return statSync(path).size <= mostHeldBytes ? heldColumn(path) : columnOnDisk(path);
}

function heldColumn(path: string): ColumnRange {
  const bytes = readWhole(path);
  const words = new Uint32Array(bytes, 0, bytes.byteLength >> 2);
  const doubles = new Float64Array(bytes, 0, bytes.byteLength >> 3);
  return {
    uint32: (from, to) => words.slice(from, to),
    float64: (from, to) => doubles.slice(from, to),
    close: () => {},
  };
}

function columnOnDisk(path: string): ColumnRange {
  const file = openSync(path, "r");
  return {
    uint32: (from, to) => new Uint32Array(readRange(file, 4 * from, 4 * (to - from)).buffer, 0, to - from),
    float64: (from, to) => new Float64Array(readRange(file, 8 * from, 8 * (to - from)).buffer, 0, to - from),
    close: () => closeSync(file),
  };
}

export interface StoredInteractions {
  /** Oldest first; empty for an unknown user. */
  of(userId: string): readonly Interaction[];
  close(): void;
}

const remembered = 4096;

/** Keeps the answers of the last few thousand users: a page of recommendations asks for one user several times. */
function createMemory(read: (userId: string) => readonly Interaction[]) {
  const answers = new Map<string, readonly Interaction[]>();
  return (userId: string): readonly Interaction[] => {
    const known = answers.get(userId);
    if (known) return known;
    if (answers.size >= remembered) answers.clear();
    const answer = read(userId);
    answers.set(userId, answer);
    return answer;
  };
}

export function openInteractions(table: StoredTable): StoredInteractions {
  const users = readDictionary(table, "USER_ID");
  const offsets = new Uint32Array(readBytes(table, "USER_ID.offsets"));
  const itemColumn = columnNamed(table, "ITEM_ID") ? "ITEM_ID" : "ACTION_ID";
  const items = readDictionary(table, itemColumn);
  const has = (name: string) => columnNamed(table, name) !== undefined;
  const types: Dictionary | undefined = has("EVENT_TYPE") ? readDictionary(table, "EVENT_TYPE") : undefined;
  const open = (name: string) => openColumn(table.folder, `${name}.values`);
  const item = open(itemColumn);
  const timestamp = open("TIMESTAMP");
  const eventType = types && open("EVENT_TYPE");
  const eventValue = has("EVENT_VALUE") ? open("EVENT_VALUE") : undefined;

  function read(userId: string): readonly Interaction[] {
    const user = users.find(userId);
    if (user === undefined) return [];
    const [from, to] = [offsets[user] as number, offsets[user + 1] as number];
    const times = timestamp.uint32(from, to);
    const typeCodes = eventType?.uint32(from, to);
    const amounts = eventValue?.float64(from, to);
    return Array.from(item.uint32(from, to), (code, row): Interaction => {
      const type = typeCodes?.[row] ?? noCode;
      const amount = amounts?.[row] ?? NaN;
      return {
        itemId: items.text(code),
        timestamp: times[row] as number,
        eventType: type === noCode ? "" : (types?.text(type) ?? ""),
        ...(!Number.isNaN(amount) && { eventValue: amount }),
      };
    });
  }

  const close = () => [item, timestamp, eventType, eventValue].forEach((column) => column?.close());
  return { of: createMemory(read), close };
}
