/**
 * JSONata expressions, parsed once per definition and evaluated with Step Functions' rules around JSONata's: nothing
 * undefined, nothing infinite, no function as a value, bounded time, depth and sequence length.
 *
 * Known limit: a regular expression that backtracks without end is not stopped by JSONata's time limit.
 */
import jsonata from "jsonata";
import type { Json } from "../../json.ts";
import { evaluationFailure } from "../failure.ts";
import type { Scope } from "../language.ts";
import { functionsAt } from "./functions.ts";

const limits = { timeout: 10_000, stack: 500, sequence: 1_000_000 } as const;

const wholly = /^\{%([\s\S]*)%\}$/;

/** The expression inside `{% … %}`, trimmed; undefined when the text is a literal (fact 30). */
export function expressionIn(text: string): string | undefined {
  return wholly.exec(text)?.[1]?.trim();
}

export interface Expressions {
  /** @param field the path of the field, as error messages name it, e.g. "Output/result". */
  evaluate(source: string, field: string, scope: Scope): Promise<Json>;
}

interface JsonataError {
  readonly code?: string;
  readonly message?: string;
}

export function createExpressions(): Expressions {
  const parsed = new Map<string, jsonata.Expression>();
  const formatter = jsonata("$fromMillis($milliseconds, $picture, $timezone)");
  const formatMillis = (milliseconds: number, picture?: string, timezone?: string) =>
    formatter.evaluate(undefined, { milliseconds, picture, timezone }) as Promise<string>;

  function expression(source: string): jsonata.Expression {
    let found = parsed.get(source);
    if (!found) parsed.set(source, (found = jsonata(source, limits)));
    return found;
  }

  async function evaluate(source: string, field: string, scope: Scope): Promise<Json> {
    const said = `The JSONata expression '${source}' specified for the field '${field}'`;
    let value: unknown;
    try {
      value = await expression(source).evaluate(undefined, bindings(scope, formatMillis));
    } catch (thrown) {
      const { code, message } = thrown as JsonataError;
      throw evaluationFailure(`${said} threw an error during evaluation. ${code ?? "D0000"}: ${message}`, field);
    }
    if (value === undefined) throw evaluationFailure(`${said} returned nothing (undefined).`, field);
    return asJson(value, () => evaluationFailure(`${said} returned an unsupported result type.`, field)) as Json;
  }
  return { evaluate };
}

function bindings(scope: Scope, formatMillis: Parameters<typeof functionsAt>[1]): Record<string, unknown> {
  const { input, result, errorOutput } = scope;
  const states = {
    input,
    get context() {
      return scope.context;
    },
    ...(result !== undefined && { result }),
    ...(errorOutput !== undefined && { errorOutput }),
  };
  return { ...functionsAt(scope.moment, formatMillis), ...scope.variables, states };
}

/** A detached copy in plain JSON: JSONata marks its sequences, and values of a step must not share structure. */
function asJson(value: unknown, refuse: () => Error): Json | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (value === undefined) return undefined;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw refuse();
    return value;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => asJson(item, refuse) ?? null);
  if (typeof value !== "object" || "_jsonata_lambda" in value || "_jsonata_function" in value) throw refuse();
  const copy: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    const json = asJson(member, refuse);
    if (json !== undefined) copy[name] = json;
  }
  return copy;
}
