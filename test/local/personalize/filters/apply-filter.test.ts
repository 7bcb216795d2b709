/** Which of five items pass, worked out by hand. */
import { describe, expect, it } from "@jest/globals";
import { applyFilter, matchersOf, type FilterSubjects } from "../../../../local/personalize/filters/apply-filter.ts";
import { allowedItems, createBitmapCache, isAllowed } from "../../../../local/personalize/filters/allowed-items.ts";
import { parseFilter } from "../../../../local/personalize/filters/parse-filter.ts";
import type { Metadata } from "../../../../local/personalize/job-runner.ts";
import { servingModel } from "../../../support/fake-job-runner.ts";

const items: Readonly<Record<string, Metadata>> = {
  a: { GENRE: "comedy|drama", PRICE: 5, YEAR: 1971 },
  b: { GENRE: "comedy", PRICE: 15, YEAR: 1980 },
  c: { GENRE: "horror", PRICE: 25, YEAR: 1979 },
  d: { GENRE: null, PRICE: null, YEAR: 2000 },
};

const subjects: FilterSubjects = {
  user: { AGE: 30, MEMBERSHIP: "gold" },
  interactions: [
    { itemId: "a", timestamp: 1, eventType: "click" },
    { itemId: "b", timestamp: 2, eventType: "Purchase" },
  ],
  item: (id) => items[id],
  currentItem: items["b"],
};

/** "e" has no metadata at all. */
function passing(text: string, values: Record<string, string> = {}, more: Partial<FilterSubjects> = {}): string {
  const parsed = parseFilter(text);
  if (parsed.kind === "invalid") throw new Error(parsed.fault);
  const matchers = matchersOf(parsed.filter, values, { ...subjects, ...more });
  const one = [..."abcde"].filter(applyFilter(matchers)).join("");
  const serving = servingModel({ items: [..."abcde"] });
  const bitmap = allowedItems(matchers, serving, { cache: createBitmapCache(), revision: 0 });
  const all = [..."abcde"].filter((_, i) => isAllowed(bitmap, i)).join("");
  // Item by item, as rankings ask, and all items at once, as recommendations do.
  expect(all).toBe(one);
  return one;
}

describe("applyFilter", () => {
  it.each([
    { why: "everything seen", text: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")', pass: "cde" },
    { why: "only what was seen", text: 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")', pass: "ab" },
    {
      why: "event types in any case",
      text: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("purchase")',
      pass: "acde",
    },
    {
      why: "event types not listed",
      text: 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE NOT IN ("click")',
      pass: "bcde",
    },
    { why: "any of several values", text: 'INCLUDE ItemID WHERE Items.GENRE IN ("drama", "horror")', pass: "ac" },
    { why: "whole values in exact case", text: 'INCLUDE ItemID WHERE Items.GENRE IN ("Comedy", "com")', pass: "" },
    { why: "no value counts as not listed", text: 'INCLUDE ItemID WHERE Items.GENRE NOT IN ("comedy")', pass: "cde" },
    { why: "a range", text: "INCLUDE ItemID WHERE Items.YEAR >= 1970 AND Items.YEAR < 1980", pass: "ac" },
    {
      why: "no value is on no side of a number",
      text: "INCLUDE ItemID WHERE Items.PRICE < 10 OR Items.PRICE >= 10",
      pass: "abc",
    },
    { why: "columns in any case", text: "INCLUDE ItemID WHERE Items.price = 15", pass: "b" },
    { why: "another price", text: "EXCLUDE ItemID WHERE Items.PRICE != 15", pass: "bde" },
    { why: "an IF that holds", text: "INCLUDE ItemID WHERE Items.PRICE < 10 IF CurrentUser.AGE > 18", pass: "a" },
    {
      why: "an IF that does not",
      text: "INCLUDE ItemID WHERE Items.PRICE < 10 IF CurrentUser.AGE > 30",
      pass: "abcde",
    },
    {
      why: "two IFs",
      text: 'INCLUDE ItemID WHERE Items.PRICE < 10 IF CurrentUser.AGE > 18 AND CurrentUser.MEMBERSHIP = "gold"',
      pass: "a",
    },
    {
      why: "the item at hand",
      text: "INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE AND Items.GENRE IN CurrentItem.GENRE",
      pass: "a",
    },
    {
      why: "a union of inclusions",
      text: 'INCLUDE ItemID WHERE Items.GENRE IN ("horror") | INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click")',
      pass: "ac",
    },
    {
      why: "an inclusion minus an exclusion",
      text: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click") | INCLUDE ItemID WHERE Items.GENRE IN ("comedy")',
      pass: "b",
    },
    {
      why: "a union of exclusions",
      text: 'EXCLUDE ItemID WHERE Items.PRICE != 5 | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("purchase")',
      pass: "ade",
    },
  ])("lets through: $why", ({ text, pass }) => {
    expect(passing(text)).toBe(pass);
  });

  it("takes values per request: quoted strings, plain numbers, one or several", () => {
    const genre = "INCLUDE ItemID WHERE Items.GENRE IN ($G)";

    expect(passing(genre, { G: '"horror","drama"' })).toBe("ac");
    expect(passing(genre, { G: " \"horror\" , 'drama' " })).toBe("ac");
    expect(passing("INCLUDE ItemID WHERE Items.PRICE <= $P", { P: "15" })).toBe("ab");
    expect(passing("EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($E)", { E: '"*"' })).toBe("cde");
  });

  it("needs every value of an inclusion, and leaves an exclusion out without its value", () => {
    const both = "INCLUDE ItemID WHERE Items.GENRE IN ($G) | EXCLUDE ItemID WHERE Items.PRICE < $P";

    expect(passing(both, { G: '"comedy"' })).toBe("ab");
    expect(() => passing(both, { P: "1" })).toThrow("placeholder $G");
    expect(() => passing(both, { G: '"comedy"', PRICE: "1" })).toThrow("no placeholder $PRICE");
  });

  it("looks at the newest hundred interactions of each type only", () => {
    const interactions = Array.from({ length: 100 }, (_, n) => ({ itemId: "b", timestamp: n + 2, eventType: "click" }));
    const older = [
      { itemId: "a", timestamp: 1, eventType: "click" },
      { itemId: "c", timestamp: 1, eventType: "buy" },
    ];
    const seen = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")';

    expect(passing(seen, {}, { interactions: [...older, ...interactions] })).toBe("ade");
  });

  it("refuses filters about users", () => {
    expect(() => passing("EXCLUDE UserID WHERE Users.AGE < 18")).toThrow("not about ItemID");
  });

  it("works out what depends on items alone once, until their metadata change", () => {
    const serving = servingModel({ items: [..."abcde"] });
    const cache = createBitmapCache();
    let looks = 0;
    const look = (revision: number, G: string) => {
      const parsed = parseFilter("INCLUDE ItemID WHERE Items.GENRE IN ($G)");
      if (parsed.kind === "invalid") throw new Error(parsed.fault);
      const item = (id: string) => (looks++, items[id]);
      allowedItems(matchersOf(parsed.filter, { G }, { ...subjects, item }), serving, { cache, revision });
      return looks;
    };

    expect([look(1, '"a"'), look(1, '"a"'), look(1, '"b"'), look(2, '"a"')]).toEqual([5, 5, 10, 15]);
  });
});
