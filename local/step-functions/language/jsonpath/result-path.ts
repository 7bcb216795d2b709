/** ResultPath: the input with the result put at a reference path. */
import { isObject, type Json, type JsonObject } from "../../json.ts";
import { runtimeFailure } from "../failure.ts";
import { parsePath } from "./path.ts";

/** null drops the result; "$", or nothing, drops the input. */
export function placeResult(resultPath: string | null | undefined, input: Json, result: Json): Json {
  if (resultPath === null) return input;
  if (resultPath === undefined) return result;
  const names = parsePath(resultPath).steps.map(({ selectors: [selector] }) =>
    selector?.kind === "name" ? selector.name : selector?.kind === "index" ? selector.index : "",
  );
  return place(names, input, result, resultPath);
}

function place(names: readonly (string | number)[], into: Json, result: Json, whole: string): Json {
  const [name, ...rest] = names;
  if (name === undefined) return result;
  if (typeof name === "number") {
    const items = Array.isArray(into) ? (into as readonly Json[]) : undefined;
    if (!items || name >= items.length) throw mismatch(whole);
    return items.map((item, index) => (index === name ? place(rest, item, result, whole) : item));
  }
  if (!isObject(into)) throw mismatch(whole);
  const below: Json = Object.hasOwn(into, name) && isObject(into[name] ?? null) ? (into[name] as JsonObject) : {};
  const at = rest.length > 0 && typeof rest[0] === "number" ? (into[name] ?? []) : below;
  return { ...into, [name]: place(rest, at, result, whole) };
}

const mismatch = (path: string) =>
  runtimeFailure(`Unable to apply the ResultPath '${path}' to the input`, "States.ResultPathMatchFailure");
