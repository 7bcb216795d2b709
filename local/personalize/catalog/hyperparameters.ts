/**
 * The documented hyperparameters of every recipe (reference, section 5), for those that cannot be trained here yet, and the check
 * of what a caller sets. Values are strings on the wire.
 */
import type { Hyperparameter } from "../../recipes/recipe.ts";

export interface Hyperparameters {
  readonly algorithm: readonly Hyperparameter[];
  readonly featureTransformation: readonly Hyperparameter[];
}

const number =
  (kind: "integer" | "float") =>
  (name: string, value: string, min: number, max: number, tunable = false) =>
    ({ kind, name, default: value, min, max, tunable }) satisfies Hyperparameter;
const integer = number("integer");
const float = number("float");
const choice = (name: string, values: readonly string[], value: string, tunable = false): Hyperparameter => ({
  kind: "choice",
  name,
  default: value,
  values,
  tunable,
});

const historyPercentiles = (min: string, max: string) => [
  float("min_user_history_length_percentile", min, 0, 1),
  float("max_user_history_length_percentile", max, 0, 1),
];

const recurrent = (hiddenDimension: string): Hyperparameters => ({
  algorithm: [
    integer("hidden_dimension", hiddenDimension, 32, 256, true),
    integer("bptt", "32", 2, 32, true),
    choice("recency_mask", ["true", "false"], "true", true),
  ],
  featureTransformation: historyPercentiles("0.0", "0.99"),
});

const coldstart: Hyperparameters = {
  algorithm: recurrent("149").algorithm,
  featureTransformation: [
    ...recurrent("149").featureTransformation,
    integer("cold_start_max_interactions", "15", 1, Number.MAX_SAFE_INTEGER),
    float("cold_start_max_duration", "5.0", Number.MIN_VALUE, Number.MAX_VALUE),
    choice("cold_start_relative_from", ["currentTime", "latestItem"], "latestItem"),
  ],
};

export const hyperparametersByRecipe: Readonly<Record<string, Hyperparameters>> = {
  "aws-hrnn-metadata": recurrent("43"),
  "aws-hrnn-coldstart": coldstart,
};

/** The first fault of what the caller set, as a sentence; undefined when all is well. */
export function faultOfHyperparameters(
  declared: readonly Hyperparameter[],
  given: Readonly<Record<string, string>>,
  member: string,
): string | undefined {
  for (const [name, value] of Object.entries(given)) {
    const parameter = declared.find((candidate) => candidate.name === name);
    if (!parameter) {
      const known = declared.map((candidate) => candidate.name).join(", ") || "none";
      return `${member} has no parameter ${name} for this recipe. Known: ${known}.`;
    }
    if (!admits(parameter, value)) return `${member}.${name} is ${JSON.stringify(value)}; ${rangeOf(parameter)}.`;
  }
  return undefined;
}

function admits(parameter: Hyperparameter, value: string): boolean {
  // The service itself writes both true and True.
  if (parameter.kind === "choice") return parameter.values.some((v) => v.toLowerCase() === value.toLowerCase());
  const amount = Number(value);
  if (value.trim() === "" || !Number.isFinite(amount)) return false;
  if (parameter.kind === "integer" && !Number.isInteger(amount)) return false;
  return amount >= parameter.min && amount <= parameter.max;
}

const rangeOf = (parameter: Hyperparameter) =>
  parameter.kind === "choice"
    ? `it must be one of ${parameter.values.join(", ")}`
    : `it must be ${parameter.kind === "integer" ? "an integer" : "a number"} from ${parameter.min} to ${parameter.max}`;
