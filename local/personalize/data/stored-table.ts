/**
 * How a dataset lies on disk. `<dataDir>/datasets/<dataset>/current.json` names the sealed folder that holds its bulk rows
 * and the import jobs that made it; an import writes a new folder and then moves that pointer, so readers see the old rows
 * or the new ones (invariant J1 of ../job-runner.ts).
 *
 * Files of a folder, per column NAME: `NAME.values` (one number a row) and, where values are codes, `NAME.texts` and
 * `NAME.ends` (the dictionary), or where they are places of texts, `NAME.heap`. Interactions are grouped by user, oldest
 * first: `USER_ID.offsets` stands in for the user column's values. Items and users keep rows as they came; `newest` has
 * the row that counts for each id code.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DatasetType, ImportResult } from "../job-runner.ts";
import { readChecked } from "./column-file.ts";
import type { FileCheck } from "./column-file.ts";
import { parseSchema } from "./dataset-schema.ts";
import type { Field } from "./dataset-schema.ts";
import { createDictionary } from "./dictionary.ts";
import type { Dictionary, DictionaryBytes, DictionaryOptions } from "./dictionary.ts";
import { readSealedJson } from "./sealed-folder.ts";

export type Storage = "codes" | "seconds" | "numbers" | "text";

export interface StoredColumn {
  readonly field: Field;
  readonly storage: Storage;
}

export interface TableManifest {
  readonly format: 1;
  readonly datasetType: DatasetType;
  readonly columns: readonly StoredColumn[];
  /** Rows in each `.values` file. */
  readonly rows: number;
  readonly files: Readonly<Record<string, FileCheck>>;
}

export interface StoredTable extends TableManifest {
  readonly folder: string;
}

export interface CurrentTable {
  readonly folder: string;
  /** The newest imports, newest last: a job that is run again finds its own result here. */
  readonly imports: readonly { readonly jobArn: string; readonly result: ImportResult }[];
  /** The newest data deletion jobs, newest last, with the rows that each took away. */
  readonly deletions?: readonly { readonly jobArn: string; readonly rows: number }[];
}

/** A short folder name for an ARN: its last words for people, a hash for uniqueness. */
export function folderName(arn: string): string {
  const words = arn.split(/[:/]/).slice(-2).join("-");
  return `${words.replace(/[^A-Za-z0-9_-]/g, "_")}-${createHash("sha256").update(arn).digest("hex").slice(0, 12)}`;
}

export function datasetFolder(dataDir: string, datasetArn: string): string {
  return join(dataDir, "datasets", folderName(datasetArn));
}

export function isInteractions(datasetType: DatasetType): boolean {
  return datasetType === "INTERACTIONS" || datasetType === "ACTION_INTERACTIONS";
}

/** Interactions keep every text as a code; of items and users only ids and categories, the rest is too varied. */
export function storageOf(field: Field, datasetType: DatasetType): Storage {
  if (isInteractions(datasetType) && field.name === "TIMESTAMP") return "seconds";
  if (field.type !== "string") return "numbers";
  return isInteractions(datasetType) || field.categorical || field.name.endsWith("_ID") ? "codes" : "text";
}

export function readCurrent(folder: string): CurrentTable | undefined {
  return readSealedJson(join(folder, "current.json")) as CurrentTable | undefined;
}

/** The dataset's bulk rows; undefined before the first import. */
export function openTable(folder: string): StoredTable | undefined {
  for (;;) {
    const current = readCurrent(folder);
    if (!current) return undefined;
    const path = join(folder, current.folder);
    const manifest = readSealedJson(join(path, "manifest.json")) as TableManifest | undefined;
    if (manifest) return { ...manifest, folder: path };
    // An import may have replaced the folder between the two reads; then the pointer names another one by now.
    if (readCurrent(folder)?.folder === current.folder) throw new Error(`${path} is missing. Import the dataset again`);
  }
}

/** What stands in for the bulk rows of a dataset that nothing was imported into: no rows, and no files. */
export function emptyTable(schema: string, datasetType: DatasetType): StoredTable {
  const columns = parseSchema(schema).map((field) => ({ field, storage: storageOf(field, datasetType) }));
  return { format: 1, datasetType, columns, rows: 0, files: {}, folder: "" };
}

export function readBytes(table: StoredTable, name: string): ArrayBuffer {
  if (table.folder === "") return new ArrayBuffer(0);
  return readChecked(table.folder, name, table.files[name]);
}

export function readDictionaryBytes(table: StoredTable, column: string): DictionaryBytes {
  return {
    bytes: new Uint8Array(readBytes(table, `${column}.texts`)),
    ends: new Uint32Array(readBytes(table, `${column}.ends`)),
  };
}

export function readDictionary(table: StoredTable, column: string, options: DictionaryOptions = {}): Dictionary {
  return createDictionary({ ...options, from: readDictionaryBytes(table, column) });
}

/** All values of a column. */
export function readValues(table: StoredTable, { field, storage }: StoredColumn): Uint32Array | Float64Array {
  const bytes = readBytes(table, `${field.name}.values`);
  return storage === "codes" || storage === "seconds" ? new Uint32Array(bytes) : new Float64Array(bytes);
}

export function columnNamed(table: TableManifest, name: string): StoredColumn | undefined {
  return table.columns.find(({ field }) => field.name === name);
}

export function hasRows(folder: string): boolean {
  return existsSync(join(folder, "current.json"));
}
