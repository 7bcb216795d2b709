/** Writes a table of items, users or actions: rows as they come, and which row counts for each id. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createColumnWriter } from "./column-file.ts";
import type { ColumnWriter, FileCheck } from "./column-file.ts";
import type { Dictionary } from "./dictionary.ts";
import type { ColumnSink } from "./field-sinks.ts";
import { codeSink } from "./code-sink.ts";
import { noCode, numberSink, textSink } from "./field-sinks.ts";
import type { StoredColumn, StoredTable } from "./stored-table.ts";
import { columnNamed, readBytes, readValues } from "./stored-table.ts";
import type { TableWriter, TableWriterOptions } from "./table-writer.ts";
import { createHeapWriter, dictionaryFor, writeDictionary, writeWhole } from "./table-writer.ts";

export interface EntitiesWriterOptions extends TableWriterOptions {
  readonly idColumn: string;
}

interface ColumnOutput {
  readonly sink: ColumnSink;
  readonly dictionary: Dictionary | undefined;
  readonly writer: ColumnWriter;
  /** Everything of the column is on disk; its files. */
  close(): Record<string, FileCheck>;
}

/** The column's values in the previous table, nulls where it is new; its texts go along. */
function copyPrevious(
  column: StoredColumn,
  previous: StoredTable,
  writer: ColumnWriter,
  heap: ReturnType<typeof createHeapWriter> | undefined,
): void {
  const stored = columnNamed(previous, column.field.name);
  if (stored) writer.append(readValues(previous, stored));
  else if (column.storage === "codes") writer.append(new Uint32Array(previous.rows).fill(noCode));
  else writer.append(new Float64Array(previous.rows).fill(NaN));
  if (stored && heap) heap.copy(readFileSync(join(previous.folder, `${column.field.name}.heap`)));
}

function openColumn(column: StoredColumn, { folder, previous, batchRows }: EntitiesWriterOptions): ColumnOutput {
  const { field, storage } = column;
  const dictionary = storage === "codes" ? dictionaryFor(field, previous) : undefined;
  const heap = storage === "text" ? createHeapWriter(folder, `${field.name}.heap`) : undefined;
  const writer = createColumnWriter(folder, `${field.name}.values`);
  if (previous) copyPrevious(column, previous, writer, heap);
  const sink = dictionary
    ? codeSink(field, dictionary, batchRows)
    : heap
      ? textSink(field, heap, batchRows)
      : numberSink(field, batchRows);
  return {
    sink,
    dictionary,
    writer,
    close: () => ({
      [`${field.name}.values`]: writer.close(),
      ...(heap && { [`${field.name}.heap`]: heap.close() }),
      ...(dictionary && writeDictionary(folder, field.name, dictionary)),
    }),
  };
}

/** The row that counts for each id code: the last one. */
function createNewest(previous: StoredTable | undefined) {
  let newest = previous ? new Uint32Array(readBytes(previous, "newest")) : new Uint32Array(1024);
  return {
    add(codes: Uint32Array, rows: number, firstRow: number, size: number) {
      if (size > newest.length) {
        const grown = new Uint32Array(2 * size);
        grown.set(newest);
        newest = grown;
      }
      for (let row = 0; row < rows; row++) newest[codes[row] as number] = firstRow + row;
    },
    upTo: (size: number) => newest.subarray(0, size),
  };
}

export function createEntitiesWriter(options: EntitiesWriterOptions): TableWriter {
  const { folder, columns, previous, idColumn } = options;
  const outputs = new Map(columns.map((column) => [column.field.name, openColumn(column, options)]));
  const ids = outputs.get(idColumn);
  if (!ids?.dictionary) throw new Error(`The schema has no ${idColumn} of type string`);
  const { dictionary, sink } = ids;
  const newest = createNewest(previous);
  let rowCount = previous?.rows ?? 0;

  function flush(rows: number): void {
    for (const { sink: column, writer } of outputs.values()) {
      column.settle?.(rows);
      writer.append(column.values.subarray(0, rows));
    }
    newest.add(sink.values as Uint32Array, rows, rowCount, dictionary.size);
    rowCount += rows;
  }

  function finish(): ReturnType<TableWriter["finish"]> {
    const files: Record<string, FileCheck> = {};
    for (const output of outputs.values()) Object.assign(files, output.close());
    files["newest"] = writeWhole(folder, "newest", newest.upTo(dictionary.size));
    return { rows: rowCount, rowsStored: dictionary.size, files };
  }

  return { sinks: new Map([...outputs].map(([name, output]) => [name, output.sink])), flush, finish };
}
