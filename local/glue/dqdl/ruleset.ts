/** A parsed DQDL document: rules with their conditions, alone or joined by `and` and `or`. */

export type Operator =
  "=" | "!=" | "<" | "<=" | ">" | ">=" | "between" | "not between" | "in" | "not in" | "matches" | "not matches";

export type DurationUnit = "days" | "hours" | "minutes";

export interface Duration {
  readonly amount: number;
  readonly unit: DurationUnit;
}

export type Keyword = "NULL" | "EMPTY" | "WHITESPACES_ONLY";

export type Operand =
  | { readonly kind: "number"; readonly value: number; /** As written. */ readonly text: string }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "keyword"; readonly keyword: Keyword }
  /** `now()`, perhaps with a duration taken off or added. */
  | { readonly kind: "now"; readonly sign: 1 | -1; readonly offset: Duration | undefined }
  | { readonly kind: "duration"; readonly duration: Duration };

export interface Condition {
  readonly operator: Operator;
  readonly operands: readonly Operand[];
}

export interface SimpleRule {
  readonly kind: "rule";
  readonly type: string;
  /** As written, e.g. column names. */
  readonly parameters: readonly string[];
  readonly condition: Condition | undefined;
  /** The share of rows that must meet the condition: `with threshold > 0.9`. */
  readonly threshold: Condition | undefined;
  /** The rows it is about: `where "AGE > 10"`. */
  readonly where: string | undefined;
}

export interface CompositeRule {
  readonly kind: "composite";
  readonly operator: "and" | "or";
  readonly rules: readonly Rule[];
}

export type Rule = SimpleRule | CompositeRule;

export interface Analyzer {
  readonly type: string;
  readonly parameters: readonly string[];
}

export interface Ruleset {
  readonly rules: readonly Rule[];
  readonly analyzers: readonly Analyzer[];
}

/** Every rule that is not made of others, in order. */
export function* simpleRules(rule: Rule): Generator<SimpleRule> {
  if (rule.kind === "rule") yield rule;
  else for (const part of rule.rules) yield* simpleRules(part);
}
