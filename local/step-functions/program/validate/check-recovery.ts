/** Retry and Catch: fields and ranges, and States.ALL alone and last. Empty lists are allowed (fact 34). */
import { isObject, type Json, type JsonObject } from "../../json.ts";
import type { QueryLanguage } from "../definition.ts";
import { fault, type Diagnostic } from "./diagnostic.ts";
import { catcherFields, retrierFields } from "./fields.ts";

export function checkRecovery(state: JsonObject, language: QueryLanguage, location: string): Diagnostic[] {
  return [
    ...checkList(state["Retry"], `${location}/Retry`, checkRetrier),
    ...checkList(state["Catch"], `${location}/Catch`, (catcher, at) => checkCatcher(catcher, at, language)),
  ];
}

function checkList(
  value: Json | undefined,
  location: string,
  check: (entry: JsonObject, location: string) => Diagnostic[],
): Diagnostic[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [fault(location, "Value must be an array")];
  const entries = value as readonly Json[];
  return entries.flatMap((entry, index) => {
    const at = `${location}[${index}]`;
    if (!isObject(entry)) return [fault(at, "Value must be a JSON object")];
    return [...checkErrorEquals(entry, at, index === entries.length - 1), ...check(entry, at)];
  });
}

function checkErrorEquals({ ErrorEquals: names }: JsonObject, location: string, isLast: boolean): Diagnostic[] {
  const at = `${location}/ErrorEquals`;
  if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== "string")) {
    return [fault(at, "Value must be a non-empty array of error names")];
  }
  if (!(names as readonly Json[]).includes("States.ALL")) return [];
  if (names.length > 1) return [fault(at, "States.ALL must appear alone")];
  return isLast ? [] : [fault(at, "States.ALL must appear in the last entry")];
}

interface Range {
  readonly field: string;
  readonly isValid: (value: number) => boolean;
  readonly must: string;
}

const ranges: readonly Range[] = [
  {
    field: "IntervalSeconds",
    isValid: (value) => Number.isInteger(value) && value >= 1 && value <= 99_999_999,
    must: "be an integer from 1 to 99999999",
  },
  {
    field: "MaxAttempts",
    isValid: (value) => Number.isInteger(value) && value >= 0 && value <= 99_999_999,
    must: "be an integer from 0 to 99999999",
  },
  { field: "BackoffRate", isValid: (value) => value >= 1, must: "be at least 1.0" },
  {
    field: "MaxDelaySeconds",
    isValid: (value) => Number.isInteger(value) && value >= 1 && value <= 31_622_400,
    must: "be an integer from 1 to 31622400",
  },
];

function checkRetrier(retrier: JsonObject, location: string): Diagnostic[] {
  const wrong = ranges.filter(({ field, isValid }) => {
    const value = retrier[field];
    return value !== undefined && !(typeof value === "number" && isValid(value));
  });
  const { JitterStrategy: jitter, IntervalSeconds: interval = 1, MaxDelaySeconds: longest } = retrier;
  return [
    ...unknown(retrier, retrierFields, location),
    ...wrong.map(({ field, must }) => fault(`${location}/${field}`, `Value must ${must}`)),
    ...(jitter === undefined || jitter === "FULL" || jitter === "NONE"
      ? []
      : [fault(`${location}/JitterStrategy`, "Value must be one of: [FULL, NONE]")]),
    ...(typeof longest === "number" && typeof interval === "number" && longest <= interval
      ? [fault(`${location}/MaxDelaySeconds`, "MaxDelaySeconds must be greater than IntervalSeconds")]
      : []),
  ];
}

function checkCatcher(catcher: JsonObject, location: string, language: QueryLanguage): Diagnostic[] {
  const missing = catcher["Next"] === undefined ? [fault(location, "These fields are required: [Next]")] : [];
  return [...missing, ...unknown(catcher, catcherFields[language], location)];
}

const unknown = (entry: JsonObject, known: ReadonlySet<string>, location: string): Diagnostic[] =>
  Object.keys(entry)
    .filter((field) => !known.has(field))
    .map((field) => fault(`${location}/${field}`, "Field is not supported"));
