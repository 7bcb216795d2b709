/**
 * Columns on disk: plain typed arrays (little-endian, as every machine that runs Node has it), each file with its length
 * and CRC32 kept in the manifest of its folder. Runs in worker threads, so the calls may block.
 */
import { closeSync, fdatasyncSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";

export interface FileCheck {
  readonly bytes: number;
  readonly crc32: number;
}

export interface ColumnWriter {
  append(values: NodeJS.TypedArray): void;
  /** Bytes so far. */
  readonly length: number;
  /** Flushes to the disk and closes. */
  close(): FileCheck;
}

function bytesOf(values: NodeJS.TypedArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function createColumnWriter(folder: string, name: string): ColumnWriter {
  const file = openSync(join(folder, name), "w");
  let length = 0;
  let check = 0;
  return {
    get length() {
      return length;
    },
    append(values) {
      const bytes = bytesOf(values);
      check = crc32(bytes, check);
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
      length += bytes.length;
    },
    close() {
      fdatasyncSync(file);
      closeSync(file);
      return { bytes: length, crc32: check };
    },
  };
}

const damaged = (folder: string, name: string) =>
  new Error(`${join(folder, name)} is damaged: its checksum differs. Import or train again`);

/** A file's bytes, in a buffer of their own (so that any typed array may look at them). Damage throws, naming the file. */
export function readChecked(folder: string, name: string, check: FileCheck | undefined): ArrayBuffer {
  const bytes = readFileSync(join(folder, name));
  if (!check || bytes.length !== check.bytes || crc32(bytes) !== check.crc32) {
    throw damaged(folder, name);
  }
  return ownBuffer(bytes);
}

/** A file's bytes in a buffer of their own, unchecked. */
export const readWhole = (path: string): ArrayBuffer => ownBuffer(readFileSync(path));

function ownBuffer({ buffer, byteOffset, length }: Buffer<ArrayBuffer>): ArrayBuffer {
  const isWhole = byteOffset === 0 && buffer.byteLength === length;
  return isWhole ? buffer : buffer.slice(byteOffset, byteOffset + length);
}

/** Looks through a file piece by piece, for what is then read in parts. Damage throws, as in `readChecked`. */
export function verifyFile(folder: string, name: string, check: FileCheck | undefined): void {
  const file = openSync(join(folder, name), "r");
  const piece = Buffer.allocUnsafe(1 << 22);
  let [length, sum] = [0, 0];
  try {
    for (let count; (count = readSync(file, piece, 0, piece.length, null)) > 0; length += count) {
      sum = crc32(piece.subarray(0, count), sum);
    }
  } finally {
    closeSync(file);
  }
  if (!check || length !== check.bytes || sum !== check.crc32) throw damaged(folder, name);
}

/** Reads `length` bytes from `position` on; short only at the end of the file. */
export function readRange(file: number, position: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(file, bytes, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/**
 * Reads a file from its start, piece by piece, so that its size does not matter for memory. What was read is checked as a whole: `finish`
 * throws when the bytes, all of which must have been taken, are not those that were written.
 */
export interface ColumnReader {
  /** The next `length` bytes, in a buffer of their own. */
  take(length: number): ArrayBuffer;
  finish(): void;
  close(): void;
}

export function openColumnReader(folder: string, name: string, check: FileCheck | undefined): ColumnReader {
  const path = join(folder, name);
  const file = openSync(path, "r");
  let position = 0;
  let sum = 0;
  return {
    take(length) {
      const bytes = readRange(file, position, length);
      position += bytes.length;
      sum = crc32(bytes, sum);
      return bytes.length === length ? bytes.buffer : bytes.slice().buffer;
    },
    finish() {
      if (check?.bytes === position && check.crc32 === sum) return;
      throw new Error(`${path} is damaged: its checksum differs. Import or train again`);
    },
    close: () => closeSync(file),
  };
}
