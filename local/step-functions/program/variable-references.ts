/** Which variables a machine's JSONPath states read, by state; JSONata expressions are not counted (fact 36). */
import type { MachineDefinition, QueryLanguage, StateDefinition } from "./definition.ts";
import { innerFlows } from "./program.ts";

export function variableReferences(definition: MachineDefinition): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const visit = (states: Readonly<Record<string, StateDefinition>>, inherited: QueryLanguage) => {
    for (const [name, state] of Object.entries(states)) {
      for (const flow of innerFlows(state)) visit(flow.States, inherited);
      if ((state.QueryLanguage ?? inherited) !== "JSONPath") continue;
      const names = [...new Set(pathTexts(state).flatMap(variablesIn))];
      if (names.length > 0) found[name] = names;
    }
  };
  visit(definition.States, definition.QueryLanguage ?? "JSONPath");
  return found;
}

/** Texts of a state that are paths or intrinsics: `….$` members, …Path fields, a Choice's Variable; no inner states. */
function pathTexts(value: unknown, name = ""): string[] {
  if (name === "Branches" || name === "ItemProcessor" || name === "Iterator" || name === "Result") return [];
  if (typeof value === "string") return /(\.\$|Path|^Variable)$/.test(name) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([member, inner]) => pathTexts(inner, Array.isArray(value) ? name : member));
}

/** `$name` is a variable; `$`, `$.x`, `$[0]` and `$$.x` are not; what stands in quotes is text. */
function variablesIn(text: string): string[] {
  const unquoted = text.replace(/'(?:[^'\\]|\\.)*'/g, "''");
  return [...unquoted.matchAll(/(?<![\w$])\$([A-Za-z_][\w]*)/g)].map((match) => match[1] ?? "");
}
