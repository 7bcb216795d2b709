/**
 * Cuts CSV bytes into fields and hands each to the sink of its column, without making a string or an array per field.
 *
 * Fields may stand in double quotes; inside them `""` and `\"` are a quote, `\\` a backslash, commas and line ends are
 * plain characters. Lines end in LF or CRLF; empty lines are skipped; the last line end may be missing.
 *
 * A row that is not complete when the bytes run out is scanned again from its start once more bytes have come, so a sink
 * may see a field of one row twice; what it keeps for a row is decided by the last time.
 */
import { DataFailure } from "./data-failure.ts";

export interface FieldSink {
  /**
   * A quicker way for simple fields: takes the field that begins at `start`, not knowing where it ends (a line end always
   * follows). Returns where it stopped; unless a delimiter stands there, or for -1, `field` is asked for the same field.
   */
  scan?(bytes: Uint8Array, start: number, row: number): number;
  /** Takes bytes[start, end) as the value of this column in row `row` of the batch. Throws DataFailure to refuse. */
  field(bytes: Uint8Array, start: number, end: number, row: number): void;
}

export interface CsvScannerOptions {
  /** One sink per column of the header, in header order. */
  readonly sinks: readonly FieldSink[];
  readonly batchRows: number;
  /** The batch is full, or the input has ended: take its first `rows` rows away. */
  readonly flush: (rows: number) => void;
}

export interface CsvScanner {
  push(chunk: Uint8Array): void;
  end(): void;
  /** Complete data rows so far. */
  readonly rows: number;
}

const comma = 44;
const newline = 10;
const carriageReturn = 13;
const quote = 34;
const backslash = 92;
const longestRow = 8 << 20;

class BatchScanner implements CsvScanner {
  rows = 0;
  private batchRow = 0;
  private buffer = new Uint8Array((1 << 20) + 1);
  private filled = 0;
  private unquoted = new Uint8Array(1024);
  private readonly sinks: readonly FieldSink[];
  private readonly batchRows: number;
  private readonly flush: (rows: number) => void;

  constructor({ sinks, batchRows, flush }: CsvScannerOptions) {
    this.sinks = sinks;
    this.batchRows = batchRows;
    this.flush = flush;
  }

  push(chunk: Uint8Array): void {
    for (let taken = 0; taken < chunk.length;) {
      const room = this.buffer.length - 1 - this.filled;
      const part = chunk.subarray(taken, taken + room);
      this.buffer.set(part, this.filled);
      this.filled += part.length;
      taken += part.length;
      this.keepFrom(this.scan(this.filled));
      if (this.filled === this.buffer.length - 1) this.grow();
    }
  }

  end(): void {
    if (this.filled > 0) {
      this.buffer[this.filled++] = newline; // the sentinel's place: there is always room for it
      if (this.filled === this.buffer.length) this.grow();
      this.keepFrom(this.scan(this.filled));
      if (this.filled > 0) throw new DataFailure("the quoted value that begins in this row is never closed");
    }
    this.flush(this.batchRow);
    this.batchRow = 0;
  }

  /** Scans complete rows of buffer[0, end); returns where the first incomplete one starts. */
  private scan(end: number): number {
    const bytes = this.buffer;
    const { sinks } = this;
    const last = sinks.length - 1;
    bytes[end] = newline; // a sentinel: the loops below need no bounds checks
    let p = 0;
    for (;;) {
      while (p < end && (bytes[p] === newline || (bytes[p] === carriageReturn && bytes[p + 1] === newline))) p++;
      const rowStart = p;
      for (let column = 0; column <= last; column++) {
        p = this.oneField(sinks[column] as FieldSink, p, end);
        if (p < 0) return rowStart;
        if ((bytes[p] === newline) !== (column === last)) throw this.wrongFieldCount(column);
        p++;
      }
      this.endRow();
    }
  }

  /** Takes the field that begins at `start`; returns the position of the delimiter after it, -1 = incomplete. */
  private oneField(sink: FieldSink, start: number, end: number): number {
    const bytes = this.buffer;
    if (sink.scan !== undefined) {
      const p = sink.scan(bytes, start, this.batchRow);
      if (p >= 0 && p < end && (bytes[p] === comma || bytes[p] === newline)) return p;
    }
    let byte = bytes[start] as number;
    if (byte === quote) return this.quotedField(start, end, sink);
    let p = start;
    while (byte !== comma && byte !== newline) byte = bytes[++p] as number;
    if (p === end) return -1;
    const stop = byte === newline && p > start && bytes[p - 1] === carriageReturn ? p - 1 : p;
    sink.field(bytes, start, stop, this.batchRow);
    return p;
  }

  private endRow(): void {
    this.rows++;
    if (++this.batchRow < this.batchRows) return;
    this.flush(this.batchRow);
    this.batchRow = 0;
  }

  /** Takes a field that opens with a quote at `open`; returns the position of the delimiter after it, -1 = incomplete. */
  private quotedField(open: number, end: number, sink: FieldSink): number {
    const bytes = this.buffer;
    let length = 0;
    let p = open + 1;
    for (; ; p++) {
      if (p >= end) return -1;
      let byte = bytes[p] as number;
      const next = bytes[p + 1];
      if (byte === quote && next !== quote) break;
      // At the end of the bytes the sentinel stands in for what is not known yet; the row is scanned again then.
      if (byte === quote || (byte === backslash && (next === quote || next === backslash))) byte = bytes[++p] as number;
      if (length === this.unquoted.length) this.unquoted = grown(this.unquoted);
      this.unquoted[length++] = byte;
    }
    p++;
    if (p < end && bytes[p] === carriageReturn) p++;
    if (p >= end) return -1;
    if (bytes[p] !== comma && bytes[p] !== newline) throw new DataFailure("there is text after a closing quote");
    sink.field(this.unquoted, 0, length, this.batchRow);
    return p;
  }

  private wrongFieldCount(column: number): DataFailure {
    const expected = this.sinks.length;
    const found = column + 1 < expected ? `${column + 1}` : `more than ${expected}`;
    return new DataFailure(`the row has ${found} fields where the header has ${expected}`);
  }

  private keepFrom(start: number): void {
    this.buffer.copyWithin(0, start, this.filled);
    this.filled -= start;
  }

  private grow(): void {
    if (this.buffer.length > longestRow) {
      throw new DataFailure(`the row is longer than ${longestRow} bytes; is a quoted value never closed?`);
    }
    this.buffer = grown(this.buffer);
  }
}

function grown(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * bytes.length);
  larger.set(bytes);
  return larger;
}

export function createCsvScanner(options: CsvScannerOptions): CsvScanner {
  return new BatchScanner(options);
}
