/**
 * The HTTP front of the embedded cloud, on loopback: one port for all services.
 *
 * Invariants
 *   E1  A request holds the clock from its first byte to the end of its answer, except while a long poll waits.
 *   E2  Every answer carries its request id; what is no AwsError becomes a 500 without details, its stack in the log.
 *   E3  S3 gets its requests unread: it streams.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AwsError } from "../ports/aws-error.ts";
import { answerAws, type AwsAnswerDeps, type RequestHead } from "./answer-aws.ts";
import { createOutbox, plainError, send } from "./answer.ts";
import { internalFailure, stackOf } from "./aws-calls.ts";
import { refuseForeignPages } from "./browser-guard.ts";
import { ClientGone } from "./request-body.ts";

/** A route of Outrank's own beside the AWS services, e.g. the console. */
export interface InternalRoute {
  readonly method: string;
  /** Exact path, or a prefix when it ends in "*". All of them begin with /_, which no path of an AWS service does. */
  readonly path: string;
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
}

export interface EndpointDeps extends AwsAnswerDeps {
  readonly routes?: readonly InternalRoute[];
}

export interface Endpoint {
  /** Listens on 127.0.0.1; port 0 takes a free one. Resolves with the URL. */
  listen(port: number): Promise<string>;
  /** Lets requests in progress finish, long polls excepted. */
  close(): Promise<void>;
}

/** How paths begin that no AWS service has: Outrank's own, and those of HTTP APIs. */
const own = "/_";

const health: InternalRoute = {
  method: "GET",
  path: "/_outrank/health",
  handle: (_, response) =>
    send(response, { status: 200, headers: { "content-type": "application/json" }, body: '{"status":"ok"}' }),
};

/** Longer than any SDK keeps an idle connection, so that it is never us who close one that is about to be used. */
const keepAliveMilliseconds = 75_000;

export function createEndpoint(deps: EndpointDeps): Endpoint {
  const longPolls = new Set<ServerResponse>();
  const handle = createHandler(deps, longPolls);
  let isClosing = false;
  const server = createServer((request, response) => {
    response.on("finish", () => isClosing && request.socket.end()); // else the kept-alive connection would hold us
    void handle(request, response);
  });
  server.keepAliveTimeout = keepAliveMilliseconds;
  server.requestTimeout = 0; // an upload may take as long as it takes

  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once("error", (error: NodeJS.ErrnoException) => {
          const taken = `Port ${port} is in use: stop what listens there, or choose another with --port`;
          reject(error.code === "EADDRINUSE" ? new Error(taken, { cause: error }) : error);
        });
        server.listen(port, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
      }),
    close: () =>
      new Promise((resolve) => {
        isClosing = true;
        server.close(() => resolve());
        server.closeIdleConnections();
        for (const response of longPolls) response.destroy();
      }),
  };
}

/** Never rejects: whatever happens is answered here, or nobody is left to be answered. */
function createHandler(deps: EndpointDeps, longPolls: Set<ServerResponse>) {
  const routes = [health, ...(deps.routes ?? [])];
  const outbox = createOutbox();
  const routeFor = (head: RequestHead) =>
    routes.find(({ method, path }) => method === head.method && isAt(path, head.path));

  return async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const release = deps.clock.busy();
    const beginLongPoll = () => {
      longPolls.add(response);
      release();
    };
    response.on("close", () => {
      longPolls.delete(response);
      release();
    });
    const context = deps.calls.contextOf({ kind: "account" });
    try {
      refuseForeignPages(request.headers);
      const head = headOf(request);
      const route = head.path.startsWith(own) ? routeFor(head) : undefined;
      if (route) await route.handle(request, response);
      else await answerAws(deps, { request, response, head, context, outbox, beginLongPoll });
    } catch (error) {
      if (error instanceof ClientGone) return;
      if (!(error instanceof AwsError)) deps.log(`${context.requestId} ${request.url}: ${stackOf(error)}`);
      const known = error instanceof AwsError ? error : internalFailure(context.requestId, error);
      if (response.headersSent) response.destroy();
      else send(response, plainError(request, known, context.requestId));
    }
  };
}

function headOf(request: IncomingMessage): RequestHead {
  const { method = "GET", url = "/", rawHeaders } = request;
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? "" : url.slice(mark + 1);
  return { method, path, query, headers: textsOf(request.headers), signed: { method, path, query, rawHeaders } };
}

/** Node joins what was sent twice, all but cookies: only they come as a list. */
function textsOf(headers: IncomingHttpHeaders): Readonly<Record<string, string | undefined>> {
  const cookies = headers["set-cookie"];
  const texts = headers as Record<string, string | undefined>;
  return cookies ? { ...texts, "set-cookie": cookies.join(", ") } : texts;
}

function isAt(pattern: string, path: string): boolean {
  return pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}
