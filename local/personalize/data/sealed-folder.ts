/**
 * Folders that appear whole or not at all. Files are written to a temporary folder and flushed, then a manifest with the
 * length and CRC32 of each, then the folder gets its name by one rename.
 *
 * `current.json`-like pointers are single files replaced the same way. A leftover temporary is removed by the next writer.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";

/** Makes renames in the folder durable. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Replaces a JSON file atomically; its first eight characters are the CRC32 of the rest. */
export function writeSealedJson(path: string, value: unknown): void {
  const json = JSON.stringify(value);
  const temporary = `${path}.new`;
  const file = openSync(temporary, "w");
  try {
    writeSync(file, `${crc32(json).toString(16).padStart(8, "0")} ${json}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** Undefined when there is no such file; throws when it is damaged. */
export function readSealedJson(path: string): unknown {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  const json = text.slice(9).trimEnd();
  if (text.slice(0, 8) !== crc32(json).toString(16).padStart(8, "0")) {
    throw new Error(`${path} is damaged: its checksum differs. Import or train again`);
  }
  return JSON.parse(json);
}

/** Makes an empty temporary folder that `seal` will turn into `folder`. */
export function openTemporary(folder: string): string {
  const temporary = `${folder}.new`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  return temporary;
}

/** Gives the temporary folder its name, replacing what had it. All its files have been flushed. */
export function seal(temporary: string, folder: string, manifest: unknown): void {
  writeSealedJson(join(temporary, "manifest.json"), manifest);
  rmSync(folder, { recursive: true, force: true });
  renameSync(temporary, folder);
  syncFolder(dirname(folder));
}
