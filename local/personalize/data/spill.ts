/**
 * Rows on their way to being sorted, in batches: the first `memoryRows` stay in memory, the others go to a temporary file
 * per column, so that no import needs more memory than that.
 */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { readRange } from "./column-file.ts";
import type { Values } from "./field-sinks.ts";

export interface Spill {
  /** Takes the first `rows` values of each column. */
  append(columns: readonly Values[], rows: number): void;
  /** Hands out all rows again, in order, some at a time. */
  forEach(visit: (columns: readonly Values[], rows: number) => void): void;
  readonly rows: number;
  remove(): void;
}

const rowsPerRead = 1 << 17;

export function createSpill(folder: string, wide: readonly boolean[], memoryRows: number): Spill {
  const held: { readonly columns: readonly Values[]; readonly rows: number }[] = [];
  let heldRows = 0;
  let files: SpillFiles | undefined;

  return {
    append(columns, rows) {
      if (!files && heldRows + rows <= memoryRows) {
        held.push({ columns: columns.map((values) => values.slice(0, rows)), rows });
        heldRows += rows;
      } else (files ??= openFiles(folder, wide)).append(columns, rows);
    },
    forEach(visit) {
      for (const { columns, rows } of held) visit(columns, rows);
      files?.forEach(visit);
    },
    remove() {
      held.length = 0;
      files?.remove();
    },
    get rows() {
      return heldRows + (files?.rows ?? 0);
    },
  };
}

type SpillFiles = Spill;

function openFiles(folder: string, wide: readonly boolean[]): SpillFiles {
  const paths = wide.map((_, column) => join(folder, `spill-${column}`));
  const files = paths.map((path) => openSync(path, "w+"));
  const widthOf = (column: number) => (wide[column] ? 8 : 4);
  let count = 0;

  function append(columns: readonly Values[], rows: number): void {
    columns.forEach((values, column) => {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, rows * widthOf(column));
      for (let done = 0; done < bytes.length;) {
        done += writeSync(files[column] as number, bytes, done, bytes.length - done, count * widthOf(column) + done);
      }
    });
    count += rows;
  }

  function forEach(visit: (columns: readonly Values[], rows: number) => void): void {
    for (let from = 0; from < count; from += rowsPerRead) {
      const rows = Math.min(rowsPerRead, count - from);
      const columns = files.map((file, column): Values => {
        const width = widthOf(column);
        const { buffer } = readRange(file, from * width, rows * width);
        return wide[column] ? new Float64Array(buffer, 0, rows) : new Uint32Array(buffer, 0, rows);
      });
      visit(columns, rows);
    }
  }

  function remove(): void {
    files.forEach((file) => closeSync(file));
    paths.forEach((path) => rmSync(path, { force: true }));
  }

  return {
    append,
    forEach,
    remove,
    get rows() {
      return count;
    },
  };
}
