/**
 * Hyperparameters as declared and as read: strings on the wire, numbers and flags inside. Ranges are checked when the solution
 * is created; here a value that does not parse is a bug of the caller and throws.
 */
import type { Hyperparameter } from "./recipe.ts";

export type Parameters = Readonly<Record<string, string>>;

export function numberOf(parameters: Parameters, name: string): number {
  const value = Number(parameters[name]);
  if (parameters[name] === undefined || parameters[name] === "" || !Number.isFinite(value)) {
    throw new Error(`Hyperparameter ${name} is ${JSON.stringify(parameters[name])}, not a number`);
  }
  return value;
}

/** The service writes both `true` and `True`. */
export function flagOf(parameters: Parameters, name: string): boolean {
  const value = parameters[name]?.toLowerCase();
  if (value !== "true" && value !== "false") {
    throw new Error(`Hyperparameter ${name} is ${JSON.stringify(parameters[name])}, neither true nor false`);
  }
  return value === "true";
}

/** The default of every declared hyperparameter, by name. */
export function defaultsOf(recipe: {
  readonly algorithm: readonly Hyperparameter[];
  readonly featureTransformation: readonly Hyperparameter[];
}): Record<string, string> {
  const declared = [...recipe.algorithm, ...recipe.featureTransformation];
  return Object.fromEntries(declared.map((parameter) => [parameter.name, parameter.default]));
}

/** The two percentile filters on the length of a user's history that most recipes share. */
export function historyPercentiles(min: string, max: string): readonly Hyperparameter[] {
  const range = { kind: "float", min: 0, max: 1, tunable: false } as const;
  return [
    { ...range, name: "min_user_history_length_percentile", default: min },
    { ...range, name: "max_user_history_length_percentile", default: max },
  ];
}
