/** The table of failures, docs/failures.md, and the machine tests that are named after its rows: neither without the other. */
import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, sourcesIn } from "../support/sources.ts";

const rows = [
  ...readFileSync(join(root, "docs", "failures.md"), "utf8").matchAll(/^\| (\d+) +\|.*\(\.\.\/(\S+)\) *\|$/gm),
].map(([, row, test]) => ({ row: Number(row), test: test ?? "" }));

/** `row 5: ...`, `(failure row 5)`, `(failure rows 27, 28 and 32)` in the name of a test or of what it describes. */
function rowsNamedIn(text: string): number[] {
  const names = [...text.matchAll(/(?:it|describe|\]\))\(\s*["`]([^"`]*)/g)].map(([, name = ""]) => name);
  const lists = names.flatMap((name) => [...name.matchAll(/\brows? ([\d, and]*\d)/g)].map(([, list = ""]) => list));
  return lists.flatMap((list) => (list.match(/\d+/g) ?? []).map(Number));
}

describe("the table of failures", () => {
  it("has the rows 1 to 32 in order", () => {
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 32 }, (_, at) => at + 1));
  });

  it("names for each row a file of machine tests with a test that is named after it", () => {
    const named = new Map(sourcesIn(["test/machine"], [".ts"]).map(({ path, text }) => [path, rowsNamedIn(text)]));

    expect(rows.filter(({ row, test }) => !named.get(test)?.includes(row))).toEqual([]);
  });
});
