/** Timestamps as the protocols write them. */
import type { TimestampFormat } from "./model.ts";

/** A date for epoch seconds (number or text), ISO 8601 or RFC 822; anything else comes back as it is, for validation. */
export function parseTimestamp(value: unknown): unknown {
  if (typeof value === "number") return new Date(Math.round(value * 1000));
  if (typeof value !== "string") return value;
  const isEpoch = /^-?\d+(\.\d+)?(e\d+)?$/i.test(value);
  const date = isEpoch ? new Date(Math.round(Number(value) * 1000)) : new Date(value);
  return Number.isNaN(date.getTime()) ? value : date;
}

export function formatTimestamp(date: Date, format: TimestampFormat): string | number {
  if (format === "unixTimestamp") return date.getTime() / 1000;
  if (format === "rfc822") return date.toUTCString();
  return date.toISOString().replace(".000Z", "Z"); // as Java prints an Instant
}

/** Also dates of another realm (worker, test). */
export function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === "[object Date]";
}
