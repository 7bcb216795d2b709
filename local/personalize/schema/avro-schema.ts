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

/** A type that a field must have, or what its attributes must say. */
type Demand = Primitive | "categorical" | "textual";
type Demands = Readonly<Record<string, Demand>>;

interface Rule {
  /** Required fields and what each must be. */
  readonly required: Demands;
  /** Names that the service keeps for a meaning of their own; they are no metadata. */
  readonly reserved: Demands;
  /** Names of metadata with a meaning. */
  readonly known: Demands;
  readonly metadataColumns: { readonly least: number; readonly most: number };
}

const rules: Readonly<Record<string, Rule>> = {
  Interactions: {
    required: { USER_ID: "string", ITEM_ID: "string", TIMESTAMP: "long" },
    reserved: {
      EVENT_TYPE: "string",
      EVENT_VALUE: "float",
      IMPRESSION: "string",
      RECOMMENDATION_ID: "string",
      EVENT_ATTRIBUTION_SOURCE: "string",
    },
    known: {},
    metadataColumns: { least: 0, most: 5 },
  },
  Users: { required: { USER_ID: "string" }, reserved: {}, known: {}, metadataColumns: { least: 1, most: 25 } },
  Items: {
    required: { ITEM_ID: "string" },
    reserved: {},
    known: { CREATION_TIMESTAMP: "long" },
    metadataColumns: { least: 1, most: 100 },
  },
  Actions: {
    required: { ACTION_ID: "string" },
    reserved: {},
    known: {
      CREATION_TIMESTAMP: "long",
      VALUE: "long",
      TYPE: "string",
      EXPIRATION_TIMESTAMP: "long",
      ACTION_EXPIRATION_TIMESTAMP: "long",
      REPEAT_FREQUENCY: "long",
    },
    metadataColumns: { least: 1, most: 10 },
  },
  ActionInteractions: {
    required: { USER_ID: "string", ACTION_ID: "string", EVENT_TYPE: "string", TIMESTAMP: "long" },
    reserved: { IMPRESSION: "string", RECOMMENDATION_ID: "string" },
    known: {},
    metadataColumns: { least: 0, most: 5 },
  },
};

interface DomainRule {
  readonly required: Demands;
  readonly known: Demands;
}

/** What a domain asks for beyond the above; it has no datasets of actions. */
const domainRules: Readonly<Record<Domain, Readonly<Record<string, DomainRule>>>> = {
  ECOMMERCE: {
    Interactions: { required: { EVENT_TYPE: "string" }, known: {} },
    Users: { required: {}, known: {} },
    Items: {
      required: { PRICE: "float", CATEGORY_L1: "categorical" },
      known: {
        ...{ CATEGORY_L2: "categorical", CATEGORY_L3: "categorical", PRODUCT_DESCRIPTION: "textual" },
        ...{ AGE_GROUP: "categorical", ADULT: "categorical", GENDER: "categorical" },
      },
    },
  },
  VIDEO_ON_DEMAND: {
    Interactions: { required: { EVENT_TYPE: "string" }, known: {} },
    Users: { required: {}, known: { SUBSCRIPTION_MODEL: "categorical" } },
    Items: {
      required: { GENRES: "categorical", CREATION_TIMESTAMP: "long" },
      known: {
        ...{ PRICE: "float", DURATION: "float", AVERAGE_RATING: "float", PRODUCT_DESCRIPTION: "textual" },
        ...{ GENRE_L2: "categorical", GENRE_L3: "categorical" },
        ...{ CONTENT_OWNER: "categorical", CONTENT_CLASSIFICATION: "categorical" },
      },
    },
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

/** The fields of one's own, beside those with a meaning to the service. */
export function metadataFieldsOf({ name, fields }: ParsedSchema): SchemaField[] {
  const { required = {}, reserved = {} } = rules[name] ?? {};
  return fields.filter((field) => !(field.name in required) && !(field.name in reserved));
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
  const ofDomain = domain && domainRules[domain][name];
  if (domain && !ofDomain) return `${domain} has no datasets of ${name}`;
  return (
    faultOfNames(fields) ??
    faultOfRequired(fields, { ...rule.required, ...ofDomain?.required }) ??
    faultOfOptional(fields, { ...rule.reserved, ...rule.known, ...ofDomain?.known }) ??
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

function faultOfRequired(fields: readonly SchemaField[], required: Demands): string | undefined {
  const byName = new Map(fields.map((field) => [field.name, field]));
  for (const [name, demand] of Object.entries(required)) {
    const field = byName.get(name);
    if (!field) return `the required field ${name} is missing`;
    if (field.nullable) return `the required field ${name} must not be null`;
    const fault = demandFault(field, demand);
    if (fault) return fault;
  }
  return undefined;
}

function faultOfOptional(fields: readonly SchemaField[], known: Demands): string | undefined {
  for (const field of fields) {
    const demand = known[field.name];
    const fault = demand && demandFault(field, demand);
    if (fault) return fault;
  }
  return undefined;
}

/** In what a field is not what it has to be. */
function demandFault(field: SchemaField, demand: Demand): string | undefined {
  const type = demand === "categorical" || demand === "textual" ? "string" : demand;
  const fits = field.types.length === 1 && (fieldTypes[type] ?? [type]).includes(field.types[0] ?? "null");
  if (!fits) return `the field ${field.name} must have type ${type}`;
  if (demand === "categorical" && !field.categorical) return `the field ${field.name} must be categorical`;
  if (demand === "textual" && !field.textual) return `the field ${field.name} must be textual`;
  return undefined;
}

function faultOfAttributes(name: string, fields: readonly SchemaField[]): string | undefined {
  for (const field of fields) {
    if (field.types.length !== 1) return `the field ${field.name} must have exactly one type beside null`;
    if ((field.categorical || field.textual) && field.types[0] !== "string") {
      return `the field ${field.name} is ${field.categorical ? "categorical" : "textual"}; only string fields can be`;
    }
    if (field.textual && name !== "Items" && name !== "Actions") return `only Items have textual fields: ${field.name}`;
    if (field.textual && field.categorical) return `the field ${field.name} is categorical and textual; it can be one`;
    if (field.itemName && (name !== "Items" || field.types[0] !== "string")) {
      return `the field ${field.name} is an itemName; only string fields of Items can be`;
    }
    if (field.name === "EVENT_TYPE" && field.categorical) return "EVENT_TYPE must not be categorical";
  }
  const textual = fields.filter((field) => field.textual);
  if (textual.length > 1) return `at most one field may be textual: ${textual.map((field) => field.name).join(", ")}`;
  const named = fields.filter((field) => field.itemName);
  if (named.length > 1) return `at most one field may be itemName: ${named.map((field) => field.name).join(", ")}`;
  return undefined;
}

function faultOfMetadata(name: string, fields: readonly SchemaField[], rule: Rule): string | undefined {
  const metadata = metadataFieldsOf({ name, fields });
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
