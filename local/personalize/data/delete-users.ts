/**
 * Takes users out of a dataset's bulk rows: a new folder is written without them, then the pointer moves (invariant J1 of
 * ../job-runner.ts). Dictionaries are written anew as well, so that no text of theirs stays on disk.
 */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DatasetType } from "../job-runner.ts";
import { createColumnWriter, readChecked, type FileCheck } from "./column-file.ts";
import { createDictionary, type Dictionary, type DictionaryBytes } from "./dictionary.ts";
import { noCode, type Values } from "./field-sinks.ts";
import { openTemporary, seal, writeSealedJson } from "./sealed-folder.ts";
import {
  folderName,
  isInteractions,
  openTable,
  readBytes,
  readCurrent,
  readDictionary,
  readValues,
  type StoredColumn,
  type StoredTable,
} from "./stored-table.ts";
import { createHeapWriter, writeDictionary, writeWhole } from "./table-writer.ts";

export interface DeletionTask {
  readonly jobArn: string;
  readonly datasetType: DatasetType;
  /** The dataset's own folder (see stored-table.ts). */
  readonly folder: string;
  readonly users: DictionaryBytes;
}

const deletionsRemembered = 100;

/** @returns how many rows went: interactions, or users. Doing a finished deletion again only returns its result. */
export function deleteUsers({ jobArn, datasetType, folder, users }: DeletionTask): number {
  const current = readCurrent(folder);
  const table = openTable(folder);
  if (!current || !table) return 0;
  const { deletions = [] } = current;
  const finished = deletions.find((deletion) => deletion.jobArn === jobArn);
  if (finished) return finished.rows;
  const choice = chooseRows(table, createDictionary({ from: users }));
  const name = choice.removed === 0 ? current.folder : `rows-${folderName(jobArn)}`;
  if (choice.removed > 0) writeKept(table, choice, join(folder, name), datasetType);
  const remembered = [...deletions, { jobArn, rows: choice.removed }].slice(-deletionsRemembered);
  writeSealedJson(join(folder, "current.json"), { ...current, folder: name, deletions: remembered });
  for (const entry of readdirSync(folder)) {
    if (entry.startsWith("rows-") && entry !== name) rmSync(join(folder, entry), { recursive: true, force: true });
  }
  return choice.removed;
}

interface Choice {
  /** Ids of those who stay, in the order of their old codes. */
  readonly users: Dictionary;
  /** (old codes) the new code, or noCode for who goes. */
  readonly codes: Uint32Array;
  /** Positions of the rows that stay, ascending. */
  readonly rows: Uint32Array;
  readonly removed: number;
}

function chooseRows(table: StoredTable, listed: Dictionary): Choice {
  const before = readDictionary(table, "USER_ID");
  const users = createDictionary();
  const codes = Uint32Array.from({ length: before.size }, (_, code) => {
    const id = before.text(code);
    return listed.find(id) === undefined ? users.addText(id) : noCode;
  });
  const rows = isInteractions(table.datasetType) ? rowsByOffset(table, codes) : rowsByCode(table, codes);
  const removed = isInteractions(table.datasetType) ? table.rows - rows.length : before.size - users.size;
  return { users, codes, rows, removed };
}

function rowsByOffset(table: StoredTable, codes: Uint32Array): Uint32Array {
  const offsets = new Uint32Array(readBytes(table, "USER_ID.offsets"));
  const rows = new Uint32Array(table.rows);
  let kept = 0;
  codes.forEach((code, user) => {
    if (code === noCode) return;
    for (let row = offsets[user] as number; row < (offsets[user + 1] as number); row++) rows[kept++] = row;
  });
  return rows.subarray(0, kept);
}

function rowsByCode(table: StoredTable, codes: Uint32Array): Uint32Array {
  const values = new Uint32Array(readBytes(table, "USER_ID.values"));
  return Uint32Array.from({ length: table.rows }, (_, row) => row).filter(
    (row) => codes[values[row] as number] !== noCode,
  );
}

