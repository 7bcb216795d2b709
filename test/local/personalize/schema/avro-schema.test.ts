/** The schema rules, one broken at a time. */
import { describe, expect, it } from "@jest/globals";
import {
  datasetTypeOf,
  extensionFault,
  parseSchema,
  type Domain,
} from "../../../../local/personalize/schema/avro-schema.ts";

type Field = Record<string, unknown>;
const text = (name: string, fields: Field[], more: Record<string, unknown> = {}) =>
  JSON.stringify({
    type: "record",
    name,
    namespace: "com.amazonaws.personalize.schema",
    fields,
    version: "1.0",
    ...more,
  });

const user = { name: "USER_ID", type: "string" };
const item = { name: "ITEM_ID", type: "string" };
const time = { name: "TIMESTAMP", type: "long" };
const event = { name: "EVENT_TYPE", type: "string" };
const genre = { name: "GENRE", type: ["null", "string"], categorical: true };
const extra = (n: number) => Array.from({ length: n }, (_, i) => ({ name: `EXTRA_${i}`, type: "string" }));

const faultOf = (schema: string, domain?: Domain) => {
  const verdict = parseSchema(schema, domain);
  return verdict.kind === "invalid" ? verdict.fault : undefined;
};

describe("parseSchema", () => {
  it.each([
    { why: "the least of Interactions", schema: text("Interactions", [user, item, time]) },
    {
      why: "all reserved columns",
      schema: text("Interactions", [
        user,
        item,
        time,
        event,
        { name: "EVENT_VALUE", type: ["float", "null"] },
        { name: "IMPRESSION", type: ["null", "string"] },
        ...extra(5),
      ]),
    },
    {
      why: "a value as double",
      schema: text("Interactions", [user, item, time, { name: "EVENT_VALUE", type: "double" }]),
    },
    { why: "one metadata field of Items", schema: text("Items", [item, genre]) },
    { why: "a textual field", schema: text("Items", [item, { name: "ABOUT", type: "string", textual: true }]) },
    { why: "a union of one type", schema: text("Users", [user, { name: "AGE", type: ["int"] }]) },
    { why: "no version of its own kind", schema: text("Users", [user, { name: "VIP", type: "boolean" }]) },
  ])("accepts $why", ({ schema }) => {
    expect(faultOf(schema)).toBeUndefined();
  });

  it.each([
    { why: "text that is no JSON", schema: "{", says: "not valid JSON" },
    { why: "a type that is not record", schema: text("Items", [item, genre], { type: "enum" }), says: "at type" },
    { why: "no version", schema: text("Items", [item, genre], { version: undefined }), says: "at version" },
    { why: "an unknown name", schema: text("Things", [item, genre]), says: "named Things" },
    { why: "no TIMESTAMP", schema: text("Interactions", [user, item]), says: "TIMESTAMP is missing" },
    {
      why: "a nullable id",
      schema: text("Items", [{ name: "ITEM_ID", type: ["null", "string"] }, genre]),
      says: "must not be null",
    },
    {
      why: "a TIMESTAMP of int",
      schema: text("Interactions", [user, item, { name: "TIMESTAMP", type: "int" }]),
      says: "type long",
    },
    {
      why: "an EVENT_VALUE of string",
      schema: text("Interactions", [user, item, time, { name: "EVENT_VALUE", type: "string" }]),
      says: "EVENT_VALUE must have type float",
    },
    {
      why: "a complex type",
      schema: text("Items", [item, { name: "G", type: { type: "array", items: "string" } }]),
      says: "fields.1.type",
    },
    {
      why: "two types beside null",
      schema: text("Items", [item, { name: "G", type: ["string", "int"] }]),
      says: "exactly one type",
    },
    {
      why: "names that differ in signs only",
      schema: text("Items", [
        item,
        { name: "GENRES_FIELD_1", type: "string" },
        { name: "GENRESFIELD1", type: "string" },
      ]),
      says: "same letters and digits",
    },
    {
      why: "a categorical number",
      schema: text("Items", [item, { name: "PRICE", type: "float", categorical: true }]),
      says: "only string fields",
    },
    {
      why: "a categorical event type",
      schema: text("Interactions", [user, item, time, { ...event, categorical: true }]),
      says: "EVENT_TYPE must not be categorical",
    },
    {
      why: "two textual fields",
      schema: text("Items", [
        item,
        { name: "A", type: "string", textual: true },
        { name: "B", type: "string", textual: true },
      ]),
      says: "at most one",
    },
    { why: "Items without metadata", schema: text("Items", [item]), says: "at least 1 metadata" },
    {
      why: "six columns of one's own in Interactions",
      schema: text("Interactions", [user, item, time, ...extra(6)]),
      says: "at most 5",
    },
    { why: "twenty-six in Users", schema: text("Users", [user, ...extra(26)]), says: "at most 25" },
  ])("refuses $why", ({ schema, says }) => {
    expect(faultOf(schema)).toContain(says);
  });

  it("asks more of a domain's schemas", () => {
    expect(faultOf(text("Interactions", [user, item, time]), "ECOMMERCE")).toContain("EVENT_TYPE is missing");
    expect(faultOf(text("Items", [item, genre]), "VIDEO_ON_DEMAND")).toContain("GENRES is missing");
  });

  it("tells which dataset type a record is for", () => {
    expect(["Interactions", "ActionInteractions", "Things"].map((name) => datasetTypeOf({ name }))).toEqual([
      "INTERACTIONS",
      "ACTION_INTERACTIONS",
      undefined,
    ]);
  });
});

describe("extensionFault", () => {
  const parsed = (fields: Field[]) => {
    const verdict = parseSchema(text("Items", [item, ...fields]));
    if (verdict.kind === "invalid") throw new Error(verdict.fault);
    return verdict.schema;
  };

  it.each([
    { why: "the same", after: [genre], fault: undefined },
    { why: "a new nullable field", after: [genre, { name: "X", type: ["null", "int"] }], fault: undefined },
    { why: "a new field that cannot be null", after: [genre, { name: "X", type: "int" }], fault: "must accept null" },
    { why: "an attribute dropped", after: [{ ...genre, categorical: false }], fault: "GENRE has changed" },
    { why: "a field dropped", after: [{ name: "X", type: ["null", "int"] }], fault: "GENRE is missing" },
  ])("judges $why", ({ after, fault }) => {
    const found = extensionFault(parsed([genre]), parsed(after));

    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });
});
