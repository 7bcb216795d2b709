/**
 * Checks an operation's input against the service's model, in AWS's order and words: first the types
 * (SerializationException, the first fault only), then all broken constraints in one message.
 *
 * Input is in the domain's form (ports/service.ts): wire member names, Date, Uint8Array. `undefined` and null are absent.
 */
import { AwsError } from "../ports/aws-error.ts";
import type { ServiceId } from "../ports/service.ts";
import { brokenConstraints, isPlainObject, mustNotBeNull, printed } from "./constraints.ts";
import { membersOf, type Model, operationOf, type Shape, shapeOf } from "./model.ts";
import { isDate } from "./timestamps.ts";

/** How services call a broken constraint, where it is not ValidationException. */
const constraintErrors: Partial<Record<ServiceId, string>> = {
  personalize: "InvalidInputException",
  "personalize-runtime": "InvalidInputException",
  "personalize-events": "InvalidInputException",
  logs: "InvalidParameterException",
  monitoring: "ValidationError",
  sns: "ValidationError",
  sts: "ValidationError",
  iam: "ValidationError",
};

/** Throws an AwsError named as this service names it; returns when the input may be handed to the operation. */
export function validateInput(model: Model, operation: string, input: unknown): void {
  const { input: name } = operationOf(model, operation);
  if (name === undefined) return;
  const shape = shapeOf(model, name);
  const value = input ?? {};
  const mistyped = typeFault(model, shape, value);
  if (mistyped !== undefined) throw new AwsError("SerializationException", mistyped);
  const faults = constraintFaults(model, shape, value, "");
  if (faults.length === 0) return;
  const heading = `${faults.length} validation error${faults.length === 1 ? "" : "s"} detected: `;
  throw new AwsError(constraintErrors[model.service] ?? "ValidationException", heading + faults.join("; "));
}

/** The first value of a wrong type, in the words of the services' JSON parser. */
function typeFault(model: Model, shape: Shape, value: unknown): string | undefined {
  if (value === undefined || value === null || shape.document) return undefined;
  if (shape.type === "structure") return structureFault(model, shape, value);
  if (shape.type === "list" || shape.type === "map") return collectionFault(model, shape, value);
  const [javaType, accepts] = scalarTypes[shape.type];
  if (accepts(value)) return undefined;
  if (Array.isArray(value)) return `Unrecognized collection type class java.lang.${javaType}`;
  if (isPlainObject(value)) return "Start of structure or map found where not expected";
  if (shape.type === "blob") return "only base-64-encoded strings are convertible to bytes";
  if (shape.type === "boolean" && typeof value === "string") return "Unexpected token received from parser";
  return `${tokenOf(value)} cannot be converted to ${javaType}`;
}

