/** Writes an Interactions table: spills rows as they come, sorts them by user and time at the end. */
import type { FileCheck } from "./column-file.ts";
import { createColumnWriter, openColumnReader } from "./column-file.ts";
import type { Dictionary } from "./dictionary.ts";
import type { ColumnSink, Values } from "./field-sinks.ts";
import { numberSink, secondsSink } from "./field-sinks.ts";
import { codeSink } from "./code-sink.ts";
import { createPartitionedRows } from "./partitioned-rows.ts";
import type { PartitionedRows } from "./partitioned-rows.ts";
import type { StoredColumn, StoredTable } from "./stored-table.ts";
import { columnNamed, readBytes } from "./stored-table.ts";
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

/** Answers the user of each of the next rows: users' offsets turned into codes again, a batch at a time. */
function usersOf(offsets: Uint32Array) {
  let [user, row] = [0, 0];
  return (count: number): Uint32Array<ArrayBuffer> => {
    const users = new Uint32Array(count);
    for (let filled = 0; filled < count;) {
      while ((offsets[user + 1] as number) <= row) user++;
      const upTo = Math.min(count, filled + (offsets[user + 1] as number) - row);
      users.fill(user, filled, upTo);
      row += upTo - filled;
      filled = upTo;
    }
    return users;
  };
}

/** Adds the rows of an earlier table, a batch at a time: however many there are, they take no more memory. */
function appendPrevious(
  previous: StoredTable,
  columns: readonly StoredColumn[],
  { rows, batchRows }: { readonly rows: PartitionedRows; readonly batchRows: number },
): void {
  const nextUsers = usersOf(new Uint32Array(readBytes(previous, "USER_ID.offsets")));
  const others = columns.slice(1).map(({ field }) => {
    const stored = columnNamed(previous, field.name);
    if (!stored) throw new Error(`${previous.folder} has no column ${field.name}: import with FULL`);
    const reader = openColumnReader(previous.folder, `${field.name}.values`, previous.files[`${field.name}.values`]);
    return { reader, isWide: stored.storage === "numbers" };
  });
  try {
    for (let from = 0; from < previous.rows; from += batchRows) {
      const count = Math.min(batchRows, previous.rows - from);
      const values = others.map(({ reader, isWide }): Values =>
        isWide ? new Float64Array(reader.take(8 * count)) : new Uint32Array(reader.take(4 * count)),
      );
      rows.append([nextUsers(count), ...values], count);
    }
    for (const { reader } of others) reader.finish();
  } finally {
    for (const { reader } of others) reader.close();
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

  return {
    sinks: new Map(names.map((name, c) => [name, sinks[c] as ColumnSink])),
    dictionaries: new Map(names.flatMap((name, c) => (dictionaries[c] ? [[name, dictionaries[c]]] : []))),
    ...{ flush, finish },
  };
}
