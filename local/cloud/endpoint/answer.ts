/** Writes answers, and errors that occur before a service's protocol is known. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AwsError } from "../ports/aws-error.ts";
import type { WireResponse } from "./protocols/protocol.ts";
import { escapeXml } from "./protocols/text-values.ts";

export function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  if (response.destroyed || response.headersSent) return;
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  response.writeHead(status, { ...headers, "content-length": bytes.byteLength });
  response.end(bytes);
}

/** An error without a service: as JSON for clients that sent JSON, else as S3 writes it. */
export function plainError(request: IncomingMessage, error: AwsError, requestId: string): WireResponse {
  const speaksJson =
    request.headers["x-amz-target"] !== undefined || /json/.test(request.headers["content-type"] ?? "");
  const headers = { "x-amzn-requestid": requestId, "x-amz-request-id": requestId };
  if (speaksJson) {
    return {
      status: error.status,
      headers: { ...headers, "content-type": "application/json", "x-amzn-errortype": error.name },
      body: JSON.stringify({ __type: error.name, message: error.message }),
    };
  }
  const body =
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(error.name)}</Code>` +
    `<Message>${escapeXml(error.message)}</Message><RequestId>${requestId}</RequestId></Error>`;
  const isHead = request.method === "HEAD";
  return { status: error.status, headers: { ...headers, "content-type": "application/xml" }, body: isHead ? "" : body };
}
