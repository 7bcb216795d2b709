/** A shop as Personalize takes it: three CSV files, and the Avro schema that describes each. Pure. */
import type { Shop } from "./shop.ts";

export interface DatasetFile {
  readonly name: "interactions" | "users" | "items";
  readonly csv: string;
  readonly schema: AvroSchema;
}

interface AvroField {
  readonly name: string;
  readonly type: "string" | "long" | "float";
  readonly categorical?: true;
}

export interface AvroSchema {
  readonly type: "record";
  readonly name: string;
  readonly namespace: string;
  readonly fields: readonly AvroField[];
  readonly version: string;
}

const record = (name: string, fields: readonly AvroField[]): AvroSchema => ({
  type: "record",
  name,
  namespace: "com.amazonaws.personalize.schema",
  fields,
  version: "1.0",
});

export const schemas = {
  interactions: record("Interactions", [
    { name: "USER_ID", type: "string" },
    { name: "ITEM_ID", type: "string" },
    { name: "TIMESTAMP", type: "long" },
    { name: "EVENT_TYPE", type: "string" },
  ]),
  users: record("Users", [
    { name: "USER_ID", type: "string" },
    { name: "AGE_GROUP", type: "string", categorical: true },
    { name: "MEMBERSHIP", type: "string", categorical: true },
  ]),
  items: record("Items", [
    { name: "ITEM_ID", type: "string" },
    { name: "TITLE", type: "string" }, // shown to people; a plain string takes no part in training
    { name: "CATEGORY_L1", type: "string", categorical: true },
    { name: "PRICE", type: "float" },
    { name: "CREATION_TIMESTAMP", type: "long" },
  ]),
} as const satisfies Record<DatasetFile["name"], AvroSchema>;

const cell = (value: string | number): string => {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

type Row = readonly (string | number)[];

function csvOf({ fields }: AvroSchema, rows: readonly Row[]): string {
  const lines = [fields.map((field) => field.name), ...rows].map((row) => row.map(cell).join(","));
  return `${lines.join("\n")}\n`;
}

export function toDatasetFiles({ interactions, users, items }: Shop): DatasetFile[] {
  const rows: Record<DatasetFile["name"], Row[]> = {
    interactions: interactions.map((row) => [row.userId, row.itemId, row.timestamp, row.eventType]),
    users: users.map((row) => [row.id, row.ageGroup, row.membership]),
    items: items.map((row) => [row.id, row.title, row.categories.join("|"), row.price, row.createdAt]),
  };
  const names = ["interactions", "users", "items"] as const;
  return names.map((name) => ({ name, schema: schemas[name], csv: csvOf(schemas[name], rows[name]) }));
}
