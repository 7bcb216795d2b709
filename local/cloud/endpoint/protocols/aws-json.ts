/** AWS JSON 1.0 and 1.1: every call is POST /, the operation in X-Amz-Target, members in a JSON object. */
import { readJson, jsonTextOf } from "../../models/compiled.ts";
import { encode, jsonDialect } from "../../models/convert.ts";
import { hasOperation, type Model, operationOf } from "../../models/model.ts";
import type { WireError } from "../../models/wire-errors.ts";
import { AwsError } from "../../ports/aws-error.ts";
import { unknownOperation } from "../aws-calls.ts";
import type { Protocol, WireRequest } from "./protocol.ts";

export const awsJson: Protocol = {
  decode(model, request) {
    const operation = (request.headers["x-amz-target"] ?? "").split(".")[1] ?? "";
    if (!hasOperation(model, operation)) throw unknownOperation(model, operation);
    const { input } = operationOf(model, operation);
    const body = parseJsonObject(request);
    return { operation, ...(input === undefined ? { input: {} } : readJson(model, input, body)) };
  },
  encode(model, operation, output, requestId) {
    const { output: shape } = operationOf(model, operation);
    const body = shape === undefined ? "{}" : jsonTextOf(model, shape, output ?? {});
    return { status: 200, headers: headers(model, requestId), body };
  },
  encodeError(model, error, requestId) {
    const body = { __type: error.name, ...errorMembers(model, error), [error.messageMember]: error.message };
    const compatible = model.metadata.protocols?.includes("query") ? queryErrorHeader(error) : {};
    return {
      status: error.status,
      headers: { ...headers(model, requestId), "x-amzn-errortype": error.name, ...compatible },
      body: JSON.stringify(body),
    };
  },
};

function headers(model: Model, requestId: string): Record<string, string> {
  return {
    "content-type": `application/x-amz-json-${model.metadata.jsonVersion ?? "1.1"}`,
    "x-amzn-requestid": requestId,
  };
}

/** Services that once spoke the query protocol say its error code too; the SDKs go by it. */
export function queryErrorHeader(error: WireError): Record<string, string> {
  return { "x-amzn-query-error": `${error.code};${error.isServerFault ? "Receiver" : "Sender"}` };
}

/** The members of an exception beside its message, converted by its shape where the model has one. */
export function errorMembers(model: Model, error: WireError): Record<string, unknown> {
  if (!error.shape) return { ...error.details };
  return encode(model, { shape: error.name }, error.details, jsonDialect) as Record<string, unknown>; // a structure stays one
}

/** The body as JSON; an empty body is an empty object. */
export function parseJsonObject({ body }: WireRequest): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch (error) {
    throw new AwsError("SerializationException", `The body is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
