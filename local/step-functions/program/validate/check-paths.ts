/** JSONPath in a definition: every path and every intrinsic parses; every Choice rule has one comparison. */
import { isObject, type Json, type JsonObject } from "../../json.ts";
import { isOperator } from "../../language/jsonpath/choice-rule.ts";
import { isIntrinsic, parseIntrinsic } from "../../language/jsonpath/intrinsics.ts";
import { parsePath } from "../../language/jsonpath/path.ts";
import { fault, list, type Diagnostic } from "./diagnostic.ts";

const skipped: ReadonlySet<string> = new Set(["Branches", "ItemProcessor", "Iterator", "Result", "Retry"]);

export function checkPaths(state: JsonObject, location: string): Diagnostic[] {
  const rules = state["Type"] === "Choice" ? list(state["Choices"]) : [];
  return [
    ...textsIn(state, location),
    ...rules.flatMap((rule, index) => checkRule(rule, `${location}/Choices[${index}]`)),
  ];
}

/** Members named `….$`, fields named …Path, and a Choice's Variable. */
function textsIn(value: Json, location: string): Diagnostic[] {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((item, index) => textsIn(item, `${location}[${index}]`));
  }
  if (!isObject(value)) return [];
  return Object.entries(value)
    .filter(([name]) => !skipped.has(name))
    .flatMap(([name, member]) => {
      const at = `${location}/${name}`;
      const isTemplate = name.endsWith(".$");
      const isPath = /Path$/.test(name) || name === "Variable";
      if (typeof member !== "string" || !(isTemplate || isPath)) {
        return isTemplate ? [fault(at, "Value of a '.$' field must be a path or an intrinsic")] : textsIn(member, at);
      }
      return checkText(member, at);
    });
}

function checkText(text: string, location: string): Diagnostic[] {
  try {
    if (isIntrinsic(text)) parseIntrinsic(text);
    else parsePath(text);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return [fault(location, `Value is not a valid JSONPath or intrinsic function. ${thrown.message}`)];
  }
}

function checkRule(rule: Json, location: string): Diagnostic[] {
  if (!isObject(rule)) return [fault(location, "Value must be a JSON object")];
  for (const name of ["And", "Or"]) {
    const inner = rule[name];
    if (inner !== undefined)
      return list(inner).flatMap((each, index) => checkRule(each, `${location}/${name}[${index}]`));
  }
  if (rule["Not"] !== undefined) return checkRule(rule["Not"], `${location}/Not`);
  const operators = Object.keys(rule).filter(isOperator);
  if (operators.length !== 1) return [fault(location, "A rule needs exactly one comparison operator")];
  return rule["Variable"] === undefined ? [fault(location, "These fields are required: [Variable]")] : [];
}
