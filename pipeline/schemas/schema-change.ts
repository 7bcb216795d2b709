/**
 * Can a dataset move to another schema? The service swaps only those of users and items, only when every old column stays
 * as it was, and only when the new ones may be empty; everything else needs a new dataset, and a person to say so.
 */
import type { AvroSchema, DatasetType, SchemaField } from "../config/avro-schema.ts";
import { valueType } from "../config/avro-schema.ts";

export interface SchemaChange {
  /** Columns that are new, all of which may be empty. */
  readonly added: readonly string[];
  /** Why the dataset cannot move; empty when it can. */
  readonly faults: readonly string[];
  /** One line a difference: `+ COLOUR: string or null`, `- PRICE: float`, `~ SIZE: int -> string`. */
  readonly diff: readonly string[];
}

const attributes = ["categorical", "textual", "itemName"] as const;

function shown(field: SchemaField): string {
  const { type, nullable } = valueType(field);
  return [nullable ? `${type} or null` : type, ...attributes.filter((attribute) => field[attribute])].join(", ");
}

export function schemaChange(type: DatasetType, before: AvroSchema, after: AvroSchema): SchemaChange {
  const old = new Map(before.fields.map((field) => [field.name, shown(field)]));
  const wanted = new Map(after.fields.map((field) => [field.name, field]));
  const added = after.fields.filter(({ name }) => !old.has(name));
  const removed = [...old].filter(([name]) => !wanted.has(name));
  const changed = after.fields.flatMap((field) => {
    const was = old.get(field.name);
    return was === undefined || was === shown(field) ? [] : [{ name: field.name, was, is: shown(field) }];
  });
  const swappable = type === "users" || type === "items";
  return {
    added: added.map(({ name }) => name),
    faults: [
      ...(swappable ? [] : [`the service cannot change the schema of ${type}`]),
      ...removed.map(([name]) => `column ${name} was removed`),
      ...changed.map(({ name, was, is }) => `column ${name} was changed from ${was} to ${is}`),
      ...added.filter((field) => !valueType(field).nullable).map(({ name }) => `new column ${name} must allow null`),
    ],
    diff: [
      ...removed.map(([name, was]) => `- ${name}: ${was}`),
      ...changed.map(({ name, was, is }) => `~ ${name}: ${was} -> ${is}`),
      ...added.map((field) => `+ ${field.name}: ${shown(field)}`),
    ],
  };
}
