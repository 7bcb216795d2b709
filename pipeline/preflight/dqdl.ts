/**
 * A dataset's rules in DQDL, the language of AWS Glue Data Quality: what its schema and the configuration demand, in the
 * form in which Glue evaluates them over all rows. (AWS Glue user guide, "Data Quality Definition Language reference".)
 */
import type { AvroSchema, DatasetType, SchemaField } from "../config/avro-schema.ts";
import { keyColumns, valueType } from "../config/avro-schema.ts";
import type { DataChecks } from "../config/data-checks.ts";

export interface RulesRequest {
  readonly type: DatasetType;
  readonly schema: AvroSchema;
  readonly checks: DataChecks;
  /** In DQDL, from the configuration. */
  readonly more: readonly string[];
}

const quoted = (column: string): string => `"${column}"`;

/** Epoch seconds from 1970 to the year 5138; a value in milliseconds is far beyond. */
const seconds = (column: string): string => `ColumnValues ${quoted(column)} between -1 and 100000000000`;

const isTimestamp = ({ name }: SchemaField): boolean => name === "TIMESTAMP" || name === "CREATION_TIMESTAMP";
const isId = ({ name }: SchemaField): boolean =>
  name.endsWith("_ID") && ["USER_ID", "ITEM_ID", "ACTION_ID"].includes(name);

const ofField = (field: SchemaField): string[] => [
  `ColumnExists ${quoted(field.name)}`,
  ...(valueType(field).nullable ? [] : [`IsComplete ${quoted(field.name)}`]),
  ...(isId(field) ? [`ColumnLength ${quoted(field.name)} between 0 and 257`] : []),
  ...(isTimestamp(field) && !valueType(field).nullable ? [seconds(field.name)] : []),
];

export function dqdlRules({ type, schema, checks, more }: RulesRequest): string {
  const key = keyColumns[type];
  const rules = [
    `RowCount > ${type === "interactions" ? 999 : 0}`,
    ...schema.fields.flatMap(ofField),
    ...(key === null ? [] : [`Uniqueness ${quoted(key)} >= ${Number((1 - checks.maxDuplicates).toFixed(4))}`]),
    ...more,
  ];
  return `Rules = [\n  ${rules.join(",\n  ")}\n]`;
}
