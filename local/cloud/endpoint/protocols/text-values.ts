/** Scalars as text: in headers, paths, queries, forms and XML. */
import type { Shape, TimestampFormat } from "../../models/model.ts";
import { formatTimestamp, isDate, parseTimestamp } from "../../models/timestamps.ts";

/** The domain's value for a text; a text that is no such value comes back as it is, for validation to name. */
export function parseText(shape: Shape, text: string): unknown {
  switch (shape.type) {
    case "integer":
    case "long":
    case "float":
    case "double":
      return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "timestamp":
      return parseTimestamp(text);
    case "blob":
      return Buffer.from(text, "base64");
    default:
      return text;
  }
}

export function formatText(value: unknown, timestampFormat: TimestampFormat): string {
  if (isDate(value)) return String(formatTimestamp(value, timestampFormat));
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  }
  return String(value);
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
