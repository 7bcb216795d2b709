/** Reads small and middling CSV files for the command line: records with quotes, one at a time. */
import { createReadStream } from "node:fs";
import { UsageError } from "../command.ts";

/** The records of a CSV file; stops reading early when the caller does. @throws UsageError where it is no CSV */
export async function* csvRecords(path: string): AsyncGenerator<string[]> {
  try {
    yield* csvRecordsOf(createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 18 }));
  } catch (error) {
    throw error instanceof UnreadableCsv ? new UsageError(`${path}: ${error.message}`, { cause: error }) : error;
  }
}

class UnreadableCsv extends Error {}

const longestQuoted = 1 << 20;

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
    if (rest.length > longestQuoted) throw unclosed(rest);
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
    const at = cell.lastIndex;
    const match = cell.exec(text);
    if (!match) throw unclosed(text.slice(at));
    const [, raw = "", separator] = match;
    if (raw.startsWith('"') && (raw.length < 2 || !raw.endsWith('"'))) throw unclosed(raw);
    record.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (separator === ",") continue;
    if (record.length > 1 || record[0] !== "") yield record;
    record = [];
  }
  if (record.length > 0) yield [...record, ""];
}

/** Mended by closing the quote, or by doubling one that belongs to the text. */
const unclosed = (text: string) =>
  new UnreadableCsv(`a quote is never closed, or text follows a closed one, near ${JSON.stringify(text.slice(0, 60))}`);

/** A value as CSV writes it, quoted only where it must be. */
export const csvCell = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
