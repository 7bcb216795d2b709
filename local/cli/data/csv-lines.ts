/** Reads small and middling CSV files for the command line: records with quotes, one at a time. */
import { createReadStream } from "node:fs";

/** The records of a CSV file; stops reading early when the caller does. */
export const csvRecords = (path: string): AsyncGenerator<string[]> =>
  csvRecordsOf(createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 18 }));

/** The records of CSV text (RFC 4180 quotes, LF or CRLF, a byte-order mark skipped) that comes in pieces. */
export async function* csvRecordsOf(pieces: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rest = "";
  let first = true;
  for await (const piece of pieces) {
    rest += first ? piece.replace(/^\uFEFF/, "") : piece;
    first = false;
    const end = lastRecordEnd(rest);
    yield* records(rest.slice(0, end));
    rest = rest.slice(end);
  }
  yield* records(rest);
}

/** Where the last whole record of a text ends: behind its newline, outside quotes. */
function lastRecordEnd(text: string): number {
  if (!text.includes('"')) return text.lastIndexOf("\n") + 1;
  let quoted = false;
  let end = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) quoted = !quoted;
    else if (code === 10 && !quoted) end = i + 1;
  }
  return end;
}

function* records(text: string): Generator<string[]> {
  if (!text.includes('"')) {
    for (const line of text.split("\n")) {
      const clean = line.endsWith("\r") ? line.slice(0, -1) : line;
      if (clean !== "") yield clean.split(",");
    }
    return;
  }
  yield* quotedRecords(text);
}

function* quotedRecords(text: string): Generator<string[]> {
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/gy;
  let record: string[] = [];
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (!match) throw new Error(`The CSV text cannot be read near: ${text.slice(Math.max(0, cell.lastIndex), 60)}`);
    const [, raw = "", separator] = match;
    record.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (separator === ",") continue;
    if (record.length > 1 || record[0] !== "") yield record;
    record = [];
  }
  if (record.length > 0) yield [...record, ""];
}

/** A value as CSV writes it, quoted only where it must be. */
export const csvCell = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
