/** Reading a path in a scope: which root, which value, and the service's words for what is missing (fact 18). */
import { textOf, type Json } from "../../json.ts";
import { runtimeFailure } from "../failure.ts";
import type { Scope } from "../language.ts";
import { parsePath, valuesAt, type Path } from "./path.ts";

export function rootOf({ root }: Path, scope: Scope): Json | undefined {
  if (root === "$") return scope.input;
  return root === "$$" ? scope.context : scope.variables[root];
}

/** The value, the list of values, or undefined where a path that names one value finds none. */
export function lookUp(path: Path, scope: Scope): Json | undefined {
  const root = rootOf(path, scope);
  const values = root === undefined ? [] : valuesAt(path.steps, root);
  return path.isDefinite ? values[0] : values;
}

/** @param field as the definition spells it, e.g. "id.$". */
export function lookUpField(text: string, field: string, scope: Scope): Json {
  const found = lookUp(parsePath(text), scope);
  if (found !== undefined) return found;
  throw runtimeFailure(
    `The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${textOf(scope.input)}'`,
  );
}

/** InputPath and OutputPath: null gives {} (fact 26). */
export function lookUpWhole(text: string | null | undefined, scope: Scope): Json {
  if (text === undefined) return scope.input;
  if (text === null) return {};
  const path = parsePath(text);
  const found = lookUp(path, scope);
  if (found !== undefined) return found;
  const names = path.steps.map(({ selectors: [selector] }) =>
    selector?.kind === "name" ? `['${selector.name}']` : selector?.kind === "index" ? `[${selector.index}]` : "[*]",
  );
  const outerIsMissing = names.length > 1 && lookUp({ ...path, steps: path.steps.slice(0, 1) }, scope) === undefined;
  throw runtimeFailure(
    outerIsMissing
      ? `Invalid path '${text}' : Missing property in path $${names[0]}`
      : `Invalid path '${text}' : No results for path: $${names.join("")}`,
  );
}
