/** The filter language: the guide's own examples are understood, what the service refuses is refused. */
import { describe, expect, it } from "@jest/globals";
import { parseFilter } from "../../../../local/personalize/filters/parse-filter.ts";

describe("parseFilter", () => {
  it.each([
    'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
    'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click")',
    'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click", "stream")',
    "EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($EVENT_TYPE)",
    'exclude itemid where interactions.event_type in ("click")',
    "INCLUDE ItemID WHERE Items.GENRE IN ($GENRE)",
    'EXCLUDE ItemID WHERE Items.CATEGORY IN ("shoe") AND Items.DESCRIPTION NOT IN ("boot")',
    "INCLUDE ItemID WHERE Items.PRICE <= $PRICE",
    "INCLUDE ItemID WHERE Items.YEAR >= 1970 AND Items.YEAR < 1980",
    "EXCLUDE ItemID WHERE Items.out_of_stock IN ('yes')",
    "EXCLUDE ItemID WHERE Items.GENRE IN ($GENRE) IF CurrentUser.AGE = $AGE",
    'INCLUDE ItemID WHERE Items.CATEGORY IN ("watch") AND Items.DESCRIPTION IN ("luxury") IF CurrentUser.AGE > 18',
    'INCLUDE ItemID WHERE Items.CATEGORY IN ($C) | INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("favorite")',
    'INCLUDE ItemID WHERE Items.GENRE IN ($G) | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click", "stream")',
    "INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE AND Items.GENRE IN CurrentItem.GENRE",
    "INCLUDE UserID WHERE Users.MEMBERSHIP_STATUS IN ($MEMBERSHIP)",
    "EXCLUDE UserID WHERE Users.AGE < $AGE",
    "INCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ($EVENT_TYPE)",
    "EXCLUDE ActionID WHERE Actions.VALUE < ($VALUE) IF CurrentUser.MEMBERSHIP = $PREMIUM",
    'EXCLUDE ItemID WHERE Items.PRICE != 0 | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
  ])("understands %s", (text) => {
    expect(parseFilter(text)).toMatchObject({ kind: "valid" });
  });

  it("binds AND tighter than OR", () => {
    const parsed = parseFilter("INCLUDE ItemID WHERE Items.A = 1 OR Items.B = 2 AND Items.C = 3");

    const columns =
      parsed.kind === "valid" &&
      parsed.filter.expressions[0]?.alternatives.map((all) => all.map(({ column }) => column));
    expect(columns).toEqual([["A"], ["B", "C"]]);
  });

  it.each([
    { why: "nothing", text: "", says: "expected INCLUDE or EXCLUDE, found the end" },
    { why: "no WHERE", text: "INCLUDE ItemID Items.A = 1", says: "expected WHERE" },
    { why: "an unknown dataset", text: "INCLUDE ItemID WHERE Things.A = 1", says: '"Things.A"' },
    {
      why: "two datasets",
      text: 'INCLUDE ItemID WHERE Items.A = 1 AND Interactions.EVENT_TYPE IN ("x")',
      says: "one dataset",
    },
    {
      why: "another interactions column",
      text: 'EXCLUDE ItemID WHERE Interactions.DEVICE IN ("x")',
      says: "EVENT_TYPE only",
    },
    { why: "a star for metadata", text: 'EXCLUDE ItemID WHERE Items.A IN ("*")', says: "only for EVENT_TYPE" },
    { why: "an unquoted string", text: "EXCLUDE ItemID WHERE Items.A IN (shoe)", says: '"shoe"' },
    { why: "an open list", text: 'EXCLUDE ItemID WHERE Items.A IN ("a"', says: "found the end" },
    { why: "a stray sign", text: "EXCLUDE ItemID WHERE Items.A % 2", says: "unexpected" },
    { why: "something after the end", text: 'EXCLUDE ItemID WHERE Items.A IN ("a") Items', says: 'unexpected "Items"' },
    {
      why: "different kinds of ids",
      text: "INCLUDE ItemID WHERE Items.A = 1 | INCLUDE UserID WHERE Users.A = 1",
      says: "same kind",
    },
    {
      why: "a condition on the item after IF",
      text: "INCLUDE ItemID WHERE Items.A = 1 IF Items.B = 1",
      says: "CurrentUser",
    },
    {
      why: "eleven fields",
      text: `INCLUDE ItemID WHERE ${"ABCDEFGHIJK"
        .split("")
        .map((c) => `Items.${c} = 1`)
        .join(" AND ")}`,
      says: "11 different fields",
    },
  ])("refuses $why", ({ text, says }) => {
    expect(parseFilter(text)).toMatchObject({ kind: "invalid", fault: expect.stringContaining(says) });
  });
});
