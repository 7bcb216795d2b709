/**
 * The `properties` of sent events, items, users and actions: a JSON text whose camelCase keys stand for the schema's columns
 * (`myField` is MY_FIELD). Keys the schema does not have are dropped; values must be of the column's type, or a text that reads
 * as one. Pure.
 */
import { InvalidInputException } from "../errors.ts";
import type { Metadata, MetadataValue } from "../job-runner.ts";
import type { ParsedSchema, SchemaField } from "../schema/avro-schema.ts";

/** Letters and digits only: what tells the columns of one schema apart. */
const bare = (name: string) => name.replace(/[^A-Za-z\d]/g, "").toLowerCase();

/** What events say elsewhere and must not repeat in their properties. */
const reservedInEvents = ["userid", "sessionid", "eventtype", "timestamp", "recommendationid", "impression"];

/** Longest values, in characters (reference, section 4). */
const longestText = 20_000;
const longestValue = 1_000;

/** The metadata of an item, user or action: every column that the schema does not let be null must be there. */
export function propertiesOf(properties: unknown, schema: ParsedSchema, idColumn: string): Metadata {
  const row = columnsOf(properties, schema);
  const missing = schema.fields.find(
    ({ name, nullable }) => !nullable && name !== idColumn && (row[name] ?? null) === null,
  );
  if (missing) {
    throw new InvalidInputException(
      `properties lack ${missing.name}, which the schema does not let be null. A sent row replaces the whole row.`,
    );
  }
  return row;
}

export function eventPropertiesOf(properties: unknown, schema: ParsedSchema): Metadata {
  if (properties === undefined) return {};
  const reserved = Object.keys(objectOf(properties)).find((key) => reservedInEvents.includes(key.toLowerCase()));
  if (reserved) throw new InvalidInputException(`The event's properties must not have the reserved key ${reserved}.`);
  return columnsOf(properties, schema);
}

function columnsOf(properties: unknown, { fields }: ParsedSchema): Metadata {
  const byBareName = new Map(fields.map((field) => [bare(field.name), field]));
  const known = Object.entries(objectOf(properties)).flatMap(([key, value]) => {
    const field = byBareName.get(bare(key));
    return field === undefined ? [] : [[field.name, valueOf(key, value, field)] as const];
  });
  return Object.fromEntries(known);
}

function objectOf(properties: unknown): Record<string, unknown> {
  if (properties === undefined || properties === null || properties === "") return {};
  const value = typeof properties === "string" ? parse(properties) : properties;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InvalidInputException("properties must be a JSON object, sent as a string.");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputException(`properties is not valid JSON: ${(cause as Error).message}`);
  }
}

/** The value as the column's type has it. */
function valueOf(key: string, value: unknown, field: SchemaField): MetadataValue {
  const [type = "string"] = field.types;
  const refuse = (why: string): never => {
    const shown = JSON.stringify(value)?.slice(0, 80);
    throw new InvalidInputException(`properties.${key} is ${shown}; ${field.name} ${why}.`);
  };
  if (value === null) return field.nullable ? null : refuse("must not be null");
  if (!["string", "number", "boolean"].includes(typeof value)) return refuse(`must be of type ${type}`);
  if (type === "boolean") return booleanOf(value) ?? refuse("must be true or false");
  if (type !== "string") return numberOf(value, type) ?? refuse(`must be of type ${type}`);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const most = field.textual ? longestText : longestValue;
  return text.length > most ? refuse(`cannot be longer than ${most} characters`) : text;
}

function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const text = String(value).toLowerCase();
  return text === "true" || text === "1" ? true : text === "false" || text === "0" ? false : undefined;
}

function numberOf(value: unknown, type: string): number | undefined {
  if (typeof value === "boolean" || (typeof value === "string" && value.trim() === "")) return undefined;
  const number = Number(value);
  const fits = type === "int" || type === "long" ? Number.isSafeInteger(number) : Number.isFinite(number);
  return fits ? number : undefined;
}
