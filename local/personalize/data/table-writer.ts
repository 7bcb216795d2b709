/** What an import writes to: a sink per column, a batch at a time, and a set of finished files at the end. */
import type { FileCheck } from "./column-file.ts";
import { createColumnWriter } from "./column-file.ts";
import type { Field } from "./dataset-schema.ts";
import { createDictionary } from "./dictionary.ts";
import type { Dictionary } from "./dictionary.ts";
import type { ColumnSink, TextHeap } from "./field-sinks.ts";
import { checkText } from "./field-sinks.ts";
import type { StoredColumn, StoredTable } from "./stored-table.ts";
import { columnNamed, readDictionaryBytes } from "./stored-table.ts";

export interface TableWriter {
  readonly sinks: ReadonlyMap<string, ColumnSink>;
  /** What the codes of columns stand for, where a writer tells. */
  readonly dictionaries?: ReadonlyMap<string, Dictionary>;
  /** Takes the first `rows` values of all sinks. */
  flush(rows: number): void;
  /** Writes and flushes everything; the temporary folder then lacks only its manifest. */
  finish(): { readonly rows: number; readonly rowsStored: number; readonly files: Record<string, FileCheck> };
}

export interface TableWriterOptions {
  readonly folder: string;
  readonly columns: readonly StoredColumn[];
  /** The rows to append to, for an INCREMENTAL import. */
  readonly previous: StoredTable | undefined;
  readonly batchRows: number;
}

/** A dictionary that refuses bad texts, beginning with the previous table's codes. */
export function dictionaryFor(field: Field, previous: StoredTable | undefined): Dictionary {
  const known = previous && columnNamed(previous, field.name)?.storage === "codes" ? previous : undefined;
  const from = known && readDictionaryBytes(known, field.name);
  return createDictionary({ check: (bytes, start, end) => checkText(field, bytes, start, end), ...(from && { from }) });
}

export function writeDictionary(folder: string, name: string, dictionary: Dictionary): Record<string, FileCheck> {
  const { bytes, ends } = dictionary.freeze();
  return {
    [`${name}.texts`]: writeWhole(folder, `${name}.texts`, bytes),
    [`${name}.ends`]: writeWhole(folder, `${name}.ends`, ends),
  };
}

export function writeWhole(folder: string, name: string, values: NodeJS.TypedArray): FileCheck {
  const writer = createColumnWriter(folder, name);
  writer.append(values);
  return writer.close();
}

const lengthBytes = 4;

/** Texts one after the other, each with its length in front; a text's place is where that length stands. */
export function createHeapWriter(
  folder: string,
  name: string,
): TextHeap & { copy(bytes: Uint8Array): void; close(): FileCheck } {
  const writer = createColumnWriter(folder, name);
  let block = Buffer.allocUnsafe(1 << 18);
  let filled = 0;
  const flush = () => {
    writer.append(block.subarray(0, filled));
    filled = 0;
  };
  return {
    append(bytes, start, end) {
      const needed = lengthBytes + end - start;
      if (filled + needed > block.length) flush();
      if (needed > block.length) block = Buffer.allocUnsafe(2 * needed);
      const place = writer.length + filled;
      filled = block.writeUInt32LE(end - start, filled);
      block.set(bytes.subarray(start, end), filled);
      filled += end - start;
      return place;
    },
    copy(bytes) {
      flush();
      writer.append(bytes);
    },
    close() {
      flush();
      return writer.close();
    },
  };
}