function writeKept(table: StoredTable, choice: Choice, folder: string, datasetType: DatasetType): void {
  const temporary = openTemporary(folder);
  try {
    const files: Record<string, FileCheck> = writeDictionary(temporary, "USER_ID", choice.users);
    if (isInteractions(datasetType))
      files["USER_ID.offsets"] = writeWhole(temporary, "USER_ID.offsets", offsetsOf(table, choice));
    else Object.assign(files, writeIds(table, choice, temporary));
    for (const column of table.columns) {
      if (column.field.name !== "USER_ID") Object.assign(files, writeColumn(table, column, choice.rows, temporary));
    }
    const { columns } = table;
    seal(temporary, folder, { format: 1, datasetType, columns, rows: choice.rows.length, files });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** (users who stay + 1) */
function offsetsOf(table: StoredTable, { codes, users }: Choice): Uint32Array {
  const before = new Uint32Array(readBytes(table, "USER_ID.offsets"));
  const offsets = new Uint32Array(users.size + 1);
  codes.forEach((code, user) => {
    if (code === noCode) return;
    offsets[code + 1] = (offsets[code] as number) + (before[user + 1] as number) - (before[user] as number);
  });
  return offsets;
}

/** The id of each row of users, and which row counts for each id. */
function writeIds(table: StoredTable, { codes, rows, users }: Choice, folder: string): Record<string, FileCheck> {
  const before = new Uint32Array(readBytes(table, "USER_ID.values"));
  const values = Uint32Array.from(rows, (row) => codes[before[row] as number] as number);
  const newest = new Uint32Array(users.size);
  values.forEach((code, row) => (newest[code] = row));
  return {
    "USER_ID.values": writeWhole(folder, "USER_ID.values", values),
    newest: writeWhole(folder, "newest", newest),
  };
}

function writeColumn(
  table: StoredTable,
  column: StoredColumn,
  rows: Uint32Array,
  folder: string,
): Record<string, FileCheck> {
  const { name } = column.field;
  const before = readValues(table, column);
  const kept: Values = before instanceof Uint32Array ? new Uint32Array(rows.length) : new Float64Array(rows.length);
  rows.forEach((row, at) => (kept[at] = before[row] as number));
  if (column.storage === "text") return writeTexts(table, name, kept as Float64Array, folder);
  const texts = column.storage === "codes" ? writeDictionary(folder, name, usedTexts(table, name, kept)) : {};
  const writer = createColumnWriter(folder, `${name}.values`);
  writer.append(kept);
  return { ...texts, [`${name}.values`]: writer.close() };
}

/** Only the texts that are still used; turns the codes into those of the new dictionary, in place. */
function usedTexts(table: StoredTable, name: string, codes: Values): Dictionary {
  const before = readDictionary(table, name);
  const used = createDictionary();
  const renamed = new Uint32Array(before.size).fill(noCode);
  codes.forEach((code, row) => {
    if (code === noCode) return;
    if (renamed[code] === noCode) renamed[code] = used.addText(before.text(code));
    codes[row] = renamed[code] as number;
  });
  return used;
}

/** Copies the texts of the rows that stay, each with its length in front. */
function writeTexts(table: StoredTable, name: string, places: Float64Array, folder: string): Record<string, FileCheck> {
  const texts = Buffer.from(readChecked(table.folder, `${name}.heap`, table.files[`${name}.heap`]));
  const heap = createHeapWriter(folder, `${name}.heap`);
  places.forEach((place, row) => {
    if (Number.isNaN(place)) return;
    const begin = place + 4;
    places[row] = heap.append(texts, begin, begin + texts.readUInt32LE(place));
  });
  return { [`${name}.heap`]: heap.close(), [`${name}.values`]: writeWhole(folder, `${name}.values`, places) };
}
