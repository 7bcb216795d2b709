/** The parts of a filter expression (reference, section 9), as the parser makes them and the evaluation reads them. */
export type Target = "ItemID" | "UserID" | "ActionID";

export type DatasetName = "Interactions" | "Items" | "Users" | "Actions" | "Action_Interactions";

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** A value that is written out, given per request, or read from the item at hand. */
export type Operand =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "placeholder"; readonly name: string }
  | { readonly kind: "currentItem"; readonly column: string };

export type List =
  | { readonly kind: "strings"; readonly values: readonly string[] }
  | { readonly kind: "placeholder"; readonly name: string }
  | { readonly kind: "any" }
  | { readonly kind: "currentItem"; readonly column: string };

export type Test =
  | { readonly kind: "membership"; readonly negated: boolean; readonly list: List }
  | { readonly kind: "comparison"; readonly comparison: Comparison; readonly operand: Operand };

export interface Condition<Subject extends string = DatasetName> {
  readonly subject: Subject;
  readonly column: string;
  readonly test: Test;
}

export interface Expression {
  readonly kind: "include" | "exclude";
  readonly target: Target;
  /** An OR of ANDs: AND binds tighter. */
  readonly alternatives: readonly (readonly Condition[])[];
  /** All must hold for the expression to count. */
  readonly onlyIf: readonly Condition<"CurrentUser">[];
}

export interface Filter {
  readonly expressions: readonly Expression[];
}

export type ParsedFilter =
  { readonly kind: "valid"; readonly filter: Filter } | { readonly kind: "invalid"; readonly fault: string };
