/** One S3 request over HTTP: find the operation, ask IAM, decode, run, encode. The thin shell around the pure parts. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { CallContext } from "../../cloud/ports/service.ts";
import type { Clock } from "../../cloud/ports/clock.ts";
import type { Guard } from "../guard.ts";
import { S3Error, notImplemented } from "../errors.ts";
import type { S3Operations } from "../operations.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeResponse, errorDocument, type Encoded } from "./encode-response.ts";
import { wireOperations } from "./operation-schemas.ts";
import { assertUnexpired } from "./presigned.ts";
import { createRouter, parseTarget, type Router } from "./route.ts";

export interface ServeDeps {
  readonly operations: S3Operations;
  readonly guard: Guard;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

export type Serve = (request: IncomingMessage, response: ServerResponse, context: CallContext) => Promise<void>;

const hostIdOf = (requestId: string) => createHash("sha256").update(requestId).digest("base64");

async function answer(
  deps: ServeDeps,
  router: Router,
  request: IncomingMessage,
  context: CallContext,
): Promise<Encoded> {
  const target = parseTarget(request.url ?? "/", request.headers.host);
  assertUnexpired(target.query, deps.clock.now());
  const wire = router.find(request.method ?? "GET", target, request.headers);
  const operation = deps.operations[wire.name];
  if (!operation) throw notImplemented(wire.name);
  const input = await decodeRequest(wire, target, request);
  const output = await deps.guard.run(wire.name, input, context, operation);
  return encodeResponse(wire, (output ?? {}) as Record<string, unknown>);
}

/** What goes out for an error; anything that is not an AwsError is our bug and shows as an InternalError with the id. */
function refusal(error: unknown, deps: ServeDeps, request: IncomingMessage, context: CallContext): Encoded {
  if (!(error instanceof AwsError) && !request.errored)
    deps.log(`s3: ${request.method} failed, request ${context.requestId}: ${(error as Error)?.stack ?? String(error)}`);
  const known =
    error instanceof AwsError
      ? error
      : new S3Error("InternalError", "We encountered an internal error. Please try again.", { status: 500 });
  const headers = known instanceof S3Error ? known.headers : {};
  if (request.method === "HEAD" || known.status === 304) return { status: known.status, headers, body: "" };
  const resource = (request.url ?? "/").split("?", 1)[0] ?? "/";
  const body = errorDocument(known, { requestId: context.requestId, hostId: hostIdOf(context.requestId), resource });
  return { status: known.status, headers: { ...headers, "content-type": "application/xml" }, body };
}

async function send(
  encoded: Encoded,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const { status, headers, body } = encoded;
  const ids = { "x-amz-request-id": requestId, "x-amz-id-2": hostIdOf(requestId), server: "AmazonS3" };
  response.writeHead(status, { ...ids, ...headers, ...lengthHeader(encoded, request) });
  if (body instanceof Readable) return pipeline(body, response);
  await new Promise<void>((resolve) => response.end(body, () => resolve()));
}

function lengthHeader({ status, headers, body }: Encoded, request: IncomingMessage): Record<string, string> {
  if (headers["content-length"] !== undefined || status === 204 || status === 304) return {};
  if (typeof body !== "string" || request.method === "HEAD") return {};
  return { "content-length": String(Buffer.byteLength(body)) };
}

export function createServe(deps: ServeDeps): Serve {
  const router = createRouter(wireOperations(), new Set(Object.keys(deps.operations)));
  return async (request, response, context) => {
    const done = deps.clock.busy();
    try {
      const encoded = await answer(deps, router, request, context).catch((error: unknown) =>
        refusal(error, deps, request, context),
      );
      request.resume(); // what a refusal left unread, so that the client reads the answer and the connection lives on
      await send(encoded, request, response, context.requestId);
    } catch (error) {
      // The client went away or a file failed in mid-answer: the status is out, only the connection can tell.
      deps.log(`s3: an answer broke off, request ${context.requestId}: ${String(error)}`);
      response.destroy();
    } finally {
      done();
    }
  };
}
