/**
 * The part of Avro that Personalize speaks: one flat record per dataset, with Personalize's own attributes on the fields.
 * Knows what each dataset type must hold; says all that is wrong with a schema at once.
 */
import * as z from "zod";

export const datasetTypes = ["interactions", "users", "items", "actions", "action-interactions"] as const;
export type DatasetType = (typeof datasetTypes)[number];

/** As the service spells it: `ACTION_INTERACTIONS`. */
export const serviceType = (type: DatasetType): string => type.toUpperCase().replaceAll("-", "_");

/** Has the dataset one row for each event, or one for each thing? Then the column that tells things apart. */
export const keyColumns: Readonly<Record<DatasetType, string | null>> = {
  interactions: null,
  users: "USER_ID",
  items: "ITEM_ID",
  actions: "ACTION_ID",
  "action-interactions": null,
};

const ScalarType = z.enum(["string", "int", "long", "float", "double", "boolean"]);
const FieldType = z.union([
  ScalarType,
  z
    .array(z.union([ScalarType, z.literal("null")]))
    .min(1)
    .max(2),
]);

const Field = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z\d_]*$/, "a column name is letters, digits and underscores")
    .max(150),
  type: FieldType,
  categorical: z.boolean().optional(),
  textual: z.boolean().optional(),
  itemName: z.boolean().optional(),
});
export type SchemaField = z.infer<typeof Field>;

export const AvroSchema = z.strictObject({
  type: z.literal("record"),
  name: z.string().min(1),
  namespace: z.string().default("com.amazonaws.personalize.schema"),
  fields: z.array(Field).min(1),
  version: z.string().default("1.0"),
});
export type AvroSchema = z.infer<typeof AvroSchema>;

/** A field without its union: what a value must look like, and whether an empty one is allowed. */
export function valueType(field: SchemaField): {
  readonly type: z.infer<typeof ScalarType>;
  readonly nullable: boolean;
} {
  if (!Array.isArray(field.type)) return { type: field.type, nullable: false };
  const scalar = field.type.find((type) => type !== "null") ?? "string";
  return { type: scalar, nullable: field.type.includes("null") };
}

interface Demand {
  readonly recordName: string;
  readonly required: readonly { readonly name: string; readonly types: readonly string[] }[];
  readonly metadataNeeded: boolean;
}

const id = (name: string) => ({ name, types: ["string"] });

const demands: Readonly<Record<DatasetType, Demand>> = {
  interactions: {
    recordName: "Interactions",
    required: [id("USER_ID"), id("ITEM_ID"), { name: "TIMESTAMP", types: ["long"] }],
    metadataNeeded: false,
  },
  users: { recordName: "Users", required: [id("USER_ID")], metadataNeeded: true },
  items: { recordName: "Items", required: [id("ITEM_ID")], metadataNeeded: true },
  actions: { recordName: "Actions", required: [id("ACTION_ID")], metadataNeeded: true },
  "action-interactions": {
    recordName: "ActionInteractions",
    required: [id("USER_ID"), id("ACTION_ID"), id("EVENT_TYPE"), { name: "TIMESTAMP", types: ["long"] }],
    metadataNeeded: false,
  },
};

/** Everything about `schema` that Personalize would refuse for a dataset of this type; empty when it would not. */
export function schemaFaults(type: DatasetType, schema: AvroSchema): string[] {
  const demand = demands[type];
  const faults: string[] = [];
  if (schema.name !== demand.recordName) {
    faults.push(`the record of a ${type} schema must be named "${demand.recordName}", not "${schema.name}"`);
  }
  for (const { name, types } of demand.required) {
    const field = schema.fields.find((candidate) => candidate.name === name);
    if (!field) faults.push(`column ${name} is missing`);
    else if (valueType(field).nullable || !types.includes(valueType(field).type)) {
      faults.push(`column ${name} must be of type ${types.join(" or ")} and not null`);
    }
  }
  if (demand.metadataNeeded && schema.fields.length < 2) faults.push("at least one column besides the id is needed");
  return [...faults, ...duplicateColumns(schema)];
}

/** Personalize drops everything but letters and digits before it compares column names. */
function duplicateColumns(schema: AvroSchema): string[] {
  const seen = new Map<string, string>();
  const faults: string[] = [];
  for (const { name } of schema.fields) {
    const bare = name.replaceAll("_", "").toUpperCase();
    const earlier = seen.get(bare);
    if (earlier !== undefined) faults.push(`columns ${earlier} and ${name} are the same name to Personalize`);
    seen.set(bare, name);
  }
  return faults;
}
