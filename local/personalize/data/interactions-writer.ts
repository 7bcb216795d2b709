/** Writes an Interactions table: spills rows as they come, sorts them by user and time at the end. */
import type { FileCheck } from "./column-file.ts";
import { createColumnWriter } from "./column-file.ts";
import type { Dictionary } from "./dictionary.ts";
import type { ColumnSink, Values } from "./field-sinks.ts";
import { numberSink, secondsSink } from "./field-sinks.ts";
import { codeSink } from "./code-sink.ts";
import { createSpill } from "./spill.ts";
import type { Spill } from "./spill.ts";
import type { StoredColumn, StoredTable } from "./stored-table.ts";
import { columnNamed, readBytes, readValues } from "./stored-table.ts";
import type { TableWriter, TableWriterOptions } from "./table-writer.ts";
import { dictionaryFor, writeDictionary, writeWhole } from "./table-writer.ts";
import { writeSorted } from "./user-sort.ts";

export interface InteractionsWriterOptions extends TableWriterOptions {
  /** How many rows may be in memory while sorting. */
  readonly memoryRows: number;
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

/** Puts the rows of an earlier table back into the spill, users' offsets turned into codes again. */
function spillPrevious(previous: StoredTable, columns: readonly StoredColumn[], spill: Spill): void {
  const offsets = new Uint32Array(readBytes(previous, "USER_ID.offsets"));
  const users = new Uint32Array(previous.rows);
  for (let u = 0; u + 1 < offsets.length; u++) users.fill(u, offsets[u], offsets[u + 1]);
  const values = columns.map((column): Values => {
    if (column.field.name === "USER_ID") return users;
    const stored = columnNamed(previous, column.field.name);
    if (!stored) throw new Error(`${previous.folder} has no column ${column.field.name}: import with FULL`);
    return readValues(previous, stored) as Values;
  });
  spill.append(values, previous.rows);
}

/** Rows per user code, growing with the dictionary. */
function createCounter() {
  let counts = new Uint32Array(1 << 16);
  return {
    add(users: Uint32Array, rows: number, size: number) {
      if (size > counts.length) {
        const grown = new Uint32Array(2 * size);
        grown.set(counts);
        counts = grown;
      }
      for (let row = 0; row < rows; row++) counts[users[row] as number] = (counts[users[row] as number] as number) + 1;
    },
    upTo: (size: number) => counts.subarray(0, size),
  };
}

export function createInteractionsWriter(options: InteractionsWriterOptions): TableWriter {
  const { folder, previous, batchRows, memoryRows } = options;
  const columns = sortedColumns(options.columns);
  const names = columns.map(({ field }) => field.name);
  const wide = columns.map(({ storage }) => storage === "numbers");
  const dictionaries = columns.map(({ field, storage }) =>
    storage === "codes" ? dictionaryFor(field, previous) : undefined,
  );
  const sinks = columns.map((column, c) => sinkFor(column, dictionaries[c], batchRows));
  const spill = createSpill(folder, wide, memoryRows);
  const users = dictionaries[0] as Dictionary;
  const counter = createCounter();
  if (previous) {
    spillPrevious(previous, columns, spill);
    spill.forEach(([codes], rows) => counter.add(codes as Uint32Array, rows, users.size));
  }

  function flush(rows: number): void {
    for (const sink of sinks) sink.settle?.(rows);
    counter.add(sinks[0]?.values as Uint32Array, rows, users.size);
    spill.append(sinks.map((sink) => sink.values), rows); // prettier-ignore
  }

  function finish(): ReturnType<TableWriter["finish"]> {
    const writers = names.slice(1).map((name) => createColumnWriter(folder, `${name}.values`));
    const offsets = writeSorted({ spill, wide, counts: counter.upTo(users.size), writers, memoryRows });
    const rows = offsets[users.size] as number;
    spill.remove();
    const files: Record<string, FileCheck> = { "USER_ID.offsets": writeWhole(folder, "USER_ID.offsets", offsets) };
    writers.forEach((writer, w) => (files[`${names[w + 1]}.values`] = writer.close()));
    dictionaries.forEach((dictionary, c) => {
      if (dictionary) Object.assign(files, writeDictionary(folder, names[c] as string, dictionary));
    });
    return { rows, rowsStored: rows, files };
  }

  return { sinks: new Map(names.map((name, c) => [name, sinks[c] as ColumnSink])), flush, finish };
}
