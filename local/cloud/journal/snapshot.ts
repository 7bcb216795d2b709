/** Writes a snapshot: all rows in chunks, a last record that counts them, fsync, then the rename that makes it exist. */
import { open, rename } from "node:fs/promises";
import { pathOf, syncDirectory } from "./journal-files.ts";
import type { Change } from "./memory-store.ts";
import { encodeRecord } from "./record.ts";

/** Rows serialised before the event loop gets a turn; about a millisecond's work. */
const rowsPerRecord = 200;

/** Returns the size in bytes. `rows` must not change while this runs; their values never do (S3). */
export async function writeSnapshot(dir: string, number: number, rows: readonly Change[]): Promise<number> {
  const path = pathOf(dir, "snapshot", number);
  const draft = `${path}.draft`;
  const file = await open(draft, "w", 0o600);
  let sizeBytes = 0;
  try {
    for (let start = 0; start < rows.length; start += rowsPerRecord) {
      sizeBytes += (await file.write(encodeRecord(rows.slice(start, start + rowsPerRecord)))).bytesWritten;
    }
    sizeBytes += (await file.write(encodeRecord({ rows: rows.length }))).bytesWritten;
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  syncDirectory(dir);
  return sizeBytes;
}
