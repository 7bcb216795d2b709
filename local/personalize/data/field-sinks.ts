/**
 * What becomes of a field of a CSV row: a dictionary code, seconds, a number, or a place in a heap of texts. Each sink
 * keeps one batch of values as a typed array; empty fields are null (`noCode`, NaN).
 */
import { isUtf8 } from "node:buffer";
import { DataFailure } from "./data-failure.ts";
import type { Field } from "./dataset-schema.ts";
import { lengthLimit } from "./dataset-schema.ts";
import type { FieldSink } from "./csv-scanner.ts";
import type { Range } from "../schema/action-ranges.ts";

export type Values = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

export interface ColumnSink extends FieldSink {
  /** (batch rows) the batch's values; overwritten by the next batch. */
  readonly values: Values;
  /** Makes the batch's first `rows` values final, where that is cheaper for many at once. */
  settle?(rows: number): void;
}

/** The code of null. */
export const noCode = 0xffffffff;

const decoder = new TextDecoder();

function show(bytes: Uint8Array, start: number, end: number): string {
  return JSON.stringify(decoder.decode(bytes.subarray(start, Math.min(end, start + 40))));
}

export function nullValue({ name }: Field): DataFailure {
  return new DataFailure(`${name} is empty, and the schema does not allow null for it`);
}

/** Refuses text that is not UTF-8 or longer than the quota. */
export function checkText(field: Field, bytes: Uint8Array, start: number, end: number): void {
  const text = bytes.subarray(start, end);
  if (!isUtf8(text)) throw new DataFailure(`${field.name} is not valid UTF-8; save the file as UTF-8`);
  const limit = lengthLimit(field);
  if (text.length > limit && !field.textual && [...decoder.decode(text)].length > limit) {
    throw new DataFailure(
      `Length cannot be more than ${limit} characters for ${field.name}. If no values exceed the character limit, ` +
        "make sure your data follows the formatting guidelines: is a quote missing?",
    );
  }
}

/** Seconds since 1970 that fit 32 bits (until 2106): larger ones are milliseconds, and would all lie in the far future. */
export function secondsSink(field: Field, batchRows: number): ColumnSink {
  const values = new Uint32Array(batchRows);
  return {
    values,
    scan(bytes, start, row) {
      let seconds = 0;
      let p = start;
      for (let byte = bytes[p] as number; byte >= 48 && byte <= 57; byte = bytes[++p] as number) {
        seconds = seconds * 10 + byte - 48;
      }
      if (p === start || seconds > 0xffffffff) return -1;
      values[row] = seconds;
      return p;
    },
    field(bytes, start, end, row) {
      let seconds = 0;
      for (let p = start; p < end; p++) {
        const digit = (bytes[p] as number) - 48;
        if (digit < 0 || digit > 9) throw badNumber(field, bytes, start, end);
        seconds = seconds * 10 + digit;
      }
      if (seconds > 0xffffffff) throw notSeconds(field.name, bytes, start, end);
      if (start === end) throw nullValue(field);
      values[row] = seconds;
    },
  };
}

function notSeconds(name: string, bytes: Uint8Array, start: number, end: number): DataFailure {
  return new DataFailure(
    `${name} has ${show(bytes, start, end)}, which looks like milliseconds: epoch seconds are needed, divide by 1000`,
  );
}

function outsideRange(name: string, { least, most }: Range, bytes: Uint8Array): DataFailure {
  return new DataFailure(`${name} has ${show(bytes, 0, bytes.length)}, which is not from ${least} to ${most}`);
}

function badNumber(field: Field, bytes: Uint8Array, start: number, end: number): DataFailure {
  const wanted = field.name === "TIMESTAMP" ? "whole epoch seconds" : `a value of type ${field.type}`;
  return new DataFailure(`${field.name} has ${show(bytes, start, end)}, which is not ${wanted}`);
}

const booleans: Readonly<Record<string, number>> = { true: 1, false: 0, "1": 1, "0": 0 };
const numberShape = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** The number that a field's text stands for; undefined when the type does not allow it. */
function parseNumber(text: string, { type }: Field): number | undefined {
  if (type === "boolean") return booleans[text.toLowerCase()];
  if (!numberShape.test(text)) return undefined;
  const value = Number(text);
  if (type === "int") return Number.isInteger(value) && Math.abs(value + 0.5) <= 2 ** 31 ? value : undefined;
  if (type === "long") return Number.isInteger(value) && Math.abs(value) <= 2 ** 63 ? value : undefined;
  return Number.isFinite(value) ? value : undefined;
}

export function numberSink(field: Field, batchRows: number): ColumnSink {
  const values = new Float64Array(batchRows);
  return {
    values,
    field(bytes, start, end, row) {
      if (start === end) {
        if (!field.nullable) throw nullValue(field);
        values[row] = NaN;
        return;
      }
      const value = parseNumber(decoder.decode(bytes.subarray(start, end)).trim(), field);
      if (value === undefined) throw badNumber(field, bytes, start, end);
      if (field.range && (value < field.range.least || value > field.range.most)) {
        throw outsideRange(field.name, field.range, bytes.subarray(start, end));
      }
      if (field.name === "CREATION_TIMESTAMP" && value > 0xffffffff) throw notSeconds(field.name, bytes, start, end);
      values[row] = value;
    },
  };
}

/** Where texts too varied for a dictionary go; `append` returns the place, from which the text can be read back. */
export interface TextHeap {
  append(bytes: Uint8Array, start: number, end: number): number;
}

export function textSink(field: Field, heap: TextHeap, batchRows: number): ColumnSink {
  const values = new Float64Array(batchRows);
  const limit = lengthLimit(field);
  return {
    values,
    field(bytes, start, end, row) {
      if (start === end && !field.nullable) throw nullValue(field);
      checkText(field, bytes, start, end);
      const cut = field.textual && end - start > limit ? cutText(bytes, start, end, limit) : undefined;
      values[row] = start === end ? NaN : cut ? heap.append(cut, 0, cut.length) : heap.append(bytes, start, end);
    },
  };
}

/** Longer textual values are truncated, as the service does. */
function cutText(bytes: Uint8Array, start: number, end: number, limit: number): Uint8Array | undefined {
  const characters = [...decoder.decode(bytes.subarray(start, end))];
  return characters.length > limit ? new TextEncoder().encode(characters.slice(0, limit).join("")) : undefined;
}
