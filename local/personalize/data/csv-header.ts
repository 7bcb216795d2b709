/** Reads a CSV file's first line and checks it against the schema: no column may be missing or there twice. */
import { DataFailure } from "./data-failure.ts";

export interface Header {
  readonly names: readonly string[];
  /** The bytes after the header line. */
  readonly rest: AsyncIterable<Uint8Array>;
}

const longestHeader = 64 << 10;
const newline = 10;

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

async function* after(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  if (first.length > 0) yield first;
  try {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

/** Splits the line; a byte order mark, spaces around names and quotes around them are taken off. */
function parseNames(line: string): string[] {
  return line
    .replace(/^\uFEFF/, "")
    .replace(/\r$/, "")
    .split(",")
    .map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
}

function checkNames(names: readonly string[], wanted: readonly string[], key: string): void {
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new DataFailure(
      `Input CSV is missing the following columns:[${missing.join(", ")}]. ` +
        `${key} has the header [${names.join(", ")}]; the schema needs [${wanted.join(", ")}].`,
    );
  }
  const repeated = names.find((name, column) => names.indexOf(name) !== column);
  if (repeated !== undefined) throw new DataFailure(`The header of ${key} names the column ${repeated} twice.`);
}

/** @param wanted the schema's columns; others in the file are ignored */
export async function readHeader(
  bytes: AsyncIterable<Uint8Array>,
  wanted: readonly string[],
  key: string,
): Promise<Header> {
  const iterator = bytes[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let length = 0;
  let lineEnd = -1;
  while (lineEnd < 0 && length <= longestHeader) {
    const next = await iterator.next();
    if (next.done) break;
    const at = next.value.indexOf(newline);
    if (at >= 0) lineEnd = length + at;
    parts.push(next.value);
    length += next.value.length;
  }
  const start = joined(parts);
  const line = start.subarray(0, lineEnd < 0 ? start.length : lineEnd);
  if (line.length === 0) throw new DataFailure(`${key} is empty: the first line must name the columns.`);
  const names = parseNames(Buffer.from(line).toString("utf8"));
  checkNames(names, wanted, key);
  return { names, rest: after(start.subarray(lineEnd < 0 ? start.length : lineEnd + 1), iterator) };
}
