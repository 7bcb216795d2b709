/**
 * Rows on their way to being sorted by user, parted as they come: 8192 users share a partition, so that each is small
 * enough to be sorted within the processor's cache. Rows lie in chunks of one arena of fixed size; when it is full, the
 * full chunks move to a temporary file. Memory stays the same however many rows there are.
 *
 * A chunk holds `chunkRows` rows, column after column; columns of codes and seconds are in one arena, numbers in another.
 */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { readRange } from "./column-file.ts";
import type { Values } from "./field-sinks.ts";

export interface PartitionedRows {
  /** Takes the first `rows` values of each column; the first column is the user's code. */
  append(columns: readonly Values[], rows: number): void;
  /** How many partitions there are: partition p has the users from p * usersPerPartition on. */
  readonly partitions: number;
  /** All rows of a partition, in the order they came. */
  read(partition: number): Values[];
  remove(): void;
}

export interface PartitionOptions {
  /** For the temporary file. */
  readonly folder: string;
  /** Per column: eight bytes a value instead of four. */
  readonly wide: readonly boolean[];
  readonly memoryBytes: number;
}

export const usersPerPartition = 1 << 13;
const partitionShift = 13;
const chunkRows = 1 << 10;
const chunkShift = 10;

interface Partition {
  /** Chunks in order; n >= 0 is chunk n of the arena, ~n is chunk n of the file. */
  readonly chunks: number[];
  rows: number;
}

/** The temporary file: chunks one after the other, narrow columns before wide ones. */
function createChunkFile(folder: string, chunkBytes: number) {
  const path = join(folder, "partitioned-rows");
  let file: number | undefined;
  let count = 0;
  return {
    write(parts: readonly NodeJS.TypedArray[]): number {
      file ??= openSync(path, "w+");
      let position = count * chunkBytes;
      for (const part of parts) {
        const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
        for (let done = 0; done < bytes.length;)
          done += writeSync(file, bytes, done, bytes.length - done, position + done);
        position += bytes.length;
      }
      return count++;
    },
    read: (chunk: number) => readRange(file as number, chunk * chunkBytes, chunkBytes).buffer,
    remove() {
      if (file !== undefined) closeSync(file);
      rmSync(path, { force: true });
    },
  };
}

/** Where each column lies within a chunk: which arena, and at which value of the chunk's part of it. */
function layOut(wide: readonly boolean[]) {
  let [narrow, broad] = [0, 0];
  const places = wide.map((isWide) => ({ isWide, at: chunkRows * (isWide ? broad++ : narrow++) }));
  return { places, narrow, broad, chunkBytes: chunkRows * (4 * narrow + 8 * broad) };
}

export function createPartitionedRows({ folder, wide, memoryBytes }: PartitionOptions): PartitionedRows {
  const { places, narrow, broad, chunkBytes } = layOut(wide);
  let chunkCount = Math.max(1, Math.floor(memoryBytes / chunkBytes));
  let narrowArena = new Uint32Array(chunkCount * narrow * chunkRows); // pages not touched yet take no memory
  let wideArena = new Float64Array(chunkCount * broad * chunkRows);
  const file = createChunkFile(folder, chunkBytes);
  const partitions: Partition[] = [];
  const free: number[] = [];
  let used = 0;
  let rowPlaces = new Uint32Array(0);

  const narrowPart = (chunk: number) =>
    narrowArena.subarray(chunk * narrow * chunkRows, (chunk + 1) * narrow * chunkRows);
  const widePart = (chunk: number) => wideArena.subarray(chunk * broad * chunkRows, (chunk + 1) * broad * chunkRows);

  /** Moves all full chunks to the file. */
  function evict(): void {
    for (const { chunks, rows } of partitions) {
      chunks.forEach((chunk, n) => {
        if (chunk < 0 || (n + 1) * chunkRows > rows) return;
        chunks[n] = ~file.write([narrowPart(chunk), widePart(chunk)]);
        free.push(chunk);
      });
    }
  }

  /** Makes room before rows are placed, so that no chunk moves between placing a row and storing it. */
  function reserve(users: Values, rows: number): void {
    for (let row = 0; row < rows; row++) {
      const p = (users[row] as number) >>> partitionShift;
      while (partitions.length <= p) partitions.push({ chunks: [], rows: 0 });
    }
    const needed = Math.ceil(rows / chunkRows) + partitions.length;
    if (chunkCount - used + free.length < needed) evict();
    if (chunkCount - used + free.length >= needed) return;
    chunkCount += needed; // so many users that their half-filled chunks alone take all the memory
    const [oldNarrow, oldWide] = [narrowArena, wideArena];
    narrowArena = new Uint32Array(chunkCount * narrow * chunkRows);
    narrowArena.set(oldNarrow);
    wideArena = new Float64Array(chunkCount * broad * chunkRows);
    wideArena.set(oldWide);
  }

  /** For each row the chunk and the row in it, as chunk * chunkRows + row. */
  function place(users: Values, rows: number): Uint32Array {
    if (rowPlaces.length < rows) rowPlaces = new Uint32Array(rows);
    for (let row = 0; row < rows; row++) {
      const partition = partitions[(users[row] as number) >>> partitionShift] as Partition;
      const within = partition.rows & (chunkRows - 1);
      if (within === 0) partition.chunks.push(free.pop() ?? used++);
      partition.rows++;
      rowPlaces[row] = ((partition.chunks[partition.chunks.length - 1] as number) << chunkShift) + within;
    }
    return rowPlaces;
  }

  function append(columns: readonly Values[], rows: number): void {
    reserve(columns[0] as Values, rows);
    const destinations = place(columns[0] as Values, rows);
    columns.forEach((values, c) => {
      const { isWide, at } = places[c] as { isWide: boolean; at: number };
      if (isWide) store(values, rows, destinations, wideArena, broad, at);
      else store(values, rows, destinations, narrowArena, narrow, at);
    });
  }

  function read(p: number): Values[] {
    const { chunks, rows } = partitions[p] as Partition;
    const columns = wide.map((isWide): Values => (isWide ? new Float64Array(rows) : new Uint32Array(rows)));
    chunks.forEach((chunk, n) => {
      const bytes = chunk < 0 ? file.read(~chunk) : undefined;
      const [ofNarrow, ofWide] = bytes
        ? [new Uint32Array(bytes, 0, narrow * chunkRows), new Float64Array(bytes, 4 * narrow * chunkRows)]
        : [narrowPart(chunk), widePart(chunk)];
      const count = Math.min(chunkRows, rows - n * chunkRows);
      columns.forEach((column, c) => {
        const { isWide, at } = places[c] as { isWide: boolean; at: number };
        column.set((isWide ? ofWide : ofNarrow).subarray(at, at + count), n * chunkRows);
      });
    });
    return columns;
  }

  return {
    append,
    read,
    remove: file.remove,
    get partitions() {
      return partitions.length;
    },
  };
}

/** Scatters one column into its arena. */
function store(
  values: Values,
  rows: number,
  destinations: Uint32Array,
  arena: Values,
  columns: number,
  at: number,
): void {
  for (let row = 0; row < rows; row++) {
    const place = destinations[row] as number;
    arena[(place >>> chunkShift) * columns * chunkRows + (place & (chunkRows - 1)) + at] = values[row] as number;
  }
}
