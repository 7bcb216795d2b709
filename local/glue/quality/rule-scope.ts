/** What a rule may ask while it is prepared; its answer comes once all rows have gone by. */
import type { SimpleRule } from "../dqdl/ruleset.ts";
import type { Measures } from "./measures.ts";
import { missingColumn, type Outcome } from "./outcome.ts";
import { columnIndex, type TableColumn } from "./table-schema.ts";

/** A table of the run beside the one under test; its rows go by first. */
export interface ReferenceTable {
  readonly columns: readonly TableColumn[];
  readonly measures: Measures;
}

export interface RuleScope {
  readonly columns: readonly TableColumn[];
  /** Of the rows that the rule is about. */
  readonly measures: Measures;
  reference(alias: string): ReferenceTable | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type Prepare = (rule: SimpleRule, scope: RuleScope) => () => Outcome;

/** An outcome that is known before any row. */
export const settled = (outcome: Outcome) => () => outcome;

/** For rules on one column, which must exist. */
export const onColumn =
  (prepare: (rule: SimpleRule, scope: RuleScope, column: number, name: string) => () => Outcome): Prepare =>
  (rule, scope) => {
    const [name = ""] = rule.parameters;
    const column = columnIndex(scope.columns, name);
    return column < 0 ? settled(missingColumn(name)) : prepare(rule, scope, column, name);
  };
