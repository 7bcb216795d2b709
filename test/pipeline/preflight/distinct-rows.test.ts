import { describe, expect, it } from "@jest/globals";
import { createDistinctRows } from "../../../pipeline/preflight/distinct-rows.ts";

describe("counting distinct rows", () => {
  it("knows a row again, also after the table has grown many times", () => {
    const rows = createDistinctRows();
    const count = 50_000;

    const isNew = Array.from({ length: count }, (_, i) => rows.add(`u${i},i${i % 7}`));
    const again = Array.from({ length: count }, (_, i) => rows.add(`u${i},i${i % 7}`));

    expect(isNew.every(Boolean)).toBe(true);
    expect(again.some(Boolean)).toBe(false);
  });

  it.each([
    ["a", "b"],
    ["u1,i11", "u11,i1"],
    ["", " "],
    ["ä", "a"],
    ["\u{1F600}", "\u{1F601}"],
  ])("tells %j from %j", (one, other) => {
    const rows = createDistinctRows();

    expect([rows.add(one), rows.add(other), rows.add(one), rows.add(other)]).toEqual([true, true, false, false]);
  });
});
