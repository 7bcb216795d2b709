/** JSONata's answers to the questions of `language.ts`. */
import { isObject, kindOf, textOf, type Json, type JsonObject } from "../../json.ts";
import type { OutputRules } from "../../program/definition.ts";
import { evaluationFailure } from "../failure.ts";
import type { Conclusion, Language, Scope } from "../language.ts";
import { parseTimestamp } from "../timestamp.ts";
import { createExpressions, expressionIn, type Expressions } from "./expressions.ts";

export function createJsonataLanguage(): Language {
  const expressions = createExpressions();
  const template = (value: Json, field: string, scope: Scope) => fill(expressions, value, field, scope);

  async function conclude(rules: OutputRules, scope: Scope, fallback: Json, prefix = ""): Promise<Conclusion> {
    const { Assign, Output } = rules;
    const assigned = Assign && ((await template(Assign, `${prefix}Assign`, scope)) as JsonObject);
    const output = Output === undefined ? fallback : await template(Output, `${prefix}Output`, scope);
    return { output, assigned };
  }

  /** A field that must be of one kind; an expression of another kind is the machine's fault (fact 19). */
  async function typed(value: Json, field: string, scope: Scope, kind: string): Promise<Json> {
    const result = await template(value, field, scope);
    if (kindOf(result) === kind) return result;
    throw unexpectedType(value, field, kind, result);
  }

  async function seconds(value: number | string | undefined, field: string, scope: Scope) {
    if (value === undefined || typeof value === "number") return value;
    const result = (await typed(value, field, scope, "number")) as number;
    if (Number.isInteger(result)) return result;
    throw unexpectedType(value, field, "integer", result);
  }

  return {
    effectiveInput: async (definition, scope) => {
      const given = "Arguments" in definition ? definition.Arguments : undefined;
      return given === undefined ? scope.input : template(given, "Arguments", scope);
    },
    conclude: (definition, scope, fallback) => conclude(definition, scope, fallback),
    concludeCaught: (catcher, index, scope) => conclude(catcher, scope, scope.errorOutput ?? {}, `Catch[${index}]/`),
    concludeChoice: (definition, index, scope) => {
      const rule = index === undefined ? undefined : definition.Choices[index];
      return rule ? conclude(rule, scope, scope.input, `Choices[${index}]/`) : conclude(definition, scope, scope.input);
    },
    passResult: (_definition, scope) => Promise.resolve(scope.input),
    matches: async (rule, index, scope) => {
      const condition = rule.Condition ?? false;
      if (typeof condition === "boolean") return condition;
      return (await typed(condition, `Choices[${index}]/Condition`, scope, "boolean")) as boolean;
    },
    waitSeconds: async (definition, scope) => {
      const result = (await seconds(definition.Seconds, "Seconds", scope)) ?? 0;
      if (result >= 0) return result;
      throw evaluationFailure(`The Seconds field references a negative value: ${result}`, "Seconds");
    },
    waitTimestamp: async (definition, scope) => {
      const text = (await typed(definition.Timestamp ?? "", "Timestamp", scope, "string")) as string;
      const epoch = parseTimestamp(text);
      if (epoch !== undefined) return epoch;
      throw evaluationFailure(
        `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
        "Timestamp",
      );
    },
    timeoutSeconds: (definition, scope) => seconds(definition.TimeoutSeconds, "TimeoutSeconds", scope),
    heartbeatSeconds: (definition, scope) => seconds(definition.HeartbeatSeconds, "HeartbeatSeconds", scope),
    failure: async ({ Error: error, Cause: cause }, scope) => ({
      ...(error !== undefined && { error: (await typed(error, "Error", scope, "string")) as string }),
      ...(cause !== undefined && { cause: (await typed(cause, "Cause", scope, "string")) as string }),
    }),
    items: async ({ Items }, scope) => {
      if (Items !== undefined) return (await typed(Items, "Items", scope, "array")) as readonly Json[];
      if (Array.isArray(scope.input)) return scope.input as readonly Json[];
      throw evaluationFailure(`Map state input must be an array but was: ${textOf(scope.input)}`);
    },
    iterationInput: async ({ ItemSelector }, scope, item) =>
      ItemSelector === undefined ? item : template(ItemSelector, "ItemSelector", scope),
    maxConcurrency: async ({ MaxConcurrency }, scope) => (await seconds(MaxConcurrency, "MaxConcurrency", scope)) ?? 0,
  };
}

function unexpectedType(source: Json, field: string, expected: string, found: Json): Error {
  const expression = (typeof source === "string" ? expressionIn(source) : undefined) ?? textOf(source);
  return evaluationFailure(
    `The JSONata expression '${expression}' specified for the field '${field}' returned an unexpected result type. ` +
      `Expected '${expected}', but was '${kindOf(found)}' for value: ${textOf(found)}`,
    field,
  );
}

/** Replaces every text that is wholly `{% … %}` by its value; all else stays as written. */
async function fill(expressions: Expressions, value: Json, field: string, scope: Scope): Promise<Json> {
  if (typeof value === "string") {
    const source = expressionIn(value);
    return source === undefined ? value : expressions.evaluate(source, field, scope);
  }
  if (Array.isArray(value)) {
    const list: Json[] = [];
    for (const [index, item] of (value as readonly Json[]).entries()) {
      list.push(await fill(expressions, item, `${field}[${index}]`, scope));
    }
    return list;
  }
  if (!isObject(value)) return value;
  const filled: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    filled[name] = await fill(expressions, member, `${field}/${name}`, scope);
  }
  return filled;
}
