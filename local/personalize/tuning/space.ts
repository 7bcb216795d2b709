/**
 * What a search for hyperparameters may choose from: the ranges of hpoConfig, checked against what the recipe documents, or the
 * recipe's own ranges where the caller gives none. Values are strings on the wire. Pure.
 */
import type { HyperParameterRanges } from "@aws-sdk/client-personalize";
import type { Random } from "../../recipes/network/random.ts";
import type { Hyperparameter } from "../../recipes/recipe.ts";
import type { Checked } from "../model.ts";

export type SearchedParameter =
  | { readonly kind: "integer" | "float"; readonly name: string; readonly min: number; readonly max: number }
  | { readonly kind: "choice"; readonly name: string; readonly values: readonly string[] };

export type SearchSpace = readonly SearchedParameter[];

type Ranges = Checked<HyperParameterRanges>;

function ofDeclared(parameter: Hyperparameter): SearchedParameter {
  const { kind, name } = parameter;
  if (parameter.kind === "choice") return { kind: "choice", name, values: parameter.values };
  return { kind: kind as "integer" | "float", name, min: parameter.min, max: parameter.max };
}

function ofRanges(ranges: Ranges): SearchedParameter[] {
  const numbers = (
    kind: "integer" | "float",
    list: readonly { name?: string | undefined; minValue?: number | undefined; maxValue?: number | undefined }[] = [],
  ) => list.map(({ name = "", minValue = 0, maxValue = 0 }) => ({ kind, name, min: minValue, max: maxValue }));
  const choices = (ranges.categoricalHyperParameterRanges ?? []).map(({ name = "", values = [] }) => ({
    kind: "choice" as const,
    name,
    values,
  }));
  return [
    ...numbers("integer", ranges.integerHyperParameterRanges),
    ...numbers("float", ranges.continuousHyperParameterRanges),
    ...choices,
  ];
}

/** @param ranges absent = everything tunable over its documented range */
export function spaceOf(declared: readonly Hyperparameter[], ranges: Ranges | undefined): SearchSpace {
  return ranges ? ofRanges(ranges) : declared.filter(({ tunable }) => tunable).map(ofDeclared);
}

const members = {
  integer: "integerHyperParameterRanges",
  float: "continuousHyperParameterRanges",
  choice: "categoricalHyperParameterRanges",
} as const;

function faultOfOne(searched: SearchedParameter, declared: readonly Hyperparameter[]): string | undefined {
  const { name, kind } = searched;
  const parameter = declared.find((candidate) => candidate.name === name);
  const tunable = declared.filter((each) => each.tunable).map((each) => each.name).join(", ") || "none"; // prettier-ignore
  if (!parameter?.tunable)
    return `${members[kind]} has ${name}, which cannot be tuned. Tunable for this recipe: ${tunable}.`;
  if (parameter.kind !== kind) return `${name} belongs into ${members[parameter.kind]}, not into ${members[kind]}.`;
  if (searched.kind === "choice" && parameter.kind === "choice") {
    const wrong = searched.values.find((value) => !isAmong(parameter.values, value));
    if (searched.values.length === 0) return `The values of ${name} are empty; give one or more.`;
    return wrong === undefined
      ? undefined
      : `${name} has the value ${JSON.stringify(wrong)}; it must be one of ${parameter.values.join(", ")}.`;
  }
  if (searched.kind === "choice" || parameter.kind === "choice") return undefined;
  const { min, max } = searched;
  if (min > max) return `${name} has the range ${min} to ${max}; minValue must not be above maxValue.`;
  if (min < parameter.min || max > parameter.max) {
    return `${name} has the range ${min} to ${max}; it must lie within ${parameter.min} to ${parameter.max}.`;
  }
  return undefined;
}

const isAmong = (values: readonly string[], value: string) =>
  values.some((each) => each.toLowerCase() === value.toLowerCase());

/** The first fault of what the caller gave, as a sentence; undefined when all is well. */
export function faultOfRanges(declared: readonly Hyperparameter[], ranges: Ranges | undefined): string | undefined {
  if (!ranges) return undefined;
  const missing = Object.values(members).find((member) => ranges[member] === undefined);
  if (missing)
    return `algorithmHyperParameterRanges has no ${missing}; all three lists are needed, empty ones as well.`;
  const space = ofRanges(ranges);
  if (space.length === 0) return "algorithmHyperParameterRanges has nothing to tune: all three lists are empty.";
  const twice = space.find(({ name }, at) => space.findIndex((other) => other.name === name) !== at);
  if (twice) return `algorithmHyperParameterRanges has ${twice.name} twice.`;
  return space.map((searched) => faultOfOne(searched, declared)).find((fault) => fault !== undefined);
}

const drawNumber = (kind: "integer" | "float", min: number, max: number, random: Random): string => {
  if (kind === "integer") return String(min + random.below(max - min + 1));
  return String(Number((min + random.next() * (max - min)).toPrecision(6)));
};

/** One point, every parameter uniformly and independently of the others (Bergstra and Bengio 2012). */
export function draw(space: SearchSpace, random: Random): Record<string, string> {
  return Object.fromEntries(
    space.map((searched) => [
      searched.name,
      searched.kind === "choice"
        ? (searched.values[random.below(searched.values.length)] as string)
        : drawNumber(searched.kind, searched.min, searched.max, random),
    ]),
  );
}

/** Does this point lie in the space? Then a search may begin with it. */
export function contains(space: SearchSpace, point: Readonly<Record<string, string>>): boolean {
  return space.every((searched) => {
    const value = point[searched.name];
    if (value === undefined) return false;
    if (searched.kind === "choice") return isAmong(searched.values, value);
    return Number(value) >= searched.min && Number(value) <= searched.max;
  });
}
