/**
 * The `properties` of sent events, items and users: a JSON text whose camelCase keys stand for the schema's columns
 * (`myField` is MY_FIELD). Keys the schema does not have are dropped. Pure.
 */
import { InvalidInputException } from "../errors.ts";
import type { Metadata, MetadataValue } from "../job-runner.ts";
import { parseSchema } from "../schema/avro-schema.ts";

/** Letters and digits only: what tells the columns of one schema apart. */
const bare = (name: string) => name.replace(/[^A-Za-z\d]/g, "").toLowerCase();

/** What events say elsewhere and must not repeat in their properties. */
const reservedInEvents = ["userid", "sessionid", "eventtype", "timestamp", "recommendationid", "impression"];

export function propertiesOf(properties: unknown, schema: string): Metadata {
  const given = objectOf(properties);
  const verdict = parseSchema(schema);
  const columns = verdict.kind === "valid" ? verdict.schema.fields.map(({ name }) => name) : [];
  const byBareName = new Map(columns.map((column) => [bare(column), column]));
  const known = Object.entries(given).flatMap(([key, value]) => {
    const column = byBareName.get(bare(key));
    return column === undefined ? [] : [[column, valueOf(key, value)] as const];
  });
  return Object.fromEntries(known);
}

export function eventPropertiesOf(properties: unknown, schema: string): Metadata {
  const reserved = Object.keys(objectOf(properties)).find((key) => reservedInEvents.includes(key.toLowerCase()));
  if (reserved) throw new InvalidInputException(`The event's properties must not have the reserved key ${reserved}.`);
  return propertiesOf(properties, schema);
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

function valueOf(key: string, value: unknown): MetadataValue {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return value as MetadataValue;
  throw new InvalidInputException(`properties.${key} must be a string, a number, a boolean or null.`);
}
