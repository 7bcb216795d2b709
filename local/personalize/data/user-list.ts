/** The users that a data deletion job lists: CSV files whose header has a USER_ID column; other columns say nothing. */
import { pause } from "../../recipes/pause.ts";
import type { ImportFile } from "../job-runner.ts";
import { readHeader } from "./csv-header.ts";
import { createCsvScanner, type FieldSink } from "./csv-scanner.ts";
import { DataFailure } from "./data-failure.ts";
import { createDictionary, type Dictionary } from "./dictionary.ts";

const batchRows = 1 << 12;

/** Throws DataFailure with the failureReason, naming file and row. */
export async function readUserList(files: readonly ImportFile[], signal: AbortSignal): Promise<Dictionary> {
  const users = createDictionary();
  const ignored: FieldSink = { field: () => {} };
  const ids: FieldSink = {
    field(bytes, start, end) {
      if (start === end) throw new DataFailure("USER_ID is empty");
      users.add(bytes, start, end);
    },
  };
  for (const { key, open } of files) {
    const { names, rest } = await readHeader((await open()) as AsyncIterable<Uint8Array>, ["USER_ID"], key);
    const sinks = names.map((name) => (name === "USER_ID" ? ids : ignored));
    const scanner = createCsvScanner({ sinks, batchRows, flush: () => {} });
    try {
      for await (const chunk of rest) {
        scanner.push(chunk);
        await pause(signal);
      }
      scanner.end();
    } catch (error) {
      if (!(error instanceof DataFailure)) throw error;
      throw new DataFailure(`Row ${scanner.rows + 2} of ${key} (the header is row 1): ${error.message}.`);
    }
  }
  return users;
}