function structureFault(model: Model, shape: Shape, value: unknown): string | undefined {
  if (!isPlainObject(value)) return Array.isArray(value) ? "Start of list found where not expected" : unexpectedField;
  for (const [name, use] of membersOf(shape)) {
    if (use.streaming) continue; // a body: text, bytes or a stream
    const fault = typeFault(model, shapeOf(model, use.shape), value[name]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function collectionFault(model: Model, shape: Shape, value: unknown): string | undefined {
  const isList = shape.type === "list";
  if (isList !== Array.isArray(value) || !(isList || isPlainObject(value))) {
    if (Array.isArray(value)) return "Start of list found where not expected";
    return isPlainObject(value) ? "Start of structure or map found where not expected" : unexpectedField;
  }
  const inner = shapeOf(model, (isList ? shape.member : shape.value)?.shape ?? "");
  for (const member of Object.values(value as object) as unknown[]) {
    const fault = typeFault(model, inner, member);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const unexpectedField = "Unexpected field type";
const isText = (value: unknown) => typeof value === "string";
const isWhole = (value: unknown) => Number.isSafeInteger(value);
const isNumber = (value: unknown) => typeof value === "number";

/** Java's name of each scalar type, and which domain values are one. */
const scalarTypes: Record<
  Exclude<Shape["type"], "structure" | "list" | "map">,
  [string, (value: unknown) => boolean]
> = {
  string: ["String", isText],
  character: ["Character", isText],
  integer: ["Integer", (value) => isWhole(value) && Math.abs(value as number) <= 2 ** 31],
  long: ["Long", isWhole],
  float: ["Float", isNumber],
  double: ["Double", isNumber],
  boolean: ["Boolean", (value) => typeof value === "boolean"],
  timestamp: ["Date", (value) => isDate(value) && !Number.isNaN(value.getTime())],
  blob: ["ByteBuffer", (value) => ArrayBuffer.isView(value)],
};

function tokenOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "TRUE_VALUE" : "FALSE_VALUE";
  if (typeof value === "number") return Number.isInteger(value) ? "NUMBER_VALUE" : "DECIMAL_VALUE";
  return "STRING_VALUE";
}

/** Every broken constraint at and below a value whose types are right. */
function constraintFaults(model: Model, shape: Shape, value: unknown, path: string): string[] {
  if (value === undefined || value === null || shape.document) return [];
  const own = brokenConstraints(shape, value).map((sentence) => fault(value, path, sentence));
  if (shape.type === "structure") return [...own, ...memberFaults(model, shape, value, path)];
  if (shape.type === "list") return [...own, ...listFaults(model, shape, value as unknown[], path)];
  if (shape.type === "map") return [...own, ...mapFaults(model, shape, value, path)];
  return own;
}

function memberFaults(model: Model, shape: Shape, value: object, path: string): string[] {
  return membersOf(shape).flatMap(([name, use]) => {
    const member = (value as Record<string, unknown>)[name];
    const memberPath = joined(path, name);
    if (use.streaming) return [];
    if (member !== undefined && member !== null) {
      return constraintFaults(model, shapeOf(model, use.shape), member, memberPath);
    }
    const isMissing = shape.required?.includes(name) && !use.idempotencyToken;
    return isMissing ? [`Value null at '${memberPath}' failed to satisfy constraint: ${mustNotBeNull}`] : [];
  });
}

/** Structures in a list are addressed one by one, counted from 1; scalars are the list's own constraint. */
function listFaults(model: Model, shape: Shape, list: readonly unknown[], path: string): string[] {
  const inner = shapeOf(model, shape.member?.shape ?? "");
  if (isNested(inner)) {
    return list.flatMap((member, index) => constraintFaults(model, inner, member, `${path}.${index + 1}.member`));
  }
  return scalarFaults(inner, list).map((all) => fault(list, path, `Member must satisfy constraint: [${all}]`));
}

function mapFaults(model: Model, shape: Shape, map: object, path: string): string[] {
  const [key, inner] = [shapeOf(model, shape.key?.shape ?? ""), shapeOf(model, shape.value?.shape ?? "")];
  const faults = scalarFaults(key, Object.keys(map)).map((all) =>
    fault(map, path, `Map keys must satisfy constraint: [${all}]`),
  );
  if (isNested(inner)) {
    const entries = Object.entries(map) as [string, unknown][];
    return [...faults, ...entries.flatMap(([name, m]) => constraintFaults(model, inner, m, `${path}.${name}.member`))];
  }
  const broken = scalarFaults(inner, Object.values(map));
  return [...faults, ...broken.map((all) => fault(map, path, `Map value must satisfy constraint: [${all}]`))];
}

/** All constraints of a scalar shape, in one text, when any of the values breaks one; as the services print it. */
function scalarFaults(shape: Shape, values: readonly unknown[]): string[] {
  if (!values.some((value) => brokenConstraints(shape, value).length > 0)) return [];
  const { max, min, pattern } = shape;
  const what = shape.type === "string" ? "length" : "value";
  const all = [
    max !== undefined && `Member must have ${what} less than or equal to ${max}`,
    min !== undefined && `Member must have ${what} greater than or equal to ${min}`,
    pattern !== undefined && `Member must satisfy regular expression pattern: ${pattern}`,
    shape.enum && `Member must satisfy enum value set: [${shape.enum.join(", ")}]`,
  ];
  return [all.filter((sentence) => typeof sentence === "string").join(", ")];
}

function isNested(shape: Shape): boolean {
  return shape.type === "structure" || shape.type === "list" || shape.type === "map";
}

function fault(value: unknown, path: string, sentence: string): string {
  return `Value '${printed(value)}' at '${path}' failed to satisfy constraint: ${sentence}`;
}

/** The services name members as their Java classes do: first letter small. */
function joined(path: string, name: string): string {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  return path === "" ? member : `${path}.${member}`;
}
