/** Which of five items pass, worked out by hand. */
import { describe, expect, it } from "@jest/globals";
import { isAllowed } from "../../../../local/personalize/filters/bitmaps.ts";
import type { Metadata } from "../../../../local/personalize/job-runner.ts";
import { createFiltering } from "../../../../local/personalize/serving/filtering.ts";
import { fakeJobRunner } from "../../../support/fake-job-runner.ts";

const items: Readonly<Record<string, Metadata>> = {
  a: { GENRE: "comedy|drama", PRICE: 5, YEAR: 1971 },
  b: { GENRE: "comedy", PRICE: 15, YEAR: 1980 },
  c: { GENRE: "horror", PRICE: 25, YEAR: 1979 },
  d: { GENRE: null, PRICE: null, YEAR: 2000 },
};

const datasetGroupArn = "arn:aws:personalize:us-east-1:000000000000:dataset-group/shop";
const ids = [..."abcde"];
const position = (id: string) => (ids.includes(id) ? ids.indexOf(id) : undefined);

function shop() {
  const jobs = fakeJobRunner();
  Object.assign(jobs.items, items);
  jobs.users = { u: { AGE: 30, MEMBERSHIP: "gold" }, v: { AGE: 15, MEMBERSHIP: null }, w: {} };
  jobs.actions = { a: { VALUE: 3 }, b: { VALUE: 7 } };
  jobs.histories.u = [
    { itemId: "a", timestamp: 1, eventType: "click" },
    { itemId: "b", timestamp: 2, eventType: "Purchase" },
  ];
  return jobs;
}

/** Those of a to e that pass for user u, who looks at item b. "e" has no metadata at all. */
function passing(text: string, values: Record<string, string> = {}, jobs = shop(), userId = "u"): string {
  const { compiled, allowed, allows } = createFiltering(jobs);
  const about = { datasetGroupArn, userId, itemId: "b" };
  const filter = compiled(text, values, "ItemID");
  const bitmap = allowed(filter, { ids, position }, about);
  const all = ids.filter((_, i) => isAllowed(bitmap, i)).join("");
  // Item by item, as for items that a model does not know, and all items at once.
  expect(ids.filter((id) => allows(filter, id, about)).join("")).toBe(all);
  return all;
}

describe("a filter", () => {
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

    const jobs = shop();
    jobs.histories.u = [...older, ...interactions];
    expect(passing(seen, {}, jobs)).toBe("ade");
  });

  it("refuses filters about something else than what is to be filtered", () => {
    expect(() => passing("EXCLUDE UserID WHERE Users.AGE < 18")).toThrow("about UserID: it cannot filter by ItemID");
  });

  it("follows metadata that change", () => {
    const jobs = shop();
    const { compiled, allowed } = createFiltering(jobs);
    const filter = compiled('INCLUDE ItemID WHERE Items.GENRE IN ("horror")', {}, "ItemID");
    const look = () =>
      ids.filter((_, i) => isAllowed(allowed(filter, { ids, position }, { datasetGroupArn }), i)).join("");

    const before = look();
    jobs.items.e = { GENRE: "horror" };
    const unseen = look();
    jobs.revision++;

    expect([before, unseen, look()]).toEqual(["c", "c", "ce"]);
  });

  it.each([
    { why: "their metadata", text: "EXCLUDE UserID WHERE Users.AGE < $AGE", values: { AGE: "18" }, pass: "uw" },
    { why: "what they did", text: 'INCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("PURCHASE")', pass: "u" },
    { why: "what they never did", text: 'EXCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("*")', pass: "vw" },
  ])("filters users by $why", ({ text, values = {}, pass }) => {
    const users = ["u", "v", "w"];
    const { compiled, allowed } = createFiltering(shop());
    const places = { ids: users, position: (id: string) => users.indexOf(id) };
    const bitmap = allowed(compiled(text, values, "UserID"), places, { datasetGroupArn });

    expect(users.filter((_, n) => isAllowed(bitmap, n)).join("")).toBe(pass);
  });

  it.each([
    { why: "their metadata", text: "EXCLUDE ActionID WHERE Actions.VALUE < ($V)", values: { V: "5" }, pass: "b" },
    {
      why: "what the user did with them",
      text: 'INCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("click")',
      pass: "a",
    },
  ])("filters actions by $why", ({ text, values = {}, pass }) => {
    const actions = ["a", "b"];
    const { compiled, allowed } = createFiltering(shop());
    const places = { ids: actions, position: (id: string) => actions.indexOf(id) };
    const bitmap = allowed(compiled(text, values, "ActionID"), places, { datasetGroupArn, userId: "u" });

    expect(actions.filter((_, n) => isAllowed(bitmap, n)).join("")).toBe(pass);
  });

  it("compiles an expression once for the same values", () => {
    const { compiled } = createFiltering(shop());
    const text = "INCLUDE ItemID WHERE Items.GENRE IN ($G)";

    expect(compiled(text, { G: '"a"' }, "ItemID")).toBe(compiled(text, { G: '"a"' }, "ItemID"));
    expect(compiled(text, { G: '"a"' }, "ItemID")).not.toBe(compiled(text, { G: '"b"' }, "ItemID"));
  });
});
