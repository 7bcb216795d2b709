/** REST-JSON: the operation is in method and path, members in labels, query, headers and a JSON body. */
import { decode, encode, jsonDialect } from "../../models/convert.ts";
import { readJson, jsonTextOf } from "../../models/compiled.ts";
import { membersOf, type Model, operationOf, type Shape, shapeOf, type ShapeUse } from "../../models/model.ts";
import { isPlainObject } from "../../models/constraints.ts";
import { unknownOperation } from "../aws-calls.ts";
import { errorMembers, parseJsonObject } from "./aws-json.ts";
import { routeOperation } from "./path-template.ts";
import type { Protocol, WireRequest } from "./protocol.ts";
import { formatText, parseText } from "./text-values.ts";

export const restJson: Protocol = {
  decode(model, request) {
    const route = routeOperation(model, request.method, request.path);
    if (!route) throw unknownOperation(model, "");
    const { input } = operationOf(model, route.operation);
    if (input === undefined) return { operation: route.operation, input: {} };
    const shape = shapeOf(model, input);
    if (isAllBody(shape)) return { operation: route.operation, ...readJson(model, input, parseJsonObject(request)) };
    const body = readBody(model, input, shape, request);
    return { operation: route.operation, input: readBindings(model, shape, request, route.labels, body) };
  },
  encode(model, operation, output, requestId) {
    const { output: name, http } = operationOf(model, operation);
    const shape: Shape = name === undefined ? { type: "structure" } : shapeOf(model, name);
    const value = isPlainObject(output) ? output : {};
    const status = membersOf(shape).find(([, use]) => use.location === "statusCode")?.[0];
    return {
      status: Number((status === undefined ? undefined : value[status]) ?? http.responseCode ?? 200),
      headers: { "content-type": "application/json", "x-amzn-requestid": requestId, ...writeHeaders(shape, value) },
      body: name !== undefined && isAllBody(shape) ? jsonTextOf(model, name, value) : writeBody(model, shape, value),
    };
  },
  encodeError(model, error, requestId) {
    return {
      status: error.status,
      headers: {
        "content-type": "application/json",
        "x-amzn-requestid": requestId,
        "x-amzn-errortype": error.name,
      },
      body: JSON.stringify({ ...errorMembers(model, error), [error.messageMember]: error.message }),
    };
  },
};

/** The members that are in the body; a value that is no object when the body is none. */
function readBody(model: Model, input: string, shape: Shape, request: WireRequest): unknown {
  if (shape.payload !== undefined) return { [shape.payload]: readPayload(model, shape, request) };
  const hasBodyMembers = membersOf(shape).some(([, use]) => use.location === undefined);
  return hasBodyMembers ? decode(model, input, parseJsonObject(request), jsonDialect) : {};
}

function readPayload(model: Model, shape: Shape, request: WireRequest): unknown {
  const use = shape.members?.[shape.payload ?? ""];
  if (!use || request.body.length === 0) return undefined;
  const { type } = shapeOf(model, use.shape);
  if (type === "blob") return request.body;
  if (type === "string") return request.body.toString("utf8");
  return decode(model, use.shape, parseJsonObject(request), jsonDialect);
}

function readBindings(
  model: Model,
  shape: Shape,
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
  body: unknown,
): unknown {
  if (!isPlainObject(body)) return body;
  const query = new URLSearchParams(request.query);
  const input = { ...body };
  for (const [name, use] of membersOf(shape)) {
    if (use.location === undefined) continue;
    const value = readBinding(model, use, use.locationName ?? name, { labels, query, headers: request.headers });
    if (value === undefined) delete input[name];
    else input[name] = value;
  }
  return input;
}

interface Bindings {
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: WireRequest["headers"];
}

function readBinding(model: Model, use: ShapeUse, key: string, { labels, query, headers }: Bindings): unknown {
  const shape = shapeOf(model, use.shape);
  if (use.location === "uri") return labels[key];
  if (use.location === "headers") return readPrefixedHeaders(headers, key.toLowerCase());
  if (use.location === "header") {
    const text = headers[key.toLowerCase()];
    return text === undefined ? undefined : parseText(shape, text);
  }
  const texts = query.getAll(key);
  if (texts.length === 0) return undefined;
  if (shape.type !== "list") return parseText(shape, texts[0] ?? "");
  const inner = shapeOf(model, shape.member?.shape ?? "");
  return texts.map((text) => parseText(inner, text));
}

function readPrefixedHeaders(headers: WireRequest["headers"], prefix: string): Record<string, string> | undefined {
  const found = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(prefix) && value !== undefined ? [[name.slice(prefix.length), value] as const] : [],
  );
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

function writeHeaders(shape: Shape, value: Record<string, unknown>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, use] of membersOf(shape)) {
    const member = value[name];
    if (use.location === "header" && member !== undefined && member !== null) {
      headers[(use.locationName ?? name).toLowerCase()] = formatText(member, use.timestampFormat ?? "rfc822");
    }
  }
  return headers;
}

const isAllBody = (shape: Shape): boolean =>
  shape.payload === undefined && membersOf(shape).every(([, use]) => use.location === undefined);

function writeBody(model: Model, shape: Shape, value: Record<string, unknown>): string | Uint8Array {
  if (shape.payload !== undefined) {
    const payload = value[shape.payload];
    if (payload === undefined || payload === null) return "";
    if (typeof payload === "string" || payload instanceof Uint8Array) return payload;
    const use = shape.members?.[shape.payload];
    return use ? JSON.stringify(encode(model, use, payload, jsonDialect)) : "";
  }
  const inBody = membersOf(shape).filter(([name, use]) => use.location === undefined && value[name] !== undefined);
  const members = inBody.map(([name, use]) => [use.locationName ?? name, encode(model, use, value[name], jsonDialect)]);
  return JSON.stringify(Object.fromEntries(members));
}
