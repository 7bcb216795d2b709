/** Writes an Interactions table: spills rows as they come, sorts them by user and time at the end. */
import type { FileCheck } from "./column-file.ts";
import { createColumnWriter } from "./column-file.ts";
import type { Dictionary } from "./dictionary.ts";
import type { ColumnSink, Values } from "./field-sinks.ts";
import { numberSink, secondsSink } from "./field-sinks.ts";
import { codeSink } from "./code-sink.ts";
import { createPartitionedRows } from "./partitioned-rows.ts";
import type { PartitionedRows } from "./partitioned-rows.ts";
import type { StoredColumn, StoredTable } from "./stored-table.ts";
import { columnNamed, readBytes, readValues } from "./stored-table.ts";
import type { TableWriter, TableWriterOptions } from "./table-writer.ts";
import { dictionaryFor, writeDictionary, writeWhole } from "./table-writer.ts";
import { writeSorted } from "./user-sort.ts";

export interface InteractionsWriterOptions extends TableWriterOptions {
  /** How much memory the rows may take until they are sorted; more of them wait in a file. */
  readonly memoryBytes: number;
}

/** User codes first, timestamps second: the order that the sort wants. */
function sortedColumns(columns: readonly StoredColumn[]): StoredColumn[] {
  const rank = ({ field }: StoredColumn) => (field.name === "USER_ID" ? 0 : field.name === "TIMESTAMP" ? 1 : 2);
  return [...columns].sort((a, b) => rank(a) - rank(b));
}

function sinkFor({ field, storage }: StoredColumn, dictionary: Dictionary | undefined, batchRows: number): ColumnSink {
  if (dictionary) return codeSink(field, dictionary, batchRows);
  return storage === "seconds" ? secondsSink(field, batchRows) : numberSink(field, batchRows);
}

/** Adds the rows of an earlier table, users' offsets turned into codes again. */
function appendPrevious(
  previous: StoredTable,
  columns: readonly StoredColumn[],
  { rows, batchRows }: { readonly rows: PartitionedRows; readonly batchRows: number },
): void {
  const offsets = new Uint32Array(readBytes(previous, "USER_ID.offsets"));
  const users = new Uint32Array(previous.rows);
  for (let u = 0; u + 1 < offsets.length; u++) users.fill(u, offsets[u], offsets[u + 1]);
  const values = columns.map((column): Values => {
    if (column.field.name === "USER_ID") return users;
    const stored = columnNamed(previous, column.field.name);
    if (!stored) throw new Error(`${previous.folder} has no column ${column.field.name}: import with FULL`);
    return readValues(previous, stored) as Values;
  });
  for (let from = 0; from < previous.rows; from += batchRows) {
    const to = Math.min(from + batchRows, previous.rows);
    rows.append(values.map((each) => each.subarray(from, to)), to - from); // prettier-ignore
  }
}

export function createInteractionsWriter(options: InteractionsWriterOptions): TableWriter {
  const { folder, previous, batchRows, memoryBytes } = options;
  const columns = sortedColumns(options.columns);
  const names = columns.map(({ field }) => field.name);
  const wide = columns.map(({ storage }) => storage === "numbers");
  const dictionaries = columns.map(({ field, storage }) =>
    storage === "codes" ? dictionaryFor(field, previous) : undefined,
  );
  const sinks = columns.map((column, c) => sinkFor(column, dictionaries[c], batchRows));
  const rows = createPartitionedRows({ folder, wide, memoryBytes });
  const users = dictionaries[0] as Dictionary;
  if (previous) appendPrevious(previous, columns, { rows, batchRows });

  function flush(count: number): void {
    for (const sink of sinks) sink.settle?.(count);
    rows.append(sinks.map((sink) => sink.values), count); // prettier-ignore
  }

  function finish(): ReturnType<TableWriter["finish"]> {
    const writers = names.slice(1).map((name) => createColumnWriter(folder, `${name}.values`));
    const offsets = writeSorted({ rows, users: users.size, writers });
    const stored = offsets[users.size] as number;
    rows.remove();
    const files: Record<string, FileCheck> = { "USER_ID.offsets": writeWhole(folder, "USER_ID.offsets", offsets) };
    writers.forEach((writer, w) => (files[`${names[w + 1]}.values`] = writer.close()));
    dictionaries.forEach((dictionary, c) => {
      if (dictionary) Object.assign(files, writeDictionary(folder, names[c] as string, dictionary));
    });
    return { rows: stored, rowsStored: stored, files };
  }

  return { sinks: new Map(names.map((name, c) => [name, sinks[c] as ColumnSink])), flush, finish };
}
