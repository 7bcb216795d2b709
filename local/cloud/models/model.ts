/**
 * A service's official model, reduced (see reduce.py): its operations, shapes and errors. Read-only; everything that the
 * endpoint knows about a particular operation, it knows from here.
 */
import type { ServiceId } from "../ports/service.ts";
import type { CompiledShapes } from "./compiled.ts";

export type Protocol = "json" | "rest-json" | "rest-xml" | "query" | "smithy-rpc-v2-cbor";
export type TimestampFormat = "unixTimestamp" | "iso8601" | "rfc822";

/** A use of a shape: as a structure's member, a list's member, a map's key or value. */
export interface ShapeUse {
  readonly shape: string;
  readonly location?: "uri" | "querystring" | "header" | "headers" | "statusCode";
  readonly locationName?: string;
  readonly flattened?: boolean;
  readonly timestampFormat?: TimestampFormat;
  readonly streaming?: boolean;
  readonly jsonvalue?: boolean;
  readonly idempotencyToken?: boolean;
}

export interface Shape {
  readonly type:
    | "structure"
    | "list"
    | "map"
    | "string"
    | "character"
    | "integer"
    | "long"
    | "float"
    | "double"
    | "boolean"
    | "timestamp"
    | "blob";
  readonly members?: Readonly<Record<string, ShapeUse>>;
  /** `members` as pairs; loadModel lists them once, as every request walks them several times. */
  readonly memberList?: readonly (readonly [string, ShapeUse])[];
  readonly required?: readonly string[];
  readonly member?: ShapeUse;
  readonly key?: ShapeUse;
  readonly value?: ShapeUse;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  /** `pattern` ready to be tested; loadModel makes it once. */
  readonly matcher?: RegExp;
  /** The member that is the whole HTTP body. */
  readonly payload?: string;
  readonly flattened?: boolean;
  readonly locationName?: string;
  readonly timestampFormat?: TimestampFormat;
  readonly exception?: boolean;
  readonly fault?: boolean;
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number; readonly senderFault?: boolean };
  readonly union?: boolean;
  readonly streaming?: boolean;
  readonly eventstream?: boolean;
  /** Any JSON value. */
  readonly document?: boolean;
}

export interface OperationModel {
  readonly input?: string;
  readonly output?: string;
  readonly resultWrapper?: string;
  readonly errors: readonly string[];
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
}

export interface Model {
  readonly service: ServiceId;
  readonly metadata: {
    readonly protocol: Protocol;
    readonly protocols?: readonly Protocol[];
    readonly jsonVersion?: string;
    readonly targetPrefix?: string;
    readonly apiVersion: string;
    /** The SDKs' name of the service, e.g. "Personalize Runtime". */
    readonly serviceId: string;
    readonly serviceFullName: string;
    readonly signingName?: string;
    readonly endpointPrefix: string;
    readonly xmlNamespace?: string;
  };
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
  /** "POST /events" -> "PutEvents", of paths without labels; loadModel lists them. */
  readonly literalPaths?: ReadonlyMap<string, string>;
  /** The shapes as functions; loadModel makes them. */
  readonly compiled?: CompiledShapes;
}

/** The whole text has to match, as in the services' Java, whether or not the model's pattern has anchors. */
export function matcherOf(pattern: string): RegExp {
  const source = `^(?:${pattern})$`;
  try {
    return new RegExp(source, "u");
  } catch {
    return new RegExp(source); // three patterns of the models escape what the "u" flag forbids to escape
  }
}

/** The shape of that name. A name that the model uses and does not define is our generator's bug. */
export function shapeOf(model: Model, name: string): Shape {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`The model of ${model.service} has no shape ${name}: run local/cloud/models/reduce.py`);
  return shape;
}

export function hasOperation(model: Model, operation: string): boolean {
  return Object.hasOwn(model.operations, operation);
}

/** The operation of that name. Callers ask `hasOperation` first where the name comes from outside. */
export function operationOf(model: Model, operation: string): OperationModel {
  const found = hasOperation(model, operation) ? model.operations[operation] : undefined;
  if (!found) throw new Error(`The model of ${model.service} has no operation ${operation}`);
  return found;
}

/** A structure's members as [name, use] pairs, in the model's order. */
export function membersOf(shape: Shape): readonly (readonly [string, ShapeUse])[] {
  return shape.memberList ?? Object.entries(shape.members ?? {});
}
