/** Writes answers, and errors that occur before a service's protocol is known. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AwsError } from "../ports/aws-error.ts";
import type { WireResponse } from "./protocols/protocol.ts";
import { escapeXml } from "./protocols/text-values.ts";

export function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body); // text goes out in one write with the headers, bytes in a second
}

/**
 * Answers of one turn of the event loop, written one after the other at its end. Whoever waits for several is woken once and not between
 * any two of them, which costs a busy server more than an answer does.
 */
export interface Outbox {
  send(response: ServerResponse, answer: WireResponse): void;
}

export function createOutbox(): Outbox {
  let waiting: (readonly [ServerResponse, WireResponse])[] = [];
  const empty = () => {
    const due = waiting;
    waiting = [];
    for (const [response, answer] of due) send(response, answer);
  };
  return {
    send(response, answer) {
      if (waiting.push([response, answer]) === 1) setImmediate(empty);
    },
  };
}

/** An error without a service: as JSON for clients that sent JSON, as the query protocol or S3 writes it otherwise. */
export function plainError(request: IncomingMessage, error: AwsError, requestId: string): WireResponse {
  const contentType = request.headers["content-type"] ?? "";
  const headers = { "x-amzn-requestid": requestId, "x-amz-request-id": requestId };
  if (request.headers["x-amz-target"] !== undefined || contentType.includes("json")) {
    return {
      status: error.status,
      headers: { ...headers, "content-type": "application/json", "x-amzn-errortype": error.name },
      body: JSON.stringify({ __type: error.name, message: error.message }),
    };
  }
  const xml = contentType.includes("form-urlencoded") ? queryError(error, requestId) : s3Error(error, requestId);
  const body = request.method === "HEAD" ? "" : `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
  return { status: error.status, headers: { ...headers, "content-type": "application/xml" }, body };
}

const codeAndMessage = ({ name, message }: AwsError): string =>
  `<Code>${escapeXml(name)}</Code><Message>${escapeXml(message)}</Message>`;

const s3Error = (error: AwsError, requestId: string): string =>
  `<Error>${codeAndMessage(error)}<RequestId>${requestId}</RequestId></Error>`;

const queryError = (error: AwsError, requestId: string): string =>
  `<ErrorResponse><Error>${codeAndMessage(error)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
