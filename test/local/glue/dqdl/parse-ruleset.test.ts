/** DQDL in, rules out: what is read, how it is written back, and what is refused in which words. */
import { describe, expect, it } from "@jest/globals";
import { describeRule } from "../../../../local/glue/dqdl/describe-rule.ts";
import { parseRuleset } from "../../../../local/glue/dqdl/parse-ruleset.ts";

const only = (rule: string) => parseRuleset(`Rules = [ ${rule} ]`).rules[0];

describe("a ruleset", () => {
  it("is a list of rules, perhaps with analyzers, with comments anywhere", () => {
    const { rules, analyzers } = parseRuleset(`
      # made for shop/interactions
      Rules = [
        RowCount between 1000 and 2000, # both bounds are left out
        IsComplete "USER_ID"
      ]
      Analyzers = [ RowCount, Mean "PRICE" ]`);

    expect(rules.map((rule) => describeRule(rule))).toEqual(["RowCount between 1000 and 2000", 'IsComplete "USER_ID"']);
    expect(analyzers).toEqual([
      { type: "RowCount", parameters: [] },
      { type: "Mean", parameters: ["PRICE"] },
    ]);
  });

  it("may be empty", () => {
    expect(parseRuleset("Rules = []")).toEqual({ rules: [], analyzers: [] });
  });
});

describe("a rule", () => {
  it.each([
    { rule: "RowCount > 10", why: "no parameter" },
    { rule: 'Completeness "a b" >= 0.95', why: "a column with a blank" },
    { rule: 'IsPrimaryKey "a" "b" "c"', why: "as many columns as one likes" },
    { rule: 'ColumnValues "a" in ["x","y",NULL,EMPTY,WHITESPACES_ONLY]', why: "keywords among texts" },
    { rule: 'ColumnValues "a" not in [1,-2,3.5]', why: "numbers, negative and with decimals" },
    { rule: 'ColumnValues "a" matches "[0-9]{2}\\\\."', why: "a pattern with an escape" },
    { rule: 'ColumnValues "a" not matches "x"', why: "negated" },
    { rule: 'ColumnValues "a" between "2026-01-01" and "2026-02-01"', why: "dates" },
    { rule: 'ColumnValues "a" > (now() - 3 days)', why: "a moment before now" },
    { rule: 'ColumnValues "a" != "x" with threshold > 0.9', why: "a share of the rows" },
    { rule: 'DataFreshness "t" <= 24 hours', why: "a duration" },
    { rule: 'Completeness "a" = 1.0 where "b = \'x\'"', why: "some rows" },
    { rule: 'ReferentialIntegrity "a,b" "items.{c,d}" = 1.0', why: "another table" },
    { rule: '(IsComplete "a") and (IsUnique "a")', why: "joined" },
    { rule: '((RowCount > 1) and (RowCount < 5)) or (IsUnique "a")', why: "joined twice" },
  ])("is read and written back as it was: $rule ($why)", ({ rule }) => {
    const read = only(rule);
    expect(read && describeRule(read)).toBe(rule);
  });

  it.each([
    { given: "RowCount != 3", written: "RowCount != 3", why: "as the grammar has it" },
    { given: "RowCount ! = 3", written: "RowCount != 3", why: "in two tokens" },
    { given: 'ColumnValues "a" in [ null , empty ]', written: 'ColumnValues "a" in [NULL,EMPTY]', why: "keywords" },
    {
      given: "(RowCount > 1) OR (RowCount > 2) AND (RowCount > 3)",
      written: "(RowCount > 1) or ((RowCount > 2) and (RowCount > 3))",
      why: "and binds closer",
    },
  ])("may be spelt otherwise: $given ($why)", ({ given, written }) => {
    const read = only(given);
    expect(read && describeRule(read)).toBe(written);
  });

  it.each([
    { rule: "RowCount", error: "RowCount needs a condition (line 1, column 20)", why: "nothing to compare with" },
    { rule: 'IsComplete "a" > 1', error: "IsComplete takes no condition", why: "a condition too many" },
    { rule: "IsComplete", error: "IsComplete takes 1 parameters in double quotes, not 0", why: "no column" },
    { rule: "iscomplete", error: "Unknown rule type: iscomplete", why: "names tell large letters from small" },
    { rule: 'RowCount > "a"', error: "RowCount cannot be compared with that", why: "a text where a number belongs" },
    {
      rule: "RowCount > avg(last(10))",
      error: "Dynamic rules (avg(…)) are only supported in AWS Glue ETL",
      why: "history",
    },
    {
      rule: 'CustomSql "select 1" = 1',
      error: "CustomSql cannot be evaluated in the embedded cloud: it has no SQL",
      why: "SQL",
    },
    { rule: 'IsUnique "a" with threshold > 0.5', error: "IsUnique takes no threshold", why: "not row by row" },
    { rule: 'RowCount > 1 where "a = b"', error: "cannot be evaluated here: unexpected b", why: "SQL beyond literals" },
    { rule: 'ColumnValues "a" matches "("', error: "is no regular expression", why: "a pattern that is none" },
    {
      rule: 'ColumnValues "a" > "x"',
      error: 'ColumnValues cannot compare "x"',
      why: "an order among texts that are no dates",
    },
    { rule: 'ColumnNamesMatchPattern "["', error: "is no regular expression", why: "a pattern that is none" },
    { rule: 'ColumnValues "a" < NULL', error: "ColumnValues cannot order NULL", why: "a keyword is not less or more" },
    { rule: 'ColumnDataType "a" = "Text"', error: "Unrecognized data type: Text", why: "an unknown type" },
    { rule: 'IsUnique "a', error: "A quoted text does not end", why: "an open quote" },
    { rule: "RowCount > 1 RowCount > 2", error: "Expected ] but found RowCount", why: "a comma is missing" },
  ])("is refused: $rule ($why)", ({ rule, error }) => {
    expect(() => only(rule)).toThrow(error);
  });
});
