/** From a request line to a bucket, a key and an operation; pure. */
import { S3Error } from "../errors.ts";
import type { WireOperation } from "./operation-schemas.ts";

export interface Target {
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly query: URLSearchParams;
}

export interface Router {
  /** Throws MethodNotAllowed where S3 has no such operation. */
  find(method: string, target: Target, headers: Readonly<Record<string, unknown>>): WireOperation;
}

/** `bucket.s3.amazonaws.com`, `bucket.s3.eu-west-1.amazonaws.com`, `bucket.s3.localhost`, `bucket.localhost`. */
const virtualHost =
  /^(?<bucket>[a-z0-9][a-z0-9.-]*?)\.(?:s3[.-](?:[a-z0-9.-]+\.)?(?:amazonaws\.com|localhost(?:\.[a-z.]+)?)|localhost)$/i;
const serviceHost = /^s3[.-]?[a-z0-9-]*$/i;

function bucketOfHost(host: string | undefined): string | undefined {
  const name = host?.replace(/:\d+$/, "") ?? "";
  const bucket = virtualHost.exec(name)?.groups?.bucket;
  return bucket !== undefined && !serviceHost.test(bucket) ? bucket : undefined;
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new S3Error("InvalidURI", "Couldn't parse the specified URI.", { details: { URI: text }, cause });
  }
}

/** @param url path and query as they came; @param host the Host header. */
export function parseTarget(url: string, host: string | undefined): Target {
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1).replaceAll("+", "%2B"));
  const hosted = bucketOfHost(host);
  const rest = path.replace(/^\//, "");
  const slash = hosted === undefined ? rest.indexOf("/") : -1;
  const bucket = hosted ?? decodePath(slash < 0 ? rest : rest.slice(0, slash));
  const key = hosted === undefined ? (slash < 0 ? "" : rest.slice(slash + 1)) : rest;
  return { bucket: bucket === "" ? undefined : bucket, key: key === "" ? undefined : decodePath(key), query };
}

/** How closely a request fits: the number of its marks that the operation asks for, or -1 where one is missing. */
function fit(operation: WireOperation, query: URLSearchParams, headers: Readonly<Record<string, unknown>>): number {
  const { literals, requiredQuery, requiredHeaders } = operation;
  const literalsHold = literals.every(([name, value]) => (value === "" ? query.has(name) : query.get(name) === value));
  if (!literalsHold || !requiredQuery.every((name) => query.has(name))) return -1;
  if (!requiredHeaders.every((name) => headers[name] !== undefined)) return -1;
  return literals.length + requiredQuery.length + requiredHeaders.length;
}

/** @param served names of the operations that exist here; where two fit alike, one of them wins. */
export function createRouter(operations: readonly WireOperation[], served: ReadonlySet<string>): Router {
  return {
    find: (method, { bucket, key, query }, headers) => {
      const level = key !== undefined ? "object" : bucket !== undefined ? "bucket" : "account";
      let best: WireOperation | undefined;
      let bestFit = -1;
      for (const operation of operations) {
        if (operation.method !== method || operation.level !== level) continue;
        const value = fit(operation, query, headers) + (served.has(operation.name) ? 0.5 : 0);
        if (value >= 0 && value > bestFit) [best, bestFit] = [operation, value];
      }
      if (best) return best;
      throw new S3Error("MethodNotAllowed", "The specified method is not allowed against this resource.", {
        status: 405,
        details: {
          Method: method,
          ResourceType: level === "object" ? "OBJECT" : level === "bucket" ? "BUCKET" : "SERVICE",
        },
      });
    },
  };
}
