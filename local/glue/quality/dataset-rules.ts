/** Rules about a table as a whole: its rows, its columns, another table's rows. */
import { meetsNumber } from "../dqdl/number-test.ts";
import type { Condition } from "../dqdl/ruleset.ts";
import { asDouble, failed, judge, passed, unmet } from "./outcome.ts";
import { type Prepare, settled } from "./rule-scope.ts";
import { columnIndex } from "./table-schema.ts";

/** The parser has seen to it that rules which need a condition have one. */
export const conditionOf = ({ condition }: { readonly condition: Condition | undefined }): Condition =>
  condition ?? { operator: "=", operands: [] };

export const rowCount: Prepare = (rule, { measures }) => {
  const counted = measures.rowCount();
  return () => judge({ name: "Dataset.*.RowCount", value: counted.rows, isCount: true }, conditionOf(rule));
};

export const columnCount: Prepare = (rule, { columns }) =>
  settled(judge({ name: "Dataset.*.ColumnCount", value: columns.length, isCount: true }, conditionOf(rule)));

export const columnExists: Prepare = ({ parameters: [name = ""] }, { columns }) => {
  const isThere = columnIndex(columns, name) >= 0;
  const metrics = { [`Dataset.${name}.ColumnExists`]: isThere ? 1 : 0 };
  return settled(isThere ? passed(metrics) : failed(unmet("0.0"), metrics));
};

export const columnNamesMatchPattern: Prepare = ({ parameters: [pattern = ""] }, { columns }) => {
  const unmatched = columns.filter(({ name }) => !new RegExp(pattern).test(name)).map(({ name }) => name);
  const ratio = columns.length === 0 ? 0 : (columns.length - unmatched.length) / columns.length;
  const metrics = { "Dataset.*.ColumnNamesPatternMatchRatio": ratio };
  const message = `Columns that do not match the pattern: ${unmatched.join(", ")}`;
  return settled(unmatched.length === 0 ? passed(metrics) : failed(message, metrics));
};

export const rowCountMatch: Prepare = (rule, { measures, reference }) => {
  const [alias = ""] = rule.parameters;
  const other = reference(alias)?.measures.rowCount();
  const own = measures.rowCount();
  if (!other) return settled(failed(`Reference dataset '${alias}' not found in additional data sources`));
  return () => {
    if (other.rows === 0) return failed(`Reference dataset '${alias}' has no rows`);
    return judge({ name: `Dataset.${alias}.RowCountMatch`, value: own.rows / other.rows }, conditionOf(rule));
  };
};

/** `"A,B" "alias.{C,D}"`: the rows whose values of A and B are some row's C and D in the other table. */
export const referentialIntegrity: Prepare = (rule, { columns, measures, reference }) => {
  const [own = "", theirs = ""] = rule.parameters;
  const named = /^([^.]+)\.(?:\{([^}]*)\}|(.+))$/.exec(theirs);
  const alias = named?.[1] ?? theirs;
  const other = reference(alias);
  if (!other) return settled(failed(`${alias} not found in additional sources`));
  const here = namesIn(own).map((name) => columnIndex(columns, name));
  const there = namesIn(named?.[2] ?? named?.[3] ?? "").map((name) => columnIndex(other.columns, name));
  if ([...here, ...there].includes(-1) || here.length !== there.length) {
    return settled(failed(`Columns ${own} and ${theirs} do not exist in both tables or are not as many`));
  }
  const known = other.measures.valueCounts(there);
  const share = measures.share((row) => {
    const values = here.map((column) => row[column] ?? null);
    if (values.includes(null)) return false;
    return known.counts.has(values.length === 1 ? (values[0] ?? "") : JSON.stringify(values));
  });
  return () => {
    const ratio = share.rows === 0 ? 0 : share.met / share.rows;
    const metrics = { [`Column.${alias}.ReferentialIntegrity`]: ratio };
    if (meetsNumber(ratio, conditionOf(rule))) return passed(metrics);
    return failed(`Value: ${asDouble(ratio)} does not meet the constraint requirement.`, metrics);
  };
};

const namesIn = (list: string): string[] => list.split(",").map((name) => name.trim());
