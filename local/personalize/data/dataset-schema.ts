/** Reads the Avro record schemas of Personalize into the fields that the importer and the trainings need. */
import type { DatasetType } from "../job-runner.ts";
import { rangeOf, type Range } from "../schema/action-ranges.ts";

export type FieldType = "string" | "int" | "long" | "float" | "double" | "boolean";

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly nullable: boolean;
  readonly categorical: boolean;
  readonly textual: boolean;
  /** Numbers outside fail an import. */
  readonly range?: Range;
}

interface AvroField {
  readonly name: string;
  readonly type: unknown;
  readonly categorical?: boolean;
  readonly textual?: boolean;
}

const fieldTypes: readonly string[] = ["string", "int", "long", "float", "double", "boolean"];

/** Every spelling of an Avro type: "string", {"type":"string"}, ["null","string"]. */
function typeNames(type: unknown): string[] {
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return type.flatMap(typeNames);
  if (typeof type === "object" && type !== null && "type" in type) return typeNames(type.type);
  return [String(type)];
}

function toField({ name, type, categorical = false, textual = false }: AvroField): Field {
  const names = typeNames(type);
  const values = names.filter((each) => each !== "null");
  const [only] = values;
  if (values.length !== 1 || !only || !fieldTypes.includes(only)) {
    throw new Error(`Schema field ${name} has type ${JSON.stringify(type)}: one of ${fieldTypes.join(", ")} is needed`);
  }
  return { name, type: only as FieldType, nullable: names.includes("null"), categorical, textual };
}

/** The fields in schema order. The control plane has checked the schema; a broken one throws, naming the field. */
export function parseSchema(schema: string): readonly Field[] {
  return (JSON.parse(schema) as { fields: AvroField[] }).fields.map(toField);
}

/** The fields with what their dataset's type asks of their values. */
export function fieldsOf(schema: string, datasetType: DatasetType): readonly Field[] {
  return parseSchema(schema).map((field) => {
    const range = rangeOf(datasetType, field.name);
    return range ? { ...field, range } : field;
  });
}

/** The column that names a row's entity; interactions belong to a user. */
export function idColumn(datasetType: DatasetType): string {
  return datasetType === "ITEMS" ? "ITEM_ID" : datasetType === "ACTIONS" ? "ACTION_ID" : "USER_ID";
}

/** Longest allowed value in characters (quotas, reference section 4). Textual values are cut at theirs instead. */
export function lengthLimit(field: Field): number {
  if (field.textual) return 20_000;
  return field.name.endsWith("_ID") ? 256 : 1_000;
}
