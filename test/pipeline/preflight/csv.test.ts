import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createCsvReader } from "../../../pipeline/preflight/csv.ts";

function read(pieces: readonly string[]): [string[], number][] {
  const rows: [string[], number][] = [];
  const reader = createCsvReader((fields, line) => void rows.push([fields, line]));
  pieces.forEach((piece) => reader.push(piece));
  reader.end();
  return rows;
}

describe("createCsvReader", () => {
  it.each([
    {
      why: "plain lines",
      text: "a,b\nc,d\n",
      rows: [
        [["a", "b"], 1],
        [["c", "d"], 2],
      ],
    },
    {
      why: "no line end at the end",
      text: "a,b\nc,d",
      rows: [
        [["a", "b"], 1],
        [["c", "d"], 2],
      ],
    },
    {
      why: "Windows line ends",
      text: "a,b\r\nc,d\r\n",
      rows: [
        [["a", "b"], 1],
        [["c", "d"], 2],
      ],
    },
    { why: "a byte order mark", text: "\uFEFFa,b\n", rows: [[["a", "b"], 1]] },
    { why: "empty fields", text: "a,,\n", rows: [[["a", "", ""], 1]] },
    {
      why: "empty lines are no records",
      text: "a\n\nb\n",
      rows: [
        [["a"], 1],
        [["b"], 3],
      ],
    },
    { why: "a comma in quotes", text: '"x, y",b\n', rows: [[["x, y", "b"], 1]] },
    { why: "both ways to write a quote in quotes", text: '"a\\"b","c""d"\n', rows: [[['a"b', 'c"d'], 1]] },
    {
      why: "a line end in quotes counts as a line",
      text: '"a\nb",c\nd,e\n',
      rows: [
        [["a\nb", "c"], 1],
        [["d", "e"], 3],
      ],
    },
    { why: "an inch mark inside a bare field is itself", text: '7" disc,b\n', rows: [[['7" disc', "b"], 1]] },
    { why: "a quote that nobody closed", text: '"a,b\n', rows: [[['"a', "b"], 1]] },
  ])("reads $why", ({ text, rows }) => {
    expect(read([text])).toEqual(rows);
  });

  it("does not swallow a file whole for one open quote", () => {
    const rows = read([['"open', ...Array.from({ length: 300 }, (_, i) => `u${i},1`)].join("\n")]);

    expect(rows.length).toBeGreaterThan(190);
  });

  it("reads the same however the text is cut", () => {
    const text = 'a,"b, ""c""\r\nd",e\r\nf,g,h\n\n"i",j,k';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const pieces = at.slice(1).map((end, i) => text.slice(at[i], end));
        expect(read(pieces)).toEqual(read([text]));
      }),
    );
  });
});
