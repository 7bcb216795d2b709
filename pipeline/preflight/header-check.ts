/** A file's first line against the schema. Each fault names the file, the column and the schema. */
import type { AvroSchema } from "../config/avro-schema.ts";

export interface HeaderCheck {
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

/** @param mustBeInOrder Glue reads columns by their place; Personalize by their names. */
export function checkHeader(
  file: string,
  header: readonly string[],
  schemaName: string,
  schema: AvroSchema,
  mustBeInOrder: boolean,
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
  if (isInOrder) return { faults, warnings: [] };
  const order = `${file}: columns are in another order than in schema ${schemaName}`;
  return mustBeInOrder
    ? {
        faults: [
          `${order}, and Glue Data Quality reads them by their place: ${wanted.join()}, or switch dataQuality off`,
        ],
        warnings: [],
      }
    : { faults, warnings: [order] };
}
