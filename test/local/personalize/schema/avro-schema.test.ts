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

  const price = { name: "PRICE", type: "float" };
  const category = (name: string) => ({ name, type: "string", categorical: true });
  const created = { name: "CREATION_TIMESTAMP", type: "long" };
  const action = { name: "ACTION_ID", type: "string" };

  it.each<{ why: string; name: string; fields: Field[]; domain?: Domain }>([
    { why: "Items of a shop", name: "Items", fields: [item, price, category("CATEGORY_L1")], domain: "ECOMMERCE" },
    {
      ...{ why: "all that a shop knows of items", name: "Items", domain: "ECOMMERCE" },
      fields: [
        ...[item, price, created, { name: "PRODUCT_DESCRIPTION", type: "string", textual: true }],
        ...["CATEGORY_L1", "CATEGORY_L2", "CATEGORY_L3", "AGE_GROUP", "ADULT", "GENDER"].map(category),
      ],
    },
    { why: "Items of films", name: "Items", fields: [item, category("GENRES"), created], domain: "VIDEO_ON_DEMAND" },
    { why: "Users of films", name: "Users", fields: [user, category("SUBSCRIPTION_MODEL")], domain: "VIDEO_ON_DEMAND" },
    {
      ...{ why: "all that is known of actions", name: "Actions" },
      fields: [
        ...[action, { name: "VALUE", type: ["null", "long"] }, { name: "TYPE", type: "string" }, created],
        ...[
          { name: "EXPIRATION_TIMESTAMP", type: "long" },
          { name: "REPEAT_FREQUENCY", type: "long" },
        ],
      ],
    },
    {
      ...{ why: "what was done with actions", name: "ActionInteractions" },
      fields: [user, action, event, time, { name: "IMPRESSION", type: ["string", "null"] }],
    },
    { why: "a name of an item", name: "Items", fields: [item, { name: "NAME", type: "string", itemName: true }] },
    { why: "null before the type or after it", name: "Users", fields: [user, { name: "A", type: ["int", "null"] }] },
  ])("accepts $why", ({ name, fields, domain }) => {
    expect(faultOf(text(name, fields), domain)).toBeUndefined();
  });

  it.each<{ why: string; name: string; fields: Field[]; domain?: Domain; says: string }>([
    {
      ...{ why: "a shop's category that is not categorical", name: "Items", domain: "ECOMMERCE" },
      ...{ fields: [item, price, { name: "CATEGORY_L1", type: "string" }], says: "CATEGORY_L1 must be categorical" },
    },
    {
      ...{ why: "a shop without prices", name: "Items", domain: "ECOMMERCE" },
      ...{ fields: [item, category("CATEGORY_L1")], says: "PRICE is missing" },
    },
    {
      ...{ why: "a price that may be null", name: "Items", domain: "ECOMMERCE" },
      fields: [item, { ...price, type: ["null", "float"] }, category("CATEGORY_L1")],
      says: "PRICE must not be null",
    },
    {
      ...{ why: "a description that is not textual", name: "Items", domain: "ECOMMERCE" },
      fields: [item, price, category("CATEGORY_L1"), category("PRODUCT_DESCRIPTION")],
      says: "PRODUCT_DESCRIPTION must be textual",
    },
    {
      ...{ why: "films without a time of their making", name: "Items", domain: "VIDEO_ON_DEMAND" },
      ...{ fields: [item, category("GENRES")], says: "CREATION_TIMESTAMP is missing" },
    },
    {
      ...{ why: "a length of films as text", name: "Items", domain: "VIDEO_ON_DEMAND" },
      fields: [item, category("GENRES"), created, { name: "DURATION", type: "string" }],
      says: "DURATION must have type float",
    },
    {
      ...{ why: "actions in a domain", name: "Actions", domain: "ECOMMERCE" },
      ...{ fields: [action, category("TYPE")], says: "ECOMMERCE has no datasets of Actions" },
    },
    {
      ...{ why: "a value of an action as text", name: "Actions" },
      ...{ fields: [action, { name: "VALUE", type: "string" }], says: "VALUE must have type long" },
    },
    { why: "actions without anything but ids", name: "Actions", fields: [action], says: "at least 1 metadata" },
    {
      ...{ why: "eleven fields of one's own in Actions", name: "Actions" },
      ...{ fields: [action, ...extra(11)], says: "at most 10" },
    },
    {
      ...{ why: "interactions with actions without their type", name: "ActionInteractions" },
      ...{ fields: [user, action, time], says: "EVENT_TYPE is missing" },
    },
    {
      ...{ why: "a name of a user", name: "Users" },
      ...{ fields: [user, { name: "NAME", type: "string", itemName: true }], says: "only string fields of Items" },
    },
    {
      ...{ why: "two names of an item", name: "Items" },
      fields: ["A", "B"].map((name): Field => ({ name, type: "string", itemName: true })).concat([item]),
      says: "at most one field may be itemName",
    },
    {
      ...{ why: "a field that is categorical and textual", name: "Items" },
      ...{ fields: [item, { ...category("ABOUT"), textual: true }], says: "it can be one" },
    },
    {
      ...{ why: "text about users", name: "Users" },
      ...{ fields: [user, { name: "ABOUT", type: "string", textual: true }], says: "only Items have textual" },
    },
    {
      ...{ why: "a hundred and one fields of Items", name: "Items" },
      ...{ fields: [item, ...extra(101)], says: "at most 100" },
    },
    {
      ...{ why: "a time of making in whole numbers of 32 bits", name: "Items" },
      ...{
        fields: [item, { name: "CREATION_TIMESTAMP", type: "int" }],
        says: "CREATION_TIMESTAMP must have type long",
      },
    },
  ])("refuses $why", ({ name, fields, domain, says }) => {
    expect(faultOf(text(name, fields), domain)).toContain(says);
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
