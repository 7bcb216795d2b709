import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { codeSink } from "../../../../local/personalize/data/code-sink.ts";
import { createCsvScanner } from "../../../../local/personalize/data/csv-scanner.ts";
import { createDictionary } from "../../../../local/personalize/data/dictionary.ts";
import { noCode } from "../../../../local/personalize/data/field-sinks.ts";

const field = { name: "ID", type: "string", nullable: true, categorical: false, textual: false } as const;

/** What comes out when ids go in as a one-column file: every row's id read back by its code, "" for null. */
function throughCodes(ids: readonly string[], batchRows = 4): string[] {
  const dictionary = createDictionary();
  const sink = codeSink(field, dictionary, batchRows);
  const result: string[] = [];
  const scanner = createCsvScanner({
    sinks: [sink, { field: () => {} }],
    batchRows,
    flush: (rows) => {
      sink.settle?.(rows);
      for (const code of sink.values.subarray(0, rows)) result.push(code === noCode ? "" : dictionary.text(code));
    },
  });
  scanner.push(Buffer.from(ids.map((id) => `${id},\n`).join("")));
  scanner.end();
  expect(dictionary.size).toBe(new Set(ids.filter((id) => id !== "")).size);
  return result;
}

describe("a column of codes", () => {
  it.each([
    { why: "a prefix and a number", ids: ["u1", "u2", "u1", "u30", "u2"] },
    { why: "plain numbers", ids: ["7", "0", "7", "10", "0"] },
    { why: "leading zeros are other ids", ids: ["u1", "u01", "u001", "u1", "u0", "u00", "u0"] },
    {
      why: "numbers too large for the table",
      ids: ["u1", "u16777215", "u16777216", "u99999999999999999999", "u16777216"],
    },
    { why: "digits and more", ids: ["u1", "u1x", "u1 ", "u", "u1x"] },
    { why: "other prefixes", ids: ["u1", "v1", "u1", "user1", "1", "v1"] },
    {
      why: "another prefix from some row on",
      ids: ["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4", "b1", "b5", "a1", "b2"],
    },
    { why: "nulls between them", ids: ["u1", "", "u2", "", "u1"] },
    { why: "no digits at all", ids: ["ann", "bob", "ann", "cy"] },
    { why: "digits of another script", ids: ["u1", "u١", "u1", "u１"] },
  ])("keeps ids as they are: $why", ({ ids }) => {
    expect(throughCodes(ids)).toEqual(ids);
  });

  it("keeps any ids as they are, in batches of any size", () => {
    const id = fc.oneof(
      fc.nat().map(String),
      fc.tuple(fc.constantFrom("u", "u0", "v", ""), fc.nat({ max: 120 })).map(([prefix, n]) => `${prefix}${n}`),
      fc.string({ unit: fc.constantFrom("a", "0", "1", "-") }),
    );
    fc.assert(
      fc.property(fc.array(id, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (ids, batchRows) => {
        expect(throughCodes(ids, batchRows)).toEqual(ids);
      }),
    );
  });

  it("refuses null where the schema does", () => {
    const sink = codeSink({ ...field, nullable: false }, createDictionary(), 1);

    expect(() => sink.field(Buffer.from(""), 0, 0, 0)).toThrow("ID is empty");
  });
});
