/**
 * Everything wrong with a definition that can be known before it runs. What passes here is a `MachineDefinition`, and
 * the interpreter trusts it.
 */
import { isObject, type Json, type JsonObject } from "../../json.ts";
import { checkState } from "./check-state.ts";
import { fault, list, type Diagnostic, type Surroundings } from "./diagnostic.ts";
import { branchFields, machineFields } from "./fields.ts";
import { checkTransitions } from "./transitions.ts";

export type { Diagnostic };

export function diagnose(definition: Json): readonly Diagnostic[] {
  if (!isObject(definition)) return [{ ...fault("/", "Definition must be a valid JSON object"), location: "/" }];
  const language = definition["QueryLanguage"] ?? "JSONPath";
  if (language !== "JSONPath" && language !== "JSONata") {
    return [fault("/QueryLanguage", "Value must be one of: [JSONPath, JSONata]")];
  }
  return [
    ...unknownFields(definition, machineFields, ""),
    ...checkTimeout(definition),
    ...checkFlow(definition, "", { inherited: language, isMachineJsonata: language === "JSONata", outer: new Set() }),
  ];
}

function checkTimeout({ TimeoutSeconds }: JsonObject): Diagnostic[] {
  const isValid = TimeoutSeconds === undefined || (Number.isInteger(TimeoutSeconds) && Number(TimeoutSeconds) > 0);
  return isValid ? [] : [fault("/TimeoutSeconds", "Value must be a positive integer")];
}

function unknownFields(value: JsonObject, known: ReadonlySet<string>, location: string): Diagnostic[] {
  return Object.keys(value)
    .filter((field) => !known.has(field))
    .map((field) => fault(`${location}/${field}`, "Field is not supported"));
}

/** A machine, a branch or an item processor. */
function checkFlow(flow: JsonObject, location: string, around: Surroundings): Diagnostic[] {
  const missing = ["States", "StartAt"].filter((field) => flow[field] === undefined);
  if (missing.length > 0) return [fault(location || "/", `These fields are required: [${missing.join(", ")}]`)];
  const { States: states, StartAt: startAt } = flow;
  if (!isObject(states) || Object.keys(states).length === 0) {
    return [fault(`${location}/States`, "Value must be a non-empty JSON object")];
  }
  const variables = new Set([...around.outer, ...assignedIn(states)]);
  const inside = { ...around, outer: variables };
  const found = Object.entries(states).flatMap(([name, state]) =>
    isObject(state)
      ? [
          ...checkState(name, state, `${location}/States/${name}`, inside),
          ...innerFlowsOf(state).flatMap(([inner, path]) =>
            checkInnerFlow(inner, `${location}/States/${name}/${path}`, inside),
          ),
        ]
      : [fault(`${location}/States/${name}`, "Value must be a JSON object")],
  );
  return [...found, ...checkTransitions(states, startAt, location)];
}

function checkInnerFlow(flow: Json | undefined, location: string, around: Surroundings): Diagnostic[] {
  if (!isObject(flow)) return [fault(location, "Value must be a JSON object")];
  return [...unknownFields(flow, branchFields, location), ...checkFlow(flow, location, around)];
}

/** Names that any state of a flow, any of its rules or catchers assigns. */
function assignedIn(states: JsonObject): string[] {
  return Object.values(states).flatMap((state) => {
    if (!isObject(state)) return [];
    const rules = [state, ...list(state["Choices"]), ...list(state["Catch"])];
    return rules.flatMap((rule) => {
      const assign = isObject(rule) ? rule["Assign"] : undefined;
      return isObject(assign) ? Object.keys(assign).map((name) => name.replace(/\.\$$/, "")) : [];
    });
  });
}

/** The flows written in a state, each with its place in it. */
function innerFlowsOf(state: JsonObject): [Json | undefined, string][] {
  if (state["Type"] === "Parallel")
    return list(state["Branches"]).map((branch, index) => [branch, `Branches[${index}]`]);
  if (state["Type"] !== "Map") return [];
  return state["ItemProcessor"] === undefined && state["Iterator"] !== undefined
    ? [[state["Iterator"], "Iterator"]]
    : [[state["ItemProcessor"], "ItemProcessor"]];
}
