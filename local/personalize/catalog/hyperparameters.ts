/** Hyperparameters as the service describes them, and the check of what a caller sets. Values are strings on the wire. */
import type { Hyperparameter } from "../../recipes/recipe.ts";

export interface Hyperparameters {
  readonly algorithm: readonly Hyperparameter[];
  readonly featureTransformation: readonly Hyperparameter[];
}

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
