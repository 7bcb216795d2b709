/** Rules against small tables whose answers are worked out by hand. */
import { describe, expect, it } from "@jest/globals";
import { parseRuleset } from "../../../../local/glue/dqdl/parse-ruleset.ts";
import { prepareRuleset } from "../../../../local/glue/quality/evaluate-ruleset.ts";
import { createMeasures } from "../../../../local/glue/quality/measures.ts";
import type { Outcome } from "../../../../local/glue/quality/outcome.ts";
import type { Row, TableColumn } from "../../../../local/glue/quality/table-schema.ts";

const columns: TableColumn[] = [
  { name: "id", type: "string" },
  { name: "group", type: "string" },
  { name: "price", type: "double" },
  { name: "stock", type: "int" },
  { name: "day", type: "string" },
];

/** price: 1 2 3 6, sum 12, mean 3, spread 4+1+0+9 = 14; stock: 2 4 6 12, twice the price. */
const rows: Row[] = [
  ["a", "x", "1", "2", "2026-01-01"],
  ["b", "x", "2", "4", "2026-01-02"],
  ["c", "y", "3", "6", "2026-01-03"],
  ["d", null, "6", "12", null],
  ["d", "", null, null, "soon"],
];

const items = { columns: [{ name: "item", type: "string" }], rows: [["a"], ["b"], ["c"], ["e"]] };
const now = Date.UTC(2026, 0, 3, 12);

function outcomesOf(dqdl: string, given: readonly Row[] = rows) {
  const measures = createMeasures();
  const other = { columns: items.columns, measures: createMeasures() };
  const reference = (alias: string) => (alias === "items" ? other : undefined);
  const results = prepareRuleset(parseRuleset(dqdl), { columns, measures, reference, now });
  for (const row of items.rows) other.measures.add(row);
  for (const row of given) measures.add(row);
  return results();
}

const judge = (rule: string, given?: readonly Row[]): Outcome =>
  outcomesOf(`Rules = [ ${rule} ]`, given).rules[0]?.outcome as Outcome;

describe("the number that a rule looks at", () => {
  it.each([
    { rule: "RowCount = 5", metric: "Dataset.*.RowCount", value: 5 },
    { rule: "ColumnCount = 5", metric: "Dataset.*.ColumnCount", value: 5 },
    { rule: 'ColumnExists "id"', metric: "Dataset.id.ColumnExists", value: 1 },
    { rule: 'ColumnNamesMatchPattern "[a-z]+"', metric: "Dataset.*.ColumnNamesPatternMatchRatio", value: 1 },
    { rule: 'Completeness "group" = 0.8', metric: "Column.group.Completeness", value: 0.8 },
    { rule: 'Uniqueness "id" = 0.6', metric: "Column.id.Uniqueness", value: 0.6 },
    { rule: 'UniqueValueRatio "id" = 0.75', metric: "Column.id.UniqueValueRatio", value: 0.75 },
    { rule: 'DistinctValuesCount "id" = 4', metric: "Column.id.DistinctValuesCount", value: 4 },
    { rule: 'Sum "price" = 12', metric: "Column.price.Sum", value: 12 },
    { rule: 'Mean "price" = 3', metric: "Column.price.Mean", value: 3 },
    { rule: 'RowCountMatch "items" = 1.25', metric: "Dataset.items.RowCountMatch", value: 1.25 },
    { rule: 'ReferentialIntegrity "id" "items.item" = 0.6', metric: "Column.items.ReferentialIntegrity", value: 0.6 },
  ])("is exact: $rule", ({ rule, metric, value }) => {
    expect(judge(rule)).toEqual({ result: "PASS", metrics: { [metric]: value } });
  });

  it.each([
    { rule: 'StandardDeviation "price" > 0', metric: "Column.price.StandardDeviation", value: Math.sqrt(14 / 4) },
    { rule: 'ColumnCorrelation "price" "stock" > 0.9', metric: "Multicolumn.price,stock.ColumnCorrelation", value: 1 },
    // Three values once and one twice, of five: 3 × 1/5 ln 5 + 2/5 ln 5/2.
    { rule: 'Entropy "id" > 1', metric: "Column.id.Entropy", value: 0.6 * Math.log(5) + 0.4 * Math.log(2.5) },
  ])("is as precise as doubles are: $rule", ({ rule, metric, value }) => {
    const { result, metrics } = judge(rule);
    expect(result).toBe("PASS");
    expect(metrics[metric]).toBeCloseTo(value, 12);
  });
});

