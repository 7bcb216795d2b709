import { describe, expect, it } from "@jest/globals";
import { inferSchema } from "../../../pipeline/schemas/infer-schema.ts";

describe("inferSchema", () => {
  it("gives reserved columns the types that the service demands", () => {
    const schema = inferSchema(
      "Interactions",
      ["USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE", "EVENT_VALUE"],
      [["1", "2", "3", "7", "4.5"]],
    );

    expect(schema.fields).toEqual([
      { name: "USER_ID", type: "string" },
      { name: "ITEM_ID", type: "string" },
      { name: "TIMESTAMP", type: "long" },
      { name: "EVENT_TYPE", type: "string" },
      { name: "EVENT_VALUE", type: ["float", "null"] },
    ]);
  });

  it.each([
    { why: "whole numbers are long", values: ["1", "-20"], field: { name: "X", type: "long" } },
    { why: "one fraction makes the column float", values: ["1", "2.5"], field: { name: "X", type: "float" } },
    {
      why: "an empty value must be allowed to be null",
      values: ["1", ""],
      field: { name: "X", type: ["null", "long"] },
    },
    { why: "words are categories", values: ["red", "blue"], field: { name: "X", type: "string", categorical: true } },
    {
      why: "| separates several categories",
      values: ["a|b", "c"],
      field: { name: "X", type: "string", categorical: true },
    },
    {
      why: "nothing at all is a nullable category",
      values: ["", ""],
      field: { name: "X", type: ["null", "string"], categorical: true },
    },
  ])("$why", ({ values, field }) => {
    const schema = inferSchema(
      "Users",
      ["USER_ID", "X"],
      values.map((value, row) => [String(row), value]),
    );

    expect(schema.fields[1]).toEqual(field);
  });

  it("takes the first column of nearly always different texts as the items' textual one, the next as plain text", () => {
    const rows = Array.from({ length: 30 }, (_, row) => [String(row), `Title ${row}`, `https://x/${row}`]);

    const schema = inferSchema("Items", ["ITEM_ID", "TITLE", "LINK"], rows);

    expect(schema.fields.slice(1)).toEqual([
      { name: "TITLE", type: ["null", "string"], textual: true },
      { name: "LINK", type: ["null", "string"] },
    ]);
  });

  it("names the column that a dataset cannot do without", () => {
    expect(() => inferSchema("Interactions", ["USER_ID", "TIMESTAMP"], [])).toThrow(
      "Interactions need the column ITEM_ID; the header has USER_ID, TIMESTAMP",
    );
  });
});
