/**
 * A column whose values are dictionary codes.
 *
 * Ids are often a prefix and a number (`user10201`). For those the sink notes the number while it reads the digits, and
 * turns a whole batch of numbers into codes afterwards by a plain table: four bytes of memory a row instead of a hash
 * probe, and so many rows together that the processor waits for several of them at once. All other texts go through the
 * dictionary. A prefix that no row of a batch has is given up for another.
 */
import type { Field } from "./dataset-schema.ts";
import type { Dictionary } from "./dictionary.ts";
import type { ColumnSink } from "./field-sinks.ts";
import { noCode, nullValue } from "./field-sinks.ts";

/** Numbers below this have a place in the table (64 MB when full). */
const tableLimit = 2 ** 24;
/** Marks values that are codes already; without it a value is a number to look up. */
const isCode = 0x80000000;
/** noCode read as a signed number. */
const nullSigned = -1;
const zero = 48;
const nine = 57;

/** What stands before the text's last run of digits. */
function prefixOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  let digits = end;
  while (digits > start && (bytes[digits - 1] as number) >= zero && (bytes[digits - 1] as number) <= nine) digits--;
  return bytes.slice(start, digits);
}

class CodeSink implements ColumnSink {
  readonly values: Uint32Array<ArrayBuffer>;
  /** The same memory. */
  private readonly signed: Int32Array;
  private prefix: Uint8Array | undefined;
  /** (number) code + 1 of the text that is the prefix and that number; 0 = not known yet. */
  private codes = new Int32Array(1 << 16);
  /** The prefix and a number's digits. */
  private text = new Uint8Array(0);
  private readonly column: Field;
  private readonly dictionary: Dictionary;

  constructor(field: Field, dictionary: Dictionary, batchRows: number) {
    this.column = field;
    this.dictionary = dictionary;
    this.values = new Uint32Array(batchRows);
    this.signed = new Int32Array(this.values.buffer);
  }

  /** Takes the prefix and a number without a leading zero: then the number stands for exactly one text. */
  scan(bytes: Uint8Array, start: number, row: number): number {
    const { prefix } = this;
    if (prefix === undefined) return -1;
    let p = start;
    for (let at = 0; at < prefix.length; at++, p++) if (bytes[p] !== prefix[at]) return -1;
    const first = p;
    let number = 0;
    for (let byte = bytes[p] as number; byte >= zero && byte <= nine; byte = bytes[++p] as number) {
      number = number * 10 + byte - zero;
    }
    if (p === first || number >= tableLimit || (bytes[first] === zero && p > first + 1)) return -1;
    this.values[row] = number;
    return p;
  }

  field(bytes: Uint8Array, start: number, end: number, row: number): void {
    if (start < end) {
      this.values[row] = (this.dictionary.add(bytes, start, end) | isCode) >>> 0;
      if (!this.prefix) this.begin(prefixOf(bytes, start, end)); // the dictionary has found the text good
    } else if (this.column.nullable) this.values[row] = noCode;
    else throw nullValue(this.column);
  }

  settle(rows: number): void {
    const { signed } = this; // marked values are negative there, and whole numbers of 32 bits are the fastest
    let { codes } = this;
    let numbers = 0;
    for (let row = 0; row < rows; row++) {
      const value = signed[row] as number;
      if (value < 0) {
        if (value !== nullSigned) signed[row] = value & ~isCode;
        continue;
      }
      numbers++;
      const known = value < codes.length ? (codes[value] as number) : 0;
      if (known !== 0) signed[row] = known - 1;
      else {
        signed[row] = this.learn(value);
        codes = this.codes;
      }
    }
    if (numbers === 0) this.prefix = undefined;
  }

  private begin(prefix: Uint8Array): void {
    this.prefix = prefix;
    this.codes = new Int32Array(1 << 16);
    this.text = new Uint8Array(prefix.length + 10);
  }

  private learn(number: number): number {
    if (number >= this.codes.length) {
      const grown = new Int32Array(Math.min(tableLimit, 2 * 2 ** Math.ceil(Math.log2(number + 1))));
      grown.set(this.codes);
      this.codes = grown;
    }
    const code = this.dictionary.add(this.text, 0, this.writeText(number));
    this.codes[number] = code + 1;
    return code;
  }

  /** Writes the prefix and the number to `text`; returns where they end. */
  private writeText(number: number): number {
    const { text, prefix } = this;
    const first = prefix?.length ?? 0;
    if (prefix) text.set(prefix);
    let end = first + 1;
    for (let power = 10; power <= number; power *= 10) end++;
    for (let p = end - 1, rest = number; p >= first; p--, rest = Math.floor(rest / 10)) text[p] = zero + (rest % 10);
    return end;
  }
}

export function codeSink(field: Field, dictionary: Dictionary, batchRows: number): ColumnSink {
  return new CodeSink(field, dictionary, batchRows);
}
