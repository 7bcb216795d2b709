/** JSONPath's answers to the questions of `language.ts`: the paths and templates around a state, in their order. */
import { textOf, type Json, type JsonObject } from "../../json.ts";
import type { OutputRules, StateDefinition } from "../../program/definition.ts";
import { runtimeFailure } from "../failure.ts";
import type { Conclusion, Language, Scope } from "../language.ts";
import { parseTimestamp } from "../timestamp.ts";
import { ruleHolds } from "./choice-rule.ts";
import { placeResult } from "./result-path.ts";
import { lookUpField, lookUpWhole } from "./roots.ts";
import { fillTemplate, valueOf } from "./template.ts";

/** InputPath, then Parameters; a Map's Parameters are its ItemSelector's former name. */
function effectiveInput(definition: StateDefinition, scope: Scope): Json {
  const { InputPath } = "InputPath" in definition ? definition : {};
  const input = lookUpWhole(InputPath, scope);
  const { Parameters } = "Parameters" in definition && definition.Type !== "Map" ? definition : {};
  return Parameters === undefined ? input : fillTemplate(Parameters, { ...scope, input });
}

/** ResultSelector, ResultPath, Assign and OutputPath, all over the variables as they were (fact 32). */
function concludeResult(rules: OutputRules, scope: Scope, result: Json): Conclusion {
  const { ResultSelector, ResultPath, OutputPath } = rules;
  const selected = ResultSelector === undefined ? result : fillTemplate(ResultSelector, { ...scope, input: result });
  const assigned = assign(rules, { ...scope, input: selected });
  const placed = placeResult(ResultPath, scope.input, selected);
  return { output: lookUpWhole(OutputPath, { ...scope, input: placed }), assigned };
}

function assign({ Assign }: OutputRules, scope: Scope): JsonObject | undefined {
  return Assign && (fillTemplate(Assign, scope) as JsonObject);
}

function integerAt(path: string, field: string, scope: Scope): number {
  const value = lookUpField(path, field, scope);
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw runtimeFailure(`The ${field} parameter cannot be parsed as a long value: ${path} == ${textOf(value)}`);
  }
  if (value < 0) throw runtimeFailure(`The ${field} parameter references a negative value: ${path} == ${value}`);
  return value;
}

/** A number, or a text that is one, as variables may hold (fact 21). */
function concurrencyAt(path: string, scope: Scope): number {
  const value = lookUpField(path, "MaxConcurrencyPath", scope);
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number) && number >= 0) return number;
  const shown = typeof value === "string" ? value : textOf(value);
  throw runtimeFailure(`The MaxConcurrencyPath field refers to value "${shown}" which is not a valid integer: ${path}`);
}

function textAt(path: string | undefined, given: string | undefined, field: string, scope: Scope): string | undefined {
  if (path === undefined) return given;
  const value = valueOf(path, field, scope);
  return typeof value === "string" ? value : textOf(value);
}

function timestampAt(path: string, scope: Scope): number {
  const value = lookUpField(path, "TimestampPath", scope);
  const epoch = typeof value === "string" ? parseTimestamp(value) : undefined;
  if (epoch !== undefined) return epoch;
  throw runtimeFailure(
    "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: " +
      `${path} == ${typeof value === "string" ? value : textOf(value)}`,
  );
}

export const jsonPathLanguage: Language = {
  effectiveInput: async (definition, scope) => effectiveInput(definition, scope),
  conclude: async (definition, scope, fallback) => concludeResult(definition, scope, fallback),
  concludeCaught: async (catcher, _index, scope) => {
    const errorOutput = scope.errorOutput ?? {};
    const assigned = assign(catcher, { ...scope, input: errorOutput });
    return { output: placeResult(catcher.ResultPath, scope.input, errorOutput), assigned };
  },
  concludeChoice: async (definition, index, scope) => {
    const rule = index === undefined ? undefined : definition.Choices[index];
    const output = lookUpWhole(definition.OutputPath, scope);
    return { output, assigned: assign(rule ?? definition, scope) };
  },
  passResult: async (definition, scope) => {
    // Result is never evaluated: its ".$" members stay as they are (fact 26).
    const { Result } = definition.Type === "Pass" ? definition : {};
    return Result === undefined ? effectiveInput(definition, scope) : Result;
  },
  matches: async (rule, _index, scope) => ruleHolds(rule, scope),
  waitSeconds: async ({ Seconds, SecondsPath }, scope) =>
    SecondsPath === undefined ? Number(Seconds) : integerAt(SecondsPath, "SecondsPath", scope),
  waitTimestamp: async ({ Timestamp = "", TimestampPath }, scope) =>
    TimestampPath === undefined ? (parseTimestamp(Timestamp) ?? 0) : timestampAt(TimestampPath, scope),
  timeoutSeconds: async ({ TimeoutSeconds, TimeoutSecondsPath: path }, scope) =>
    path === undefined ? secondsGiven(TimeoutSeconds) : integerAt(path, "TimeoutSecondsPath", scope),
  heartbeatSeconds: async ({ HeartbeatSeconds, HeartbeatSecondsPath: path }, scope) =>
    path === undefined ? secondsGiven(HeartbeatSeconds) : integerAt(path, "HeartbeatSecondsPath", scope),
  failure: async (definition, scope) => {
    const error = textAt(definition.ErrorPath, definition.Error, "ErrorPath", scope);
    const cause = textAt(definition.CausePath, definition.Cause, "CausePath", scope);
    return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  },
  items: async ({ ItemsPath }, scope) => {
    const items = ItemsPath === undefined ? scope.input : lookUpField(ItemsPath, "ItemsPath", scope);
    if (Array.isArray(items)) return items as readonly Json[];
    throw runtimeFailure(`Reference path "${ItemsPath ?? "$"}" must point to array.`);
  },
  iterationInput: async ({ ItemSelector, Parameters }, scope, item) => {
    const template = ItemSelector ?? Parameters;
    return template === undefined ? item : fillTemplate(template, scope);
  },
  maxConcurrency: async ({ MaxConcurrency, MaxConcurrencyPath }, scope) =>
    MaxConcurrencyPath === undefined ? Number(MaxConcurrency ?? 0) : concurrencyAt(MaxConcurrencyPath, scope),
};

const secondsGiven = (value: number | string | undefined) => (value === undefined ? undefined : Number(value));
