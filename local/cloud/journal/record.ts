/**
 * One journal record: a line `<crc32, eight hex digits> <JSON>\n`. JSON text holds no raw line feed, so a line is a record
 * and the files can be read with grep.
 */
import { crc32 } from "node:zlib";

const crcDigits = 8;
const lineFeed = 0x0a;

/** The line of one record, its line feed included. */
export function encodeRecord(value: unknown): string {
  const json = JSON.stringify(value);
  return `${crc32(json).toString(16).padStart(crcDigits, "0")} ${json}\n`;
}

export type Scan =
  | { readonly kind: "whole" }
  /** The file ends in bytes that are no record and that no record follows: a write cut short. */
  | { readonly kind: "torn"; readonly offset: number }
  /** A record is broken although good ones follow: the file was damaged after it was written. */
  | { readonly kind: "damaged"; readonly offset: number };

/** Hands every record of a file's bytes to `onRecord`, in order, up to the first one that is not intact. */
export function scanRecords(bytes: Buffer, onRecord: (value: unknown) => void): Scan {
  let offset = 0;
  while (offset < bytes.length) {
    const end = bytes.indexOf(lineFeed, offset);
    const json = end < 0 ? undefined : intactJson(bytes, offset, end);
    if (json === undefined) return { kind: recordFollows(bytes, end) ? "damaged" : "torn", offset };
    onRecord(JSON.parse(json));
    offset = end + 1;
  }
  return { kind: "whole" };
}

/** The JSON text of the line [start, end) when its checksum fits. */
function intactJson(bytes: Buffer, start: number, end: number): string | undefined {
  const jsonStart = start + crcDigits + 1;
  if (jsonStart >= end || bytes[jsonStart - 1] !== 0x20) return undefined;
  const expected = bytes.toString("latin1", start, start + crcDigits);
  const actual = crc32(bytes.subarray(jsonStart, end)).toString(16).padStart(crcDigits, "0");
  return actual === expected ? bytes.toString("utf8", jsonStart, end) : undefined;
}

/** Whether any intact record begins after the line feed at `end` (negative: there is none). */
function recordFollows(bytes: Buffer, end: number): boolean {
  for (let feed = end; feed >= 0;) {
    const start = feed + 1;
    feed = bytes.indexOf(lineFeed, start);
    if (feed >= 0 && intactJson(bytes, start, feed) !== undefined) return true;
  }
  return false;
}
