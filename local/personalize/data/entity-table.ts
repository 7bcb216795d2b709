/** Items, users or actions read back: bulk rows under streamed ones, by id. Text stays on disk until it is asked for. */
import { closeSync, openSync, readFileSync } from "node:fs";
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
  /** @param names only these columns, in any case; all when absent */
  metadata(id: string, names?: readonly string[]): Metadata | undefined;
  /** The values of a column (its name in any case) by row, read whole, so that all can be asked for; undefined without such a column. */
  reader(name: string): ((row: number) => MetadataValue) | undefined;
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

  function columnsNamed(names: readonly string[] | undefined): readonly EntityColumn[] {
    if (!names) return columns;
    const wanted = names.map((name) => name.toUpperCase());
    return columns.filter(({ field }) => wanted.includes(field.name.toUpperCase()));
  }

  function metadata(id: string, names?: readonly string[]): Metadata | undefined {
    const row = rowOf(id);
    if (row === undefined) return undefined;
    return Object.fromEntries(columnsNamed(names).map((column) => [column.field.name, value(column, row)]));
  }

  function reader(name: string): ((row: number) => MetadataValue) | undefined {
    const [column] = columnsNamed([name]);
    if (!column) return undefined;
    const { dictionary, values, field } = column;
    if (dictionary) {
      const texts: (string | undefined)[] = [];
      const text = (code: number) => (texts[code] ??= dictionary.text(code));
      return (row) => (values[row] === noCode ? null : text(values[row] as number));
    }
    if (!heaps.has(field.name)) return (row) => value(column, row);
    const heap = readFileSync(join(table.folder, `${field.name}.heap`));
    return (row) => {
      const place = values[row] as number;
      return Number.isNaN(place) ? null : heap.toString("utf8", place + 4, place + 4 + heap.readUInt32LE(place));
    };
  }

  const close = () => heaps.forEach((file) => closeSync(file));
  return { ids, columns, rowOf, value, metadata, reader, close };
}
