/** Filters against the schemas of their group: what is there, what may be looked at. */
import { describe, expect, it } from "@jest/globals";
import { columnFault, distinctFields } from "../../../../local/personalize/filters/check-columns.ts";
import { parseFilter } from "../../../../local/personalize/filters/parse-filter.ts";
import type { ParsedSchema, SchemaField } from "../../../../local/personalize/schema/avro-schema.ts";

const field = (name: string, more: Partial<SchemaField> = {}): SchemaField => ({
  ...{ name, types: ["string"], nullable: true, categorical: false, textual: false, itemName: false },
  ...more,
});

const schemas: Record<string, ParsedSchema> = {
  ITEMS: {
    name: "Items",
    fields: [field("GENRE"), field("TEXT", { textual: true }), field("NEW", { types: ["boolean"] })],
  },
  ACTIONS: { name: "Actions", fields: [field("VALUE"), field("REPEAT_FREQUENCY", { types: ["long"] })] },
};

const parsed = (text: string) => {
  const verdict = parseFilter(text);
  if (verdict.kind === "invalid") throw new Error(verdict.fault);
  return verdict.filter;
};

describe("columnFault", () => {
  it.each([
    { text: 'INCLUDE ItemID WHERE Items.genre IN ("x")', fault: undefined },
    { text: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")', fault: undefined },
    { text: 'INCLUDE ItemID WHERE Items.COLOUR IN ("x")', fault: "no such column; it has GENRE, TEXT, NEW" },
    { text: 'INCLUDE ItemID WHERE Items.TEXT IN ("x")', fault: "textual columns" },
    { text: "INCLUDE ItemID WHERE Items.NEW = 1", fault: "boolean columns" },
    { text: 'INCLUDE ItemID WHERE Items.GENRE IN ("x") IF CurrentUser.AGE > 3', fault: "no USERS dataset" },
    { text: "INCLUDE ItemID WHERE Items.GENRE IN CurrentItem.COLOUR", fault: "CurrentItem.COLOUR" },
    { text: "EXCLUDE ActionID WHERE Actions.REPEAT_FREQUENCY > 3", fault: "by themselves" },
  ])("$text", ({ text, fault }) => {
    const found = columnFault(parsed(text), schemas);

    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });
});

describe("distinctFields", () => {
  it("counts a column of the user or the current item as one of the dataset's", () => {
    const text =
      "INCLUDE ItemID WHERE Items.PRICE < CurrentItem.price AND Items.A = 1 IF CurrentUser.A = 1 AND CurrentUser.B = 2";

    expect([...distinctFields(parsed(text))].sort()).toEqual(["ITEMS.A", "ITEMS.PRICE", "USERS.A", "USERS.B"]);
  });
});
