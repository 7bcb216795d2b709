/** Streams a table's rows out of its files in S3, in key order, without ever holding a whole file. */
import { createGunzip } from "node:zlib";
import { addAbortSignal, type Readable } from "node:stream";
import type { Row } from "../quality/table-schema.ts";
import type { RoleFiles } from "./role-files.ts";
import type { TableFormat } from "./table-format.ts";

export interface TableReading {
  readonly format: TableFormat;
  readonly files: RoleFiles;
  readonly signal: AbortSignal;
  readonly take: (row: Row) => void;
}

export async function readTable({ format, files, signal, take }: TableReading): Promise<void> {
  for (const file of await files.list(format.location)) {
    const body = addAbortSignal(signal, await files.read(file));
    const stream = file.key.endsWith(".gz") ? body.pipe(createGunzip()) : body;
    body.once("error", (error) => stream.destroy(error));
    try {
      await readFile(stream, format, take);
    } finally {
      body.destroy();
    }
  }
}

async function readFile(stream: Readable, format: TableFormat, take: (row: Row) => void) {
  let toSkip = format.headerLines;
  for await (const lines of linesOf(stream)) {
    for (const line of lines) {
      if (toSkip > 0) toSkip--;
      else if (line !== "") take(rowOf(line, format));
    }
  }
}

/** Columns are told apart by their place, whatever the header says. */
function rowOf(line: string, { split, readers }: TableFormat): Row {
  const fields = split(line);
  return readers.map((read, index) => read(fields[index]));
}

/** Lines without their ends, a chunk's worth at a time. */
async function* linesOf(stream: Readable): AsyncGenerator<string[]> {
  const decoder = new TextDecoder("utf-8");
  let rest = "";
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield lines.map(withoutReturn);
  }
  rest += decoder.decode();
  if (rest !== "") yield [withoutReturn(rest)];
}

const withoutReturn = (line: string) => (line.endsWith("\r") ? line.slice(0, -1) : line);
