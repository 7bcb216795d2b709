/** The rule types of DQDL: what each takes. Those that only AWS can evaluate are named, so that they are refused in words. */

/** What may stand after the parameters. `values`: numbers, texts, keywords, dates. */
export type ConditionKind = "none" | "number" | "values" | "type" | "duration";

export interface RuleType {
  /** Parameters in double quotes; the second number is the most. */
  readonly parameters: readonly [number, number];
  readonly condition: ConditionKind;
  readonly takesThreshold?: true;
  /** Rules without `where`: they look at the schema or at another table. */
  readonly refusesWhere?: true;
}

const one = [1, 1] as const;
const onColumn: RuleType = { parameters: one, condition: "number" };

export const ruleTypes: Readonly<Record<string, RuleType>> = {
  RowCount: { parameters: [0, 0], condition: "number" },
  ColumnCount: { parameters: [0, 0], condition: "number", refusesWhere: true },
  ColumnExists: { parameters: one, condition: "none", refusesWhere: true },
  ColumnNamesMatchPattern: { parameters: one, condition: "none", refusesWhere: true },
  ColumnDataType: { parameters: one, condition: "type", takesThreshold: true },
  ColumnLength: { parameters: one, condition: "number", takesThreshold: true },
  ColumnValues: { parameters: one, condition: "values", takesThreshold: true },
  ColumnCorrelation: { parameters: [2, 2], condition: "number" },
  Completeness: onColumn,
  IsComplete: { parameters: one, condition: "none" },
  IsPrimaryKey: { parameters: [1, Infinity], condition: "none" },
  IsUnique: { parameters: one, condition: "none" },
  Uniqueness: onColumn,
  UniqueValueRatio: onColumn,
  DistinctValuesCount: onColumn,
  Entropy: onColumn,
  Mean: onColumn,
  Sum: onColumn,
  StandardDeviation: onColumn,
  DataFreshness: { parameters: one, condition: "duration" },
  ReferentialIntegrity: { parameters: [2, 2], condition: "number", refusesWhere: true },
  RowCountMatch: { parameters: one, condition: "number", refusesWhere: true },
};

/** Rule types that this cloud does not evaluate, and why. */
export const awsOnly: Readonly<Record<string, string>> = {
  CustomSql: "it has no SQL engine",
  AggregateMatch: "it compares no aggregates of two tables",
  DatasetMatch: "it joins no tables",
  SchemaMatch: "it compares no schemas",
  DetectAnomalies: "it keeps no history of statistics",
  AllStatistics: "it keeps no history of statistics",
  FileFreshness: "it reads tables, not single files",
  FileMatch: "it reads tables, not single files",
  FileSize: "it reads tables, not single files",
  FileUniqueness: "it reads tables, not single files",
};
