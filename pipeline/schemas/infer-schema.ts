/**
 * Guesses the Avro schema of a Personalize CSV file from its header and what was counted in its columns. Pure. Reserved
 * columns get the types that the service demands (developer guide, "Datasets and schemas"); ids are always strings; other
 * columns are numbers when every value is one, else categorical text; free text (long or nearly always different) is
 * `textual`, once, on Items.
 */
import { type ColumnFacts, countColumns } from "./column-facts.ts";

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
  const columns = countColumns(header.length);
  rows.forEach((row) => columns.add(row));
  return explainSchema(kind, header, columns.facts).schema;
}

export interface ExplainedSchema {
  readonly schema: AvroSchema;
  /** A sentence for each field, in the fields' order. */
  readonly reasons: readonly string[];
}

/** As `inferSchema`, from what was counted, and why. */
export function explainSchema(
  kind: DatasetKind,
  header: readonly string[],
  facts: readonly ColumnFacts[],
): ExplainedSchema {
  assertUsable(kind, header);
  let textualLeft = kind === "Items" ? 1 : 0;
  const guesses = header.map((name, column): Guess => {
    const counted = facts[column] ?? nothing;
    const guess = reservedColumn(kind, name, counted) ?? ownColumn(name, counted, textualLeft > 0);
    if (guess.field.textual) textualLeft--;
    return guess;
  });
  const fields = guesses.map(({ field }) => field);
  return {
    schema: { type: "record", name: kind, namespace: "com.amazonaws.personalize.schema", fields, version: "1.0" },
    reasons: guesses.map(({ reason }) => reason),
  };
}

const [nothing] = countColumns(1).facts as [ColumnFacts];

function assertUsable(kind: DatasetKind, header: readonly string[]): void {
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
}

interface Guess {
  readonly field: AvroField;
  readonly reason: string;
}

const emptyOnes = ({ empty }: ColumnFacts) => `${empty} of its values ${empty === 1 ? "is" : "are"} empty`;
const orNull = (facts: ColumnFacts) => (facts.empty > 0 ? `; null as well, for ${emptyOnes(facts)}` : "");

function reservedColumn(kind: DatasetKind, name: string, facts: ColumnFacts): Guess | undefined {
  const fixed = reserved[kind][name];
  if (fixed === undefined) return undefined;
  if (!requiredColumns[kind].includes(name)) {
    const reason = `the service reserves the name${typeof fixed === "string" ? orNull(facts) : ""}`;
    return { field: { name, type: nullable(fixed, facts) }, reason };
  }
  // The check of the data names empty ones.
  const refused = facts.empty > 0 ? `; ${emptyOnes(facts)}, which the service refuses` : "";
  return { field: { name, type: fixed }, reason: `${kind} must have it, and as ${String(fixed)}${refused}` };
}

function ownColumn(name: string, facts: ColumnFacts, mayBeTextual: boolean): Guess {
  const guessed = guess(name, facts);
  const because = whyGuessed(name, facts, guessed);
  if (guessed !== "text") {
    const type = nullable(guessed === "category" ? "string" : guessed, facts);
    return { field: { name, type, ...mark(guessed) }, reason: because + orNull(facts) };
  }
  const field = { name, type: ["null", "string"] } as const;
  if (mayBeTextual && !isId(name)) return { field: { ...field, textual: true }, reason: `${because}: textual` };
  return { field, reason: `${because}; plain text is stored and can be filtered by, but teaches a model nothing` };
}

const mark = (guessed: Primitive | "category") => (guessed === "category" ? { categorical: true as const } : {});

/** A column with an empty value must admit null. */
function nullable(type: AvroField["type"], { empty }: ColumnFacts): AvroField["type"] {
  return typeof type === "string" && empty > 0 ? ["null", type] : type;
}

/** However numeric it looks: nobody adds ids up. */
const isId = (name: string) => /(^|_)ID$/i.test(name);

function guess(name: string, facts: ColumnFacts): "long" | "float" | "category" | "text" {
  if (facts.given === 0) return "category";
  if (facts.allWhole && !isId(name)) return "long";
  if (facts.allNumbers && !isId(name)) return "float";
  return facts.meanLength > 100 || isMostlyDifferent(facts) ? "text" : "category";
}

const isMostlyDifferent = ({ distinct, distinctAmong, hasBar }: ColumnFacts) =>
  distinctAmong >= 20 && distinct > 0.6 * distinctAmong && !hasBar;

function whyGuessed(name: string, facts: ColumnFacts, guessed: ReturnType<typeof guess>): string {
  if (facts.given === 0) return "it is always empty, so this is a mere guess";
  if (guessed === "long") return "every value is a whole number";
  if (guessed === "float") return "every value is a number";
  const id = isId(name) ? "an id by its name, and ids are strings; " : "";
  const different = `${facts.distinct} different among ${facts.distinctAmong} values`;
  return guessed === "category"
    ? `${id}${different}${facts.hasBar ? ", several in one separated by |" : ""}: a category`
    : `${id}${different}, ${Math.round(facts.meanLength)} letters on average: free text`;
}
