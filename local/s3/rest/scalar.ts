/** Single values on the wire: text, numbers, booleans and the three forms of a timestamp. */
import type { NormalizedSchema } from "@smithy/core/schema";
import { invalidArgument, malformedXml } from "../errors.ts";

type TimestampForm = "date-time" | "http-date" | "epoch-seconds";

/** Static timestamp schemas: 4 takes the form of its place, 5 to 7 state their own. */
function formOf(schema: NormalizedSchema, byPlace: TimestampForm): TimestampForm {
  const forms: Readonly<Record<number, TimestampForm>> = { 5: "date-time", 6: "http-date", 7: "epoch-seconds" };
  const raw: unknown = schema.getSchema();
  return (typeof raw === "number" ? forms[raw] : undefined) ?? byPlace;
}

function writeTimestamp(value: unknown, form: TimestampForm): string {
  const date = value instanceof Date ? value : new Date(value as string);
  if (form === "http-date") return date.toUTCString();
  return form === "epoch-seconds" ? String(Math.floor(date.getTime() / 1000)) : date.toISOString();
}

export function writeScalar(schema: NormalizedSchema, value: unknown, timestamps: TimestampForm): string {
  return schema.isTimestampSchema() ? writeTimestamp(value, formOf(schema, timestamps)) : String(value);
}

function readTimestamp(text: string): Date {
  const date = /^\d+$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
  if (Number.isNaN(date.getTime())) throw malformedXml();
  return date;
}

/** Throws MalformedXML for what does not fit the schema. */
export function readScalar(schema: NormalizedSchema, text: string): unknown {
  if (schema.isTimestampSchema()) return readTimestamp(text);
  if (schema.isBooleanSchema()) return text.trim() === "true";
  if (schema.isNumericSchema()) {
    if (!/^\s*-?\d+(\.\d+)?\s*$/.test(text)) throw malformedXml();
    return Number(text);
  }
  return text;
}

/** A header's or query parameter's value; undefined where S3 overlooks nonsense (dates), InvalidArgument for numbers. */
export function readParameter(name: string, schema: NormalizedSchema, text: string): unknown {
  if (schema.isTimestampSchema()) {
    const date = new Date(text);
    return Number.isNaN(date.getTime()) ? undefined : date;
  }
  if (schema.isNumericSchema()) {
    if (!/^-?\d+$/.test(text))
      throw invalidArgument(name, text, `Provided ${name} not an integer or within integer range`);
    return Number(text);
  }
  if (schema.isListSchema()) return text.split(",").map((item) => item.trim());
  return schema.isBooleanSchema() ? text === "true" : text;
}
