/** One state by itself: its fields, its language, its own rules. */
import { isObject, type Json, type JsonObject } from "../../json.ts";
import type { QueryLanguage, StateTypeName } from "../definition.ts";
import { parseTaskResource } from "../task-resource.ts";
import { checkExpressions } from "./check-expressions.ts";
import { checkPaths } from "./check-paths.ts";
import { checkRecovery } from "./check-recovery.ts";
import { fault, list, type Diagnostic, type Surroundings } from "./diagnostic.ts";
import { distributedMapFields, fieldsOf, isFieldOfOther, stateTypeNames } from "./fields.ts";

const longestStateName = 80;

export function checkState(name: string, state: JsonObject, location: string, around: Surroundings): Diagnostic[] {
  const { Type: type, QueryLanguage: own } = state;
  if (name.length > longestStateName)
    return [fault(location, `State name is longer than ${longestStateName} characters`)];
  if (!isStateType(type)) return [fault(`${location}/Type`, `Value must be one of: [${stateTypeNames.join(", ")}]`)];
  if (own !== undefined && own !== "JSONata" && own !== "JSONPath") {
    return [fault(`${location}/QueryLanguage`, "Value must be one of: [JSONPath, JSONata]")];
  }
  if (own === "JSONPath" && around.isMachineJsonata) {
    return [fault(location, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")];
  }
  const language = own ?? around.inherited;
  return [
    ...checkFields(type, state, language, location),
    ...checkMoving(type, state, location),
    ...checkByType(type, state, language, location),
    ...checkRecovery(state, language, location),
    ...(language === "JSONata" ? checkExpressions(type, state, location, around.outer) : checkPaths(state, location)),
  ];
}

const isStateType = (type: Json | undefined): type is StateTypeName =>
  typeof type === "string" && (stateTypeNames as readonly string[]).includes(type);

function checkFields(type: StateTypeName, state: JsonObject, language: QueryLanguage, location: string): Diagnostic[] {
  const known = fieldsOf(type, language);
  return Object.keys(state)
    .filter((field) => !known.has(field))
    .map((field) => fault(`${location}/${field}`, refusal(type, field, language)));
}

function refusal(type: StateTypeName, field: string, language: QueryLanguage): string {
  if (isFieldOfOther(type, language, field))
    return `Field '${field}' is not supported when QueryLanguage is '${language}'`;
  if (type === "Map" && distributedMapFields.has(field)) {
    return `Field '${field}' belongs to distributed Map states; the embedded cloud has inline Map states only`;
  }
  return "Field is not supported";
}

/** One of Next and End, where a state goes on by itself. */
function checkMoving(type: StateTypeName, state: JsonObject, location: string): Diagnostic[] {
  if (type === "Choice" || type === "Succeed" || type === "Fail") return [];
  const { Next: next, End: end } = state;
  if (next !== undefined && end !== undefined) return [fault(location, "Only one of [Next, End] is allowed")];
  if (next === undefined && end !== true) return [fault(location, "One of these fields is required: [Next, End]")];
  return [];
}

type TypeCheck = (state: JsonObject, language: QueryLanguage, location: string) => Diagnostic[];

const required =
  (field: string): TypeCheck =>
  (state, _language, location) =>
    state[field] === undefined ? [fault(location, `These fields are required: [${field}]`)] : [];

const byType: Partial<Record<StateTypeName, TypeCheck>> = {
  Task: checkTask,
  Choice: checkChoice,
  Wait: checkWait,
  Parallel: (state, _language, location) =>
    list(state["Branches"]).length > 0 ? [] : [fault(`${location}/Branches`, "Value must be a non-empty array")],
  Map: checkMap,
};

function checkByType(type: StateTypeName, state: JsonObject, language: QueryLanguage, location: string): Diagnostic[] {
  return byType[type]?.(state, language, location) ?? [];
}

function checkTask(state: JsonObject, language: QueryLanguage, location: string): Diagnostic[] {
  const { Resource: resource, TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  if (typeof resource !== "string") return required("Resource")(state, language, location);
  const unknown = parseTaskResource(resource)
    ? []
    : [
        fault(
          `${location}/Resource`,
          `The resource provided ${resource} is not recognized. It is no valid resource ARN, or no integration of the embedded cloud.`,
        ),
      ];
  const late =
    typeof timeout === "number" && typeof heartbeat === "number" && heartbeat >= timeout
      ? [fault(`${location}/HeartbeatSeconds`, "HeartbeatSeconds must be smaller than TimeoutSeconds")]
      : [];
  const limits = ["TimeoutSeconds", "HeartbeatSeconds"].filter(
    (field) => typeof state[field] === "number" && !(Number.isInteger(state[field]) && Number(state[field]) > 0),
  );
  return [
    ...unknown,
    ...late,
    ...limits.map((field) => fault(`${location}/${field}`, "Value must be a positive integer")),
  ];
}

function checkChoice(state: JsonObject, language: QueryLanguage, location: string): Diagnostic[] {
  const rules = list(state["Choices"]);
  if (rules.length === 0) return [fault(`${location}/Choices`, "Value must be a non-empty array")];
  return rules.flatMap((rule, index) => {
    const at = `${location}/Choices[${index}]`;
    if (!isObject(rule)) return [fault(at, "Value must be a JSON object")];
    const missing = ["Next", ...(language === "JSONata" ? ["Condition"] : [])].filter(
      (field) => rule[field] === undefined,
    );
    if (missing.length > 0) return [fault(at, `These fields are required: [${missing.join(", ")}]`)];
    const known = new Set(["Condition", "Next", "Assign", "Output", "Comment"]);
    return language === "JSONPath"
      ? []
      : Object.keys(rule)
          .filter((field) => !known.has(field))
          .map((field) => fault(`${at}/${field}`, "Field is not supported"));
  });
}

function checkWait(state: JsonObject, _language: QueryLanguage, location: string): Diagnostic[] {
  const given = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"].filter((field) => state[field] !== undefined);
  if (given.length !== 1)
    return [fault(location, "Exactly one of [Seconds, SecondsPath, Timestamp, TimestampPath] is required")];
  const { Seconds: seconds } = state;
  const isBad = typeof seconds === "number" && !(Number.isInteger(seconds) && seconds >= 0 && seconds <= 99_999_999);
  return isBad ? [fault(`${location}/Seconds`, "Value must be an integer from 0 to 99999999")] : [];
}

function checkMap(state: JsonObject, _language: QueryLanguage, location: string): Diagnostic[] {
  const processor = state["ItemProcessor"];
  const config = isObject(processor) ? processor["ProcessorConfig"] : undefined;
  if (isObject(config) && config["Mode"] !== undefined && config["Mode"] !== "INLINE") {
    return [fault(`${location}/ItemProcessor/ProcessorConfig/Mode`, "Only INLINE is supported by the embedded cloud")];
  }
  return [];
}
