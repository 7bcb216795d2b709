/**
 * The schema rules of Amazon Personalize (reference, section 3): a JSON Avro record whose name fits the dataset type,
 * with the required fields and only simple types. Pure: text in, fields or a sentence about the first fault out.
 */
import * as z from "zod";

const primitives = ["float", "double", "int", "long", "string", "boolean", "null"] as const;
type Primitive = (typeof primitives)[number];

const Field = z.object({
  name: z.string().regex(/^[A-Za-z_][A-Za-z\d_]*$/),
  type: z.union([z.enum(primitives), z.array(z.enum(primitives)).min(1)]),
  categorical: z.boolean().optional(),
  textual: z.boolean().optional(),
  itemName: z.boolean().optional(),
});
const Schema = z.object({
  type: z.literal("record"),
  name: z.string(),
  namespace: z.string().optional(),
  fields: z.array(Field).min(1),
  version: z.string(),
});

export interface SchemaField {
  readonly name: string;
  /** Without "null". */
  readonly types: readonly Exclude<Primitive, "null">[];
  readonly nullable: boolean;
  readonly categorical: boolean;
  readonly textual: boolean;
  readonly itemName: boolean;
}

export interface ParsedSchema {
  /** "Interactions", "Items", "Users", "Actions", "ActionInteractions" */
  readonly name: string;
  readonly fields: readonly SchemaField[];
}

export type SchemaVerdict =
  { readonly kind: "valid"; readonly schema: ParsedSchema } | { readonly kind: "invalid"; readonly fault: string };

export type Domain = "ECOMMERCE" | "VIDEO_ON_DEMAND";

interface Rule {
  /** Required fields and the type each must allow. */
  readonly required: Readonly<Record<string, Primitive>>;
  readonly optional: Readonly<Record<string, Primitive>>;
  readonly metadataColumns: { readonly least: number; readonly most: number };
}

const rules: Readonly<Record<string, Rule>> = {
  Interactions: {
    required: { USER_ID: "string", ITEM_ID: "string", TIMESTAMP: "long" },
    optional: {
      EVENT_TYPE: "string",
      EVENT_VALUE: "float",
      IMPRESSION: "string",
      RECOMMENDATION_ID: "string",
      EVENT_ATTRIBUTION_SOURCE: "string",
    },
    metadataColumns: { least: 0, most: 5 },
  },
  Users: { required: { USER_ID: "string" }, optional: {}, metadataColumns: { least: 1, most: 25 } },
  Items: { required: { ITEM_ID: "string" }, optional: {}, metadataColumns: { least: 1, most: 100 } },
  Actions: { required: { ACTION_ID: "string" }, optional: {}, metadataColumns: { least: 1, most: 10 } },
  ActionInteractions: {
    required: { USER_ID: "string", ACTION_ID: "string", EVENT_TYPE: "string", TIMESTAMP: "long" },
    optional: { IMPRESSION: "string", RECOMMENDATION_ID: "string" },
    metadataColumns: { least: 0, most: 5 },
  },
};

/** What a domain asks for beyond the above. */
const domainRules: Readonly<Record<Domain, Readonly<Record<string, Readonly<Record<string, Primitive>>>>>> = {
  ECOMMERCE: {
    Interactions: { EVENT_TYPE: "string" },
    Items: { PRICE: "float", CATEGORY_L1: "string" },
  },
  VIDEO_ON_DEMAND: {
    Interactions: { EVENT_TYPE: "string" },
    Items: { GENRES: "string", CREATION_TIMESTAMP: "long" },
  },
};

const fieldTypes: Readonly<Record<string, readonly Primitive[]>> = {
  float: ["float", "double"],
  long: ["long"],
  string: ["string"],
};

export function parseSchema(text: string, domain?: Domain): SchemaVerdict {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "invalid", fault: "it is not valid JSON" };
  }
  const parsed = Schema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { kind: "invalid", fault: `at ${issue?.path.join(".") || "the top"}: ${issue?.message ?? "invalid"}` };
  }
  const schema: ParsedSchema = { name: parsed.data.name, fields: parsed.data.fields.map(toField) };
  const fault = faultOf(schema, domain);
  return fault === undefined ? { kind: "valid", schema } : { kind: "invalid", fault };
}

