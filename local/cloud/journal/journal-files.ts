/**
 * The files of a state directory and how they are read back.
 *
 *   segment-<n>.jsonl    batches of changes in the order in which they were committed
 *   snapshot-<n>.jsonl   every row as it was when segment n began; segments before n are no longer needed
 *
 * A snapshot appears by rename, complete or not at all, and ends in a record that counts its rows.
 */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { Change } from "./memory-store.ts";
import { scanRecords } from "./record.ts";

export type Kind = "segment" | "snapshot";

export function pathOf(dir: string, kind: Kind, number: number): string {
  return join(dir, `${kind}-${String(number).padStart(8, "0")}.jsonl`);
}

/** The numbers of one kind of file, ascending. */
export function numbersOf(dir: string, kind: Kind): number[] {
  const pattern = new RegExp(`^${kind}-(\\d+)\\.jsonl$`);
  return readdirSync(dir)
    .map((name) => pattern.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

/** Makes renames, creations and removals in a directory durable. */
export function syncDirectory(dir: string): void {
  const handle = openSync(dir, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Removes everything that snapshot `number` makes unnecessary, and drafts of snapshots that were never finished. */
export function removeOlderThan(dir: string, number: number): void {
  for (const kind of ["segment", "snapshot"] as const) {
    for (const old of numbersOf(dir, kind)) if (old < number) rmSync(pathOf(dir, kind, old), { force: true });
  }
  for (const name of readdirSync(dir)) if (name.endsWith(".draft")) rmSync(join(dir, name), { force: true });
}

export interface Replayed {
  readonly nextSegment: number;
  readonly snapshotBytes: number;
  readonly segmentBytes: number;
}

/** Replays the newest snapshot and the segments after it into `apply`. */
export function replay(dir: string, apply: (change: Change) => void, log: (line: string) => void): Replayed {
  const snapshot = numbersOf(dir, "snapshot").at(-1);
  const first = snapshot ?? 1;
  const last = Math.max(numbersOf(dir, "segment").at(-1) ?? 0, snapshot ?? 0);
  const snapshotBytes = snapshot === undefined ? 0 : readSnapshot(pathOf(dir, "snapshot", snapshot), apply);
  let segmentBytes = 0;
  let lastBytes = 0;
  for (let number = first; number <= last; number++) {
    const path = pathOf(dir, "segment", number);
    if (!existsSync(path)) throw new Error(`${path} is missing: restore it, or start with another state directory`);
    lastBytes = readSegment(path, apply, { isLast: number === last, log });
    segmentBytes += lastBytes;
  }
  return { nextSegment: last > 0 && lastBytes === 0 ? last : last + 1, snapshotBytes, segmentBytes };
}

function readSegment(
  path: string,
  apply: (change: Change) => void,
  { isLast, log }: { isLast: boolean; log: (line: string) => void },
): number {
  const bytes = readFileSync(path);
  // A record is what encodeRecord wrote and its checksum fits: it is a batch of changes.
  const result = scanRecords(bytes, (batch) => (batch as Change[]).forEach(apply));
  if (result.kind === "whole") return bytes.length;
  if (result.kind === "damaged" || !isLast) throw damaged(path, result.offset);
  log(`${path}: dropped ${bytes.length - result.offset} bytes of an unfinished write at offset ${result.offset}`);
  truncateSync(path, result.offset);
  return result.offset;
}

function readSnapshot(path: string, apply: (change: Change) => void): number {
  let rows = 0;
  let promised: number | undefined;
  const bytes = readFileSync(path);
  const result = scanRecords(bytes, (record) => {
    if (!Array.isArray(record)) return void (promised = (record as { rows: number }).rows);
    rows += record.length;
    (record as Change[]).forEach(apply);
  });
  if (result.kind !== "whole") throw damaged(path, result.offset);
  if (promised !== rows) throw damaged(path, bytes.length);
  return bytes.length;
}

function damaged(path: string, offset: number): Error {
  return new Error(
    `${path} is damaged at offset ${offset}: the record there fails its checksum. Restore the file from a backup, ` +
      `or move the state directory away to start with a new one`,
  );
}
