import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createCsvScanner } from "../../../../local/personalize/data/csv-scanner.ts";

/** Scans a text in pieces of `chunk` bytes; rows as arrays of field texts. */
function scan(text: string, columns: number, { chunk = 1 << 20, batchRows = 2 } = {}): string[][] {
  const rows: string[][] = [];
  const batch: string[][] = Array.from({ length: columns }, () => []);
  const scanner = createCsvScanner({
    batchRows,
    sinks: batch.map((values) => ({
      field: (bytes, start, end, row) => void (values[row] = Buffer.from(bytes.subarray(start, end)).toString("utf8")),
    })),
    flush: (count) => {
      for (let row = 0; row < count; row++) rows.push(batch.map((values) => values[row] as string));
    },
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunk) scanner.push(bytes.subarray(at, at + chunk));
  scanner.end();
  expect(scanner.rows).toBe(rows.length);
  return rows;
}

describe("the CSV scanner", () => {
  it.each([
    {
      why: "plain fields",
      text: "a,b\nc,d\n",
      rows: [
        ["a", "b"],
        ["c", "d"],
      ],
    },
    {
      why: "the last line end may be missing",
      text: "a,b\nc,d",
      rows: [
        ["a", "b"],
        ["c", "d"],
      ],
    },
    {
      why: "CRLF",
      text: "a,b\r\nc,d\r\n",
      rows: [
        ["a", "b"],
        ["c", "d"],
      ],
    },
    {
      why: "CRLF after a quoted field",
      text: 'a,"b"\r\nc,"d"\r\n',
      rows: [
        ["a", "b"],
        ["c", "d"],
      ],
    },
    {
      why: "empty fields",
      text: ",\n,x\n",
      rows: [
        ["", ""],
        ["", "x"],
      ],
    },
    { why: "empty quoted field", text: '"",x\n', rows: [["", "x"]] },
    {
      why: "empty lines are no rows",
      text: "\na,b\n\r\n\nc,d\n\n",
      rows: [
        ["a", "b"],
        ["c", "d"],
      ],
    },
    { why: "comma inside quotes", text: '"a,1",b\n', rows: [["a,1", "b"]] },
    { why: "line end inside quotes", text: '"a\n1",b\n', rows: [["a\n1", "b"]] },
    { why: "doubled quotes", text: '"say ""hi""",b\n', rows: [['say "hi"', "b"]] },
    { why: "escaped quotes", text: '"say \\"hi\\"",b\n', rows: [['say "hi"', "b"]] },
    { why: "escaped backslash before the closing quote", text: '"c:\\\\",b\n', rows: [["c:\\", "b"]] },
    { why: "a backslash before anything else is itself", text: '"a\\nb",b\n', rows: [["a\\nb", "b"]] },
    { why: "a quote inside an unquoted field is itself", text: 'a"b,c\n', rows: [['a"b', "c"]] },
    { why: "more than ASCII", text: "Amélie,東京\n", rows: [["Amélie", "東京"]] },
  ])("reads $why, however the bytes are cut", ({ text, rows }) => {
    for (let chunk = 1; chunk <= Buffer.byteLength(text) + 1; chunk++) {
      expect(scan(text, 2, { chunk })).toEqual(rows);
    }
  });

  it.each([
    { why: "too few fields", text: "a\n", reason: "has 1 fields where the header has 2" },
    { why: "too many fields", text: "a,b,c\n", reason: "more than 2 fields" },
    { why: "text after a closing quote", text: '"a"b,c\n', reason: "text after a closing quote" },
    { why: "a quote that is never closed", text: '"a,b\nc,d\n', reason: "never closed" },
  ])("refuses $why", ({ text, reason }) => {
    for (const chunk of [1, 3, 1000]) expect(() => scan(text, 2, { chunk })).toThrow(reason);
  });

  it("gives back what was quoted, for any texts and any cut", () => {
    const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", "é", " ", "7") });
    const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(field, field), { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        (rows, chunk) => {
          const text = rows.map((row) => row.map(quoted).join(",")).join("\n");
          expect(scan(text, 2, { chunk })).toEqual(rows);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("takes rows longer than its buffer", () => {
    const long = "x".repeat(3 << 20);

    expect(scan(`${long},b\nc,d\n`, 2, { chunk: 100_000 })).toEqual([[long, "b"], ["c", "d"]]); // prettier-ignore
  });
});
