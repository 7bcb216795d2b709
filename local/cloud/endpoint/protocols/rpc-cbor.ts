/** Smithy RPC v2 CBOR: POST /service/<Service>/operation/<Operation>, bodies in CBOR. CloudWatch's first choice. */
import { cbor, dateToTag } from "@smithy/core/cbor";
import { decode, type Dialect, encode } from "../../models/convert.ts";
import { hasOperation, operationOf } from "../../models/model.ts";
import { parseTimestamp } from "../../models/timestamps.ts";
import { AwsError } from "../../ports/aws-error.ts";
import { unknownOperation } from "../aws-calls.ts";
import { errorMembers, queryErrorHeader } from "./aws-json.ts";
import type { Protocol } from "./protocol.ts";

export const rpcCborPath = /^\/service\/([^/]+)\/operation\/([^/]+)$/;

/** Times are tag 1 (epoch seconds); bytes are CBOR's own. */
const cborDialect: Dialect = {
  memberKey: (name) => name,
  readTime: (value) => parseTimestamp((value as { value?: unknown } | null)?.value ?? value),
  writeTime: (date) => dateToTag(date),
  readBytes: (value) => value,
  writeBytes: (bytes) => bytes,
};

export const rpcCbor: Protocol = {
  decode(model, request) {
    const operation = rpcCborPath.exec(request.path)?.[2] ?? "";
    if (!hasOperation(model, operation)) throw unknownOperation(model, operation);
    const { input } = operationOf(model, operation);
    const body = parseCbor(request.body);
    return { operation, input: input === undefined ? {} : decode(model, input, body, cborDialect) };
  },
  encode(model, operation, output, requestId) {
    const { output: shape } = operationOf(model, operation);
    const body = shape === undefined ? {} : encode(model, { shape }, output ?? {}, cborDialect);
    return { status: 200, headers: headers(requestId), body: bytesOf(body) };
  },
  encodeError(model, error, requestId) {
    const body = { __type: error.name, ...errorMembers(model, error), [error.messageMember]: error.message };
    return {
      status: error.status,
      headers: { ...headers(requestId), ...queryErrorHeader(error) },
      body: bytesOf(body),
    };
  },
};

function headers(requestId: string): Record<string, string> {
  return { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor", "x-amzn-requestid": requestId };
}

/** A copy: the encoder reuses its buffer for the next message. */
function bytesOf(value: unknown): Uint8Array {
  return Uint8Array.from(cbor.serialize(value));
}

function parseCbor(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return cbor.deserialize(body) as unknown;
  } catch (error) {
    throw new AwsError("SerializationException", `The body is not CBOR: ${String(error)}`, { cause: error });
  }
}
