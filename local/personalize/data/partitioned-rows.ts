/**
 * Rows on their way to being sorted by user, parted as they come: 8192 users share a partition, so that each is small
 * enough to be sorted within the processor's cache. Rows lie in chunks of one arena of fixed size; when it is full, the
 * full chunks move to a temporary file. Memory stays the same however many rows there are.
 *
 * A chunk holds `chunkRows` rows, row after row; columns of codes and seconds are in one arena, numbers in another.
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
/** Rows are placed and then stored in blocks of this many, so that what one column touched is still near for the next. */
const blockRows = 1 << 10;

/** Chunks in order; n >= 0 is chunk n of the arena, ~n is chunk n of the file. */
type Chunks = number[];

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

/** Where each column lies: in which arena, and at which value of a row's part of it. */
function layOut(wide: readonly boolean[]) {
  let [narrow, broad] = [0, 0];
  const places = wide.map((isWide) => ({ isWide, at: isWide ? broad++ : narrow++ }));
  return { places, narrow, broad, chunkBytes: chunkRows * (4 * narrow + 8 * broad) };
}

export function createPartitionedRows({ folder, wide, memoryBytes }: PartitionOptions): PartitionedRows {
  const { places, narrow, broad, chunkBytes } = layOut(wide);
  let chunkCount = Math.max(1, Math.floor(memoryBytes / chunkBytes));
  let narrowArena = new Uint32Array(chunkCount * narrow * chunkRows); // pages not touched yet take no memory
  let wideArena = new Float64Array(chunkCount * broad * chunkRows);
  const file = createChunkFile(folder, chunkBytes);
  const partitions: Chunks[] = [];
  /** (partitions) chunk * chunkRows + row of the next row; at the start of a chunk, one has to be taken first. */
  let cursors = new Uint32Array(64);
  const free: number[] = [];
  let used = 0;
  const block = new Uint32Array(blockRows);

  /** Rows in the partition's last chunk; it has all the others full. */
  const rowsInLast = (p: number) => (cursors[p] as number) & (chunkRows - 1) || chunkRows;

  const narrowPart = (chunk: number) =>
    narrowArena.subarray(chunk * narrow * chunkRows, (chunk + 1) * narrow * chunkRows);
  const widePart = (chunk: number) => wideArena.subarray(chunk * broad * chunkRows, (chunk + 1) * broad * chunkRows);

  /** Moves all full chunks to the file. */
  function evict(): void {
    partitions.forEach((chunks, p) => {
      const full = chunks.length - (rowsInLast(p) === chunkRows ? 0 : 1);
      for (let n = 0; n < full; n++) {
        const chunk = chunks[n] as number;
        if (chunk < 0) continue;
        chunks[n] = ~file.write([narrowPart(chunk), widePart(chunk)]);
        free.push(chunk);
      }
    });
  }

  /** Makes room before rows are placed, so that no chunk moves between placing a row and storing it. */
  function reserve(users: Values, rows: number): void {
    let most = -1;
    for (let row = 0; row < rows; row++) if ((users[row] as number) > most) most = users[row] as number;
    while (partitions.length <= most >>> partitionShift) partitions.push([]);
    if (partitions.length > cursors.length) {
      const grown = new Uint32Array(2 * partitions.length);
      grown.set(cursors);
      cursors = grown;
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

  /** A chunk for the partition's next rows; returns where it begins. */
  function begin(p: number): number {
    const chunk = free.pop() ?? used++;
    (partitions[p] as Chunks).push(chunk);
    return chunk * chunkRows;
  }

  /** For each row from ... to - 1 the chunk and the row in it, as chunk * chunkRows + row. */
  function place(users: Values, from: number, to: number): void {
    const next = cursors;
    for (let row = from; row < to; row++) {
      const p = (users[row] as number) >>> partitionShift;
      let at = next[p] as number;
      if ((at & (chunkRows - 1)) === 0) at = begin(p);
      block[row - from] = at;
      next[p] = at + 1;
    }
  }

  function append(columns: readonly Values[], rows: number): void {
    const users = columns[0] as Values;
    reserve(users, rows);
    for (let from = 0; from < rows; from += blockRows) {
      const to = Math.min(rows, from + blockRows);
      place(users, from, to);
      for (let c = 0; c < columns.length; c++) {
        const { isWide, at } = places[c] as { isWide: boolean; at: number };
        const values = columns[c] as Values;
        if (isWide) storeWide(values as Float64Array, from, to, block, wideArena, broad, at);
        else storeNarrow(values as Uint32Array, from, to, block, narrowArena, narrow, at);
      }
    }
  }

  function read(p: number): Values[] {
    const chunks = partitions[p] as Chunks;
    const rows = chunks.length === 0 ? 0 : (chunks.length - 1) * chunkRows + rowsInLast(p);
    const columns = wide.map((isWide): Values => (isWide ? new Float64Array(rows) : new Uint32Array(rows)));
    chunks.forEach((chunk, n) => {
      const bytes = chunk < 0 ? file.read(~chunk) : undefined;
      const [ofNarrow, ofWide] = bytes
        ? [new Uint32Array(bytes, 0, narrow * chunkRows), new Float64Array(bytes, 4 * narrow * chunkRows)]
        : [narrowPart(chunk), widePart(chunk)];
      const count = Math.min(chunkRows, rows - n * chunkRows);
      columns.forEach((column, c) => {
        const { isWide, at } = places[c] as { isWide: boolean; at: number };
        if (isWide) takeOut(ofWide, broad, at, column, n * chunkRows, count);
        else takeOut(ofNarrow, narrow, at, column, n * chunkRows, count);
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

/** Scatters rows from ... to - 1 of one column to their places in the arena. The same for both arenas: each has its own for speed. */
function storeNarrow(
  values: Uint32Array,
  from: number,
  to: number,
  destinations: Uint32Array,
  arena: Uint32Array,
  columns: number,
  at: number,
): void {
  for (let row = from; row < to; row++) {
    arena[(destinations[row - from] as number) * columns + at] = values[row] as number;
  }
}

function storeWide(
  values: Float64Array,
  from: number,
  to: number,
  destinations: Uint32Array,
  arena: Float64Array,
  columns: number,
  at: number,
): void {
  for (let row = from; row < to; row++) {
    arena[(destinations[row - from] as number) * columns + at] = values[row] as number;
  }
}

/** One column of a chunk's first `count` rows, to column[first ...). */
function takeOut(chunk: Values, columns: number, at: number, column: Values, first: number, count: number): void {
  for (let row = 0, p = at; row < count; row++, p += columns) column[first + row] = chunk[p] as number;
}
