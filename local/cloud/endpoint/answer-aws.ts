/** Answers one request to an AWS API: finds its service, reads, authenticates, decodes, calls, encodes. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { describeError } from "../models/wire-errors.ts";
import { AwsError } from "../ports/aws-error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Credentials } from "../ports/credentials.ts";
import type { CallContext, ServiceId } from "../ports/service.ts";
import type { Outbox } from "./answer.ts";
import { authenticate, jsonNames } from "./authenticate.ts";
import { type EndpointCalls, internalFailure, isLongPoll, stackOf } from "./aws-calls.ts";
import { type Destination, destinationOf, mayBeUnsignedQuery, queryDestination } from "./destination.ts";
import { awsQuery } from "./protocols/aws-query.ts";
import type { Protocol, WireRequest } from "./protocols/protocol.ts";
import { readRequestBody } from "./request-body.ts";
import { findSignature, type Signature, type SignedRequest } from "./sigv4.ts";

/** Handles everything of S3, errors included; what it throws is a bug. */
export type S3Http = (request: IncomingMessage, response: ServerResponse, context: CallContext) => Promise<void>;

export interface AwsAnswerDeps {
  readonly calls: EndpointCalls;
  readonly s3Http: S3Http;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: RequestHead;
  readonly outbox: Outbox;
  /** With the request id; the caller in it is replaced by the one who signed. */
  readonly context: CallContext;
  /** Called when the operation is about to wait on the clock. */
  readonly beginLongPoll: () => void;
}

export type RequestHead = Omit<WireRequest, "body"> & { readonly signed: SignedRequest };

/** Throws AwsError for what goes wrong before the service is known. */
export async function answerAws(deps: AwsAnswerDeps, exchange: Exchange): Promise<void> {
  const { request, response, head, context } = exchange;
  const signature = findSignature(head.signed);
  const named = destinationOf(head, { modelOf: deps.calls.modelOf, scope: signature?.service });
  const isUnsignedQuery = !signature && named.kind === "s3" && mayBeUnsignedQuery(head);
  if (named.kind === "s3" && !isUnsignedQuery) {
    return deps.s3Http(request, response, { ...context, caller: callerOf(deps, head.signed, undefined) });
  }
  const { raw, body } = await readRequestBody(request);
  const { method, path, query, headers } = head;
  const wire: WireRequest = { method, path, query, headers, body };
  const destination = isUnsignedQuery ? queryDestination(wire) : named;
  if (destination.kind !== "service") throw unknownService(destination);
  const { service, protocol } = destination;
  await answerService(deps, exchange, { service, protocol, wire, raw, signature });
}

interface ServiceRequest {
  readonly service: ServiceId;
  readonly protocol: Protocol;
  readonly wire: WireRequest;
  readonly raw: Buffer;
  readonly signature: Signature | undefined;
}

async function answerService(
  deps: AwsAnswerDeps,
  exchange: Exchange,
  { service, protocol, wire, raw, signature }: ServiceRequest,
) {
  const { requestId, account, region } = exchange.context;
  const model = deps.calls.modelOf(service);
  let operation = "";
  try {
    const caller = callerOf(deps, exchange.head.signed, raw, signature);
    const decoded = protocol.decode(model, wire);
    operation = decoded.operation;
    if (isLongPoll(operation)) exchange.beginLongPoll();
    const output = await deps.calls.invoke(service, decoded, { caller, requestId, account, region });
    exchange.outbox.send(exchange.response, protocol.encode(model, operation, output, requestId));
  } catch (error) {
    if (!(error instanceof AwsError)) deps.log(`${requestId} ${service} ${operation}: ${stackOf(error)}`);
    const known = error instanceof AwsError ? inWordsOf(protocol, error) : internalFailure(requestId, error);
    exchange.outbox.send(exchange.response, protocol.encodeError(model, describeError(model, known), requestId));
  }
}

function callerOf(
  { credentials, clock }: AwsAnswerDeps,
  signed: SignedRequest,
  body: Uint8Array | undefined,
  signature?: Signature,
) {
  return authenticate({ credentials, now: clock.now }, signed, body, signature);
}

/** Faults of signatures have other names in the JSON protocols, and status 400. */
function inWordsOf(protocol: Protocol, error: AwsError): AwsError {
  const name = protocol === awsQuery ? undefined : jsonNames[error.name];
  return name === undefined ? error : new AwsError(name, error.message, { cause: error });
}

function unknownService(destination: Destination): AwsError {
  const name = destination.kind === "unknown" ? destination.name : "s3";
  const message = `This cloud has no service "${name}"; docs/support.md lists what it has`;
  return new AwsError("UnknownOperationException", message, { status: 501 });
}
