/** A file's first line against the schema. Each fault names the file, the column and the schema. */
import type { AvroSchema } from "../config/avro-schema.ts";

export interface HeaderCheck {
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

export function checkHeader(
  file: string,
  header: readonly string[],
  schemaName: string,
  schema: AvroSchema,
): HeaderCheck {
  const wanted = schema.fields.map((field) => field.name);
  const missing = wanted.filter((name) => !header.includes(name));
  const unknown = header.filter((name) => !wanted.includes(name));
  const twice = header.filter((name, position) => header.indexOf(name) < position);
  const faults = [
    ...missing.map((name) => `${file}: column ${name} of schema ${schemaName} is missing from the header`),
    ...unknown.map((name) => `${file}: column ${JSON.stringify(name)} is not in schema ${schemaName}`),
    ...twice.map((name) => `${file}: column ${name} of schema ${schemaName} is in the header twice`),
  ];
  const isInOrder = faults.length > 0 || header.join() === wanted.join();
  return {
    faults,
    warnings: isInOrder ? [] : [`${file}: columns are in another order than in schema ${schemaName}`],
  };
}