describe("a rule's verdict", () => {
  it.each([
    { rule: "RowCount between 5 and 9", why: "between leaves its bounds out" },
    { rule: "RowCount not between 4 and 6", why: "5 is inside" },
    { rule: "RowCount not in [5, 6]", why: "5 is one of them" },
    { rule: 'ColumnExists "ID2"', why: "no such column" },
    { rule: 'IsComplete "group"', why: "one null" },
    { rule: 'IsUnique "id"', why: "d twice" },
    { rule: 'IsPrimaryKey "id"', why: "d twice" },
    { rule: 'IsPrimaryKey "group" "day"', why: "both have nulls" },
    { rule: 'ColumnLength "group" > 0', why: "a null and an empty text have no length" },
    { rule: 'ColumnValues "price" > 0', why: "a null is not above" },
    { rule: 'ColumnValues "price" between 1 and 7', why: "1 is the bound" },
    { rule: 'ColumnValues "group" in ["x", "y"]', why: "a null and an empty text are others" },
    { rule: 'ColumnValues "group" not in [NULL]', why: "one null" },
    { rule: 'ColumnValues "id" matches "[a-c]"', why: "d is not" },
    { rule: 'ColumnValues "day" > "2026-01-01"', why: "the first day is not after itself; soon is no day" },
    { rule: 'ColumnDataType "day" = "DATE"', why: "soon and null are no dates" },
    { rule: 'DataFreshness "day" < 100 hours', why: "what is no time is not fresh" },
    { rule: 'Mean "id" > 0', why: "no number" },
    { rule: 'IsComplete "nothing"', why: "no such column" },
    { rule: 'ReferentialIntegrity "id" "orders.item" = 1.0', why: "no such table in the run" },
    { rule: 'IsComplete "id" where "nothing = 1"', why: "the where clause names no column" },
  ])("is FAIL: $rule ($why)", ({ rule }) => {
    expect(judge(rule).result).toBe("FAIL");
  });

  it.each([
    { rule: 'IsPrimaryKey "id" "day"', why: "d on two days, though one is null", given: rows.slice(0, 3) },
    { rule: 'ColumnExists "ID"', why: "names are found in other letters" },
    { rule: 'ColumnLength "group" <= 1', why: "at most one character" },
    { rule: 'ColumnLength "id" = 1', why: "all of one" },
    { rule: 'ColumnValues "price" >= 1', why: "none below", given: rows.slice(0, 4) },
    { rule: 'ColumnValues "group" in ["x", "y", NULL, EMPTY]', why: "keywords let both in" },
    { rule: 'ColumnValues "group" != "z"', why: "a negated rule lets nulls pass" },
    { rule: 'ColumnValues "group" in ["x", "y"] with threshold >= 0.6', why: "three of five" },
    { rule: 'ColumnValues "day" <= (now() - 1 days) with threshold > 0.3', why: "two of five days" },
    { rule: 'ColumnDataType "day" != "BOOLEAN"', why: "none is" },
    { rule: 'DataFreshness "day" <= 60 hours', why: "the oldest is 60 hours old", given: rows.slice(0, 3) },
    { rule: 'Mean "price" = 1.5 where "group = \'x\'"', why: "of 1 and 2" },
    { rule: 'RowCount = 2 where "price >= 2 and not (price > 3)"', why: "2 and 3" },
    { rule: 'RowCount = 4 where "group is not null"', why: "an empty text is one" },
    { rule: "RowCount = 2 where \"id in ('a', 'c') or day like '2026-01-01'\"", why: "a and c" },
    { rule: 'IsComplete "group" where "group is not null"', why: "only those" },
  ])("is PASS: $rule ($why)", ({ rule, given }) => {
    expect(judge(rule, given)).toMatchObject({ result: "PASS" });
  });
});

describe("the message of a rule that fails", () => {
  it.each([
    { rule: "RowCount > 10", message: "Value: 5 does not meet the constraint requirement!", why: "a count" },
    { rule: 'Mean "price" > 3', message: "Value: 3.0 does not meet the constraint requirement!", why: "a double" },
    {
      rule: 'ColumnValues "price" > 2',
      message: "Value: 1.0 does not meet the constraint requirement!",
      why: "the least",
    },
    {
      rule: 'ColumnValues "price" < 5',
      message: "Value: 6.0 does not meet the constraint requirement!",
      why: "the most",
    },
    {
      rule: 'ColumnValues "price" > 0',
      message: "Value: NULL does not meet the constraint requirement!",
      why: "a null",
    },
    {
      rule: 'Sum "price" > 13 where "id = \'q\'"',
      message: "Empty state for analyzer Sum(price), all input values were NULL.",
      why: "no rows",
    },
    { rule: 'IsUnique "sku"', message: "Input data does not include column sku!", why: "no column" },
    {
      rule: '(RowCount > 10) and (IsUnique "sku")',
      message: "Value: 5 does not meet the constraint requirement!\nInput data does not include column sku!",
      why: "one line a part",
    },
  ])("says what was found: $rule ($why)", ({ rule, message }) => {
    expect(judge(rule)).toMatchObject({ result: "FAIL", message });
  });
});

describe("composite rules", () => {
  it("are met by all parts or by one, and show the numbers of all", () => {
    expect(judge('(RowCount > 10) or (Mean "price" = 3)')).toEqual({
      result: "PASS",
      message: "Value: 5 does not meet the constraint requirement!",
      metrics: { "Dataset.*.RowCount": 5, "Column.price.Mean": 3 },
    });
    expect(judge('(RowCount = 5) and (Mean "price" = 3)').result).toBe("PASS");
  });
});

describe("analyzers", () => {
  it("show their numbers without a verdict", () => {
    const { analyzers } = outcomesOf('Rules = [] Analyzers = [ RowCount, ColumnLength "id", ColumnValues "price" ]');

    expect(analyzers.map(({ name, description, outcome }) => [name, description, outcome.metrics])).toEqual([
      ["Analyzer_1", "RowCount", { "Dataset.*.RowCount": 5 }],
      ["Analyzer_2", 'ColumnLength "id"', { "Column.id.MinimumLength": 1, "Column.id.MaximumLength": 1 }],
      ["Analyzer_3", 'ColumnValues "price"', { "Column.price.Minimum": 1, "Column.price.Maximum": 6 }],
    ]);
  });
});
