/**
 * Guesses the Avro schema of a Personalize CSV file from its header and a sample of its rows. Pure. Reserved columns get
 * the types that the service demands (developer guide, "Datasets and schemas"); other columns are numbers when every
 * sampled value is one, else categorical text; free text (long or nearly always different) is `textual`, once, on Items.
 */
export type DatasetKind = "Interactions" | "Users" | "Items";

type Primitive = "string" | "long" | "float";
export interface AvroField {
  readonly name: string;
  readonly type: Primitive | readonly (Primitive | "null")[];
  readonly categorical?: true;
  readonly textual?: true;
}
export interface AvroSchema {
  readonly type: "record";
  readonly name: DatasetKind;
  readonly namespace: "com.amazonaws.personalize.schema";
  readonly fields: readonly AvroField[];
  readonly version: "1.0";
}

/** Columns whose type is the service's decision, by dataset. */
const reserved: Readonly<Record<DatasetKind, Readonly<Record<string, AvroField["type"]>>>> = {
  Interactions: {
    USER_ID: "string",
    ITEM_ID: "string",
    TIMESTAMP: "long",
    EVENT_TYPE: "string",
    EVENT_VALUE: ["float", "null"],
    IMPRESSION: ["string", "null"],
    RECOMMENDATION_ID: ["string", "null"],
  },
  Users: { USER_ID: "string" },
  Items: { ITEM_ID: "string", CREATION_TIMESTAMP: "long", PRICE: "float" },
};

const requiredColumns: Readonly<Record<DatasetKind, readonly string[]>> = {
  Interactions: ["USER_ID", "ITEM_ID", "TIMESTAMP"],
  Users: ["USER_ID"],
  Items: ["ITEM_ID"],
};

/** @throws Error naming the column that is missing, repeated or misnamed when the header cannot be this kind of dataset. */
export function inferSchema(
  kind: DatasetKind,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): AvroSchema {
  const missing = requiredColumns[kind].filter((name) => !header.includes(name));
  if (missing.length > 0) {
    throw new Error(`${kind} need the column ${missing.join(" and ")}; the header has ${header.join(", ")}`);
  }
  const unusable = header.find((name, column) => !/^[A-Za-z_]\w*$/.test(name) || header.indexOf(name) !== column);
  if (unusable !== undefined) {
    throw new Error(
      `the header has the column "${unusable}"; each name must be unique and made of letters, digits and _ (the header: ${header.join(",")})`,
    );
  }
  let textualLeft = kind === "Items" ? 1 : 0;
  const fields = header.map((name, column): AvroField => {
    const fixed = reserved[kind][name];
    const values = rows.map((row) => row[column] ?? "");
    if (requiredColumns[kind].includes(name)) return { name, type: fixed ?? "string" }; // the check of the data names empty ones
    if (fixed !== undefined) return { name, type: nullable(fixed, values) };
    const guessed = guess(values);
    if (guessed !== "text")
      return { name, type: nullable(guessed === "category" ? "string" : guessed, values), ...mark(guessed) };
    return textualLeft-- > 0 ? { name, type: ["null", "string"], textual: true } : { name, type: ["null", "string"] };
  });
  return { type: "record", name: kind, namespace: "com.amazonaws.personalize.schema", fields, version: "1.0" };
}

const mark = (guessed: Primitive | "category") => (guessed === "category" ? { categorical: true as const } : {});

/** A column with an empty value in the sample must admit null. */
function nullable(type: AvroField["type"], values: readonly string[]): AvroField["type"] {
  return typeof type === "string" && values.includes("") ? ["null", type] : type;
}

function guess(values: readonly string[]): "long" | "float" | "category" | "text" {
  const given = values.filter((value) => value !== "");
  if (given.length === 0) return "category";
  if (given.every((value) => /^-?\d{1,18}$/.test(value))) return "long";
  if (given.every((value) => /^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(value))) return "float";
  const distinct = new Set(given).size;
  const meanLength = given.reduce((sum, value) => sum + value.length, 0) / given.length;
  const mostlyDifferent =
    given.length >= 20 && distinct > 0.6 * given.length && !given.some((value) => value.includes("|"));
  return meanLength > 100 || mostlyDifferent ? "text" : "category";
}