/** The dataset type, upper-case, that a schema of this name is for; undefined for a name of no dataset. */
export function datasetTypeOf({ name }: Pick<ParsedSchema, "name">): string | undefined {
  if (!(name in rules)) return undefined;
  return name === "ActionInteractions" ? "ACTION_INTERACTIONS" : name.toUpperCase();
}

function toField(field: z.infer<typeof Field>): SchemaField {
  const types = Array.isArray(field.type) ? field.type : [field.type];
  return {
    name: field.name,
    types: types.filter((type) => type !== "null"),
    nullable: types.includes("null"),
    categorical: field.categorical ?? false,
    textual: field.textual ?? false,
    itemName: field.itemName ?? false,
  };
}

function faultOf({ name, fields }: ParsedSchema, domain: Domain | undefined): string | undefined {
  const rule = rules[name];
  if (!rule) return `the record is named ${name}; it must be one of ${Object.keys(rules).join(", ")}`;
  const required = { ...rule.required, ...(domain ? domainRules[domain][name] : {}) };
  return (
    faultOfNames(fields) ??
    faultOfRequired(fields, required, rule) ??
    faultOfAttributes(name, fields) ??
    faultOfMetadata(name, fields, rule)
  );
}

function faultOfNames(fields: readonly SchemaField[]): string | undefined {
  const seen = new Map<string, string>();
  for (const { name } of fields) {
    const bare = name.replace(/[^A-Za-z\d]/g, "").toUpperCase();
    const twin = seen.get(bare);
    if (twin !== undefined) return `the fields ${twin} and ${name} have the same letters and digits`;
    seen.set(bare, name);
  }
  return undefined;
}

function faultOfRequired(
  fields: readonly SchemaField[],
  required: Readonly<Record<string, Primitive>>,
  { optional }: Rule,
): string | undefined {
  const byName = new Map(fields.map((field) => [field.name, field]));
  for (const [name, type] of Object.entries(required)) {
    const field = byName.get(name);
    if (!field) return `the required field ${name} is missing`;
    if (field.nullable) return `the required field ${name} must not be null`;
    if (!allows(field, type)) return `the field ${name} must have type ${type}`;
  }
  for (const [name, type] of Object.entries(optional)) {
    const field = byName.get(name);
    if (field && !allows(field, type)) return `the field ${name} must have type ${type}`;
  }
  return undefined;
}

const allows = ({ types }: SchemaField, type: Primitive) =>
  types.length === 1 && (fieldTypes[type] ?? [type]).includes(types[0] ?? "null");

function faultOfAttributes(name: string, fields: readonly SchemaField[]): string | undefined {
  for (const field of fields) {
    if (field.types.length !== 1) return `the field ${field.name} must have exactly one type beside null`;
    if ((field.categorical || field.textual) && field.types[0] !== "string") {
      return `the field ${field.name} is ${field.categorical ? "categorical" : "textual"}; only string fields can be`;
    }
    if (field.textual && name !== "Items" && name !== "Actions") return `only Items have textual fields: ${field.name}`;
    if (field.name === "EVENT_TYPE" && field.categorical) return "EVENT_TYPE must not be categorical";
  }
  const textual = fields.filter((field) => field.textual);
  if (textual.length > 1) return `at most one field may be textual: ${textual.map((field) => field.name).join(", ")}`;
  return undefined;
}

function faultOfMetadata(name: string, fields: readonly SchemaField[], rule: Rule): string | undefined {
  const metadata = fields.filter((field) => !(field.name in rule.required) && !(field.name in rule.optional));
  const { least, most } = rule.metadataColumns;
  if (metadata.length < least) return `${name} need at least ${least} metadata field beside the id`;
  if (metadata.length > most) return `${name} have ${metadata.length} metadata fields; at most ${most} are allowed`;
  return undefined;
}

/** Why one schema cannot take over from another: every old field stays as it is, new ones are nullable. Pure. */
export function extensionFault(before: ParsedSchema, after: ParsedSchema): string | undefined {
  const kept = new Map(after.fields.map((field) => [field.name, field]));
  for (const field of before.fields) {
    const same = kept.get(field.name);
    if (!same) return `the field ${field.name} is missing`;
    if (JSON.stringify(same) !== JSON.stringify(field)) return `the field ${field.name} has changed`;
    kept.delete(field.name);
  }
  const strict = [...kept.values()].find((field) => !field.nullable);
  return strict && `the new field ${strict.name} must accept null`;
}
