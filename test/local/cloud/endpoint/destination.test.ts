import { describe, expect, it } from "@jest/globals";
import { destinationOf } from "../../../../local/cloud/endpoint/destination.ts";
import { loadModel } from "../../../../local/cloud/models/load-model.ts";
import type { ServiceId } from "../../../../local/cloud/ports/service.ts";

/** "service", "s3" or "unknown: name". */
function nameOf({ scope, method = "POST", path = "/", ...headers }: Request): string {
  const head = { method, path, query: "", headers: { host: "127.0.0.1:4566", ...headers } };
  const destination = destinationOf(head, { modelOf: loadModel, scope });
  if (destination.kind === "service") return destination.service satisfies ServiceId;
  return destination.kind === "unknown" ? `unknown: ${destination.name}` : destination.kind;
}
type Request = {
  scope?: string;
  method?: string;
  path?: string;
  host?: string;
  "x-amz-target"?: string;
  "smithy-protocol"?: string;
};

describe("a request is for", () => {
  it.each<{ why: string; request: Request; service: string }>([
    {
      why: "the target's service",
      request: { "x-amz-target": "AWSStepFunctions.ListStateMachines" },
      service: "states",
    },
    {
      why: "the target's, whatever was signed for",
      request: { scope: "s3", "x-amz-target": "Logs_20140328.X" },
      service: "logs",
    },
    {
      why: "a target nobody has",
      request: { "x-amz-target": "DynamoDB_20120810.GetItem" },
      service: "unknown: DynamoDB_20120810",
    },
    {
      why: "the RPC path's",
      request: { path: "/service/GraniteServiceVersion20100801/operation/X", "smithy-protocol": "rpc-v2-cbor" },
      service: "monitoring",
    },
    {
      why: "S3 by scope, even on another service's path",
      request: { scope: "s3", method: "GET", path: "/schedules" },
      service: "s3",
    },
    {
      why: "Personalize's runtime",
      request: { scope: "personalize", path: "/personalize-ranking" },
      service: "personalize-runtime",
    },
    {
      why: "Personalize's events",
      request: { scope: "personalize", path: "/action-interactions" },
      service: "personalize-events",
    },
    { why: "the scope's, by query", request: { scope: "sns" }, service: "sns" },
    { why: "a scope nobody has", request: { scope: "dynamodb" }, service: "unknown: dynamodb" },
    { why: "a name that every object has", request: { scope: "constructor" }, service: "unknown: constructor" },
    { why: "the host's first label", request: { host: "lambda.localhost:4566", path: "/x" }, service: "lambda" },
    {
      why: "a bucket before the host",
      request: { host: "shop.localhost:4566", method: "GET", path: "/schedules" },
      service: "s3",
    },
    { why: "an unsigned REST path", request: { path: "/2015-03-31/functions/a%3Ab/invocations" }, service: "lambda" },
    {
      why: "an unsigned REST path with a slash at the end",
      request: { method: "GET", path: "/schedules/" },
      service: "scheduler",
    },
    { why: "S3 otherwise", request: { method: "GET", path: "/shop/interactions/1.csv" }, service: "s3" },
  ])("$why: $service", ({ request, service }) => {
    expect(nameOf(request)).toBe(service);
  });
});
