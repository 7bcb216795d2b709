import { describe, expect, it } from "@jest/globals";
import { dqdlRules } from "../../../pipeline/preflight/dqdl.ts";
import { interactionsSchema, itemsSchema } from "../../support/run-fixtures.ts";
import { AvroSchema } from "../../../pipeline/config/avro-schema.ts";

const checks = { maxShrink: 0.5, maxDuplicates: 0.2, futureHours: 24 };

describe("a dataset's ruleset", () => {
  it("says of interactions what their schema says, and adds the configured rules", () => {
    const schema = AvroSchema.parse(interactionsSchema);

    expect(dqdlRules({ type: "interactions", schema, checks, more: ['Completeness "EVENT_TYPE" > 0.9'] })).toBe(
      [
        "Rules = [",
        "  RowCount > 999,",
        '  ColumnExists "USER_ID",',
        '  IsComplete "USER_ID",',
        '  ColumnLength "USER_ID" between 0 and 257,',
        '  ColumnExists "ITEM_ID",',
        '  IsComplete "ITEM_ID",',
        '  ColumnLength "ITEM_ID" between 0 and 257,',
        '  ColumnExists "TIMESTAMP",',
        '  IsComplete "TIMESTAMP",',
        '  ColumnValues "TIMESTAMP" between -1 and 100000000000,',
        '  ColumnExists "EVENT_TYPE",',
        '  IsComplete "EVENT_TYPE",',
        '  Completeness "EVENT_TYPE" > 0.9',
        "]",
      ].join("\n"),
    );
  });

  it("wants of items that their ids tell them apart, but for the duplicates that are allowed", () => {
    const rules = dqdlRules({ type: "items", schema: AvroSchema.parse(itemsSchema), checks, more: [] });

    expect(rules).toContain("RowCount > 0,");
    expect(rules).toContain('Uniqueness "ITEM_ID" >= 0.8\n]');
  });

  it("lets a column that may be null be empty", () => {
    const fields = [...itemsSchema.fields, { name: "COLOUR", type: ["null", "string"] }];
    const rules = dqdlRules({ type: "items", schema: AvroSchema.parse({ ...itemsSchema, fields }), checks, more: [] });

    expect(rules).toContain('ColumnExists "COLOUR"');
    expect(rules).not.toContain('IsComplete "COLOUR"');
  });
});
