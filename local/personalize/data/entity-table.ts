/** Items, users or actions read back: bulk rows under streamed ones, by id. Text stays on disk until it is asked for. */
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Metadata, MetadataValue } from "../job-runner.ts";
import { readRange } from "./column-file.ts";
import { idColumn } from "./dataset-schema.ts";
import type { Dictionary } from "./dictionary.ts";
import { noCode } from "./field-sinks.ts";
import type { Values } from "./field-sinks.ts";
import { readBytes, readDictionary, readValues } from "./stored-table.ts";
import type { StoredColumn, StoredTable } from "./stored-table.ts";

export interface EntityColumn extends StoredColumn {
  /** One value per stored row; rows that were replaced are still there. */
  readonly values: Values;
  readonly dictionary: Dictionary | undefined;
}

export interface EntityTable {
  readonly ids: Dictionary;
  /** All columns but the id's. */
  readonly columns: readonly EntityColumn[];
  /** The stored row that counts for an id; undefined for an unknown id. */
  rowOf(id: string): number | undefined;
  value(column: EntityColumn, row: number): MetadataValue;
  metadata(id: string): Metadata | undefined;
  close(): void;
}

const decoder = new TextDecoder();

function readText(file: number, place: number): string {
  const length = Buffer.from(readRange(file, place, 4)).readUInt32LE(0);
  return decoder.decode(readRange(file, place + 4, length));
}

export function openEntities(table: StoredTable): EntityTable {
  const idName = idColumn(table.datasetType);
  const ids = readDictionary(table, idName);
  const newest = new Uint32Array(readBytes(table, "newest"));
  const heaps = new Map<string, number>();
  const columns = table.columns
    .filter(({ field }) => field.name !== idName)
    .map((column): EntityColumn => {
      const { field, storage } = column;
      if (storage === "text") heaps.set(field.name, openSync(join(table.folder, `${field.name}.heap`), "r"));
      const dictionary = storage === "codes" ? readDictionary(table, field.name) : undefined;
      return { ...column, values: readValues(table, column) as Values, dictionary };
    });

  function rowOf(id: string): number | undefined {
    const code = ids.find(id);
    return code === undefined ? undefined : newest[code];
  }

  function value({ field, values, dictionary }: EntityColumn, row: number): MetadataValue {
    const stored = values[row] as number;
    if (dictionary) return stored === noCode ? null : dictionary.text(stored);
    if (Number.isNaN(stored)) return null;
    const heap = heaps.get(field.name);
    if (heap !== undefined) return readText(heap, stored);
    return field.type === "boolean" ? stored === 1 : stored;
  }

  function metadata(id: string): Metadata | undefined {
    const row = rowOf(id);
    return row === undefined
      ? undefined
      : Object.fromEntries(columns.map((column) => [column.field.name, value(column, row)]));
  }

  const close = () => heaps.forEach((file) => closeSync(file));
  return { ids, columns, rowOf, value, metadata, close };
}
