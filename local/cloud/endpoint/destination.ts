/**
 * Which service a request is for. Pure. In this order: X-Amz-Target, the RPC path, the service that the signature is scoped
 * to, then for unsigned requests the first label of the host, a form's Version, a REST path; what is left is S3's.
 */
import type { Model } from "../models/model.ts";
import type { ServiceId } from "../ports/service.ts";
import { formOf } from "./protocols/aws-query.ts";
import { awsJson } from "./protocols/aws-json.ts";
import { awsQuery } from "./protocols/aws-query.ts";
import { routeOperation } from "./protocols/path-template.ts";
import type { Protocol, WireRequest } from "./protocols/protocol.ts";
import { restJson } from "./protocols/rest-json.ts";
import { rpcCbor, rpcCborPath } from "./protocols/rpc-cbor.ts";

export type Destination =
  | { readonly kind: "service"; readonly service: ServiceId; readonly protocol: Protocol }
  | { readonly kind: "s3" }
  /** A service that this cloud does not have, by the name that the client used. */
  | { readonly kind: "unknown"; readonly name: string };

type RequestHead = Omit<WireRequest, "body">;

interface Lookup {
  readonly modelOf: (service: ServiceId) => Model;
  /** The service name of the signature's scope; undefined for unsigned requests. */
  readonly scope: string | undefined;
}

const jsonTargets: Readonly<Record<string, ServiceId>> = {
  AmazonPersonalize: "personalize",
  AWSStepFunctions: "states",
  AWSEvents: "events",
  Logs_20140328: "logs",
  AWSGlue: "glue",
  GraniteServiceVersion20100801: "monitoring",
};

/** Services by the name that their clients sign for; Personalize's three share one. */
const scopes: Readonly<Record<string, readonly ServiceId[]>> = {
  personalize: ["personalize-runtime", "personalize-events"],
  states: ["states"],
  events: ["events"],
  logs: ["logs"],
  glue: ["glue"],
  scheduler: ["scheduler"],
  lambda: ["lambda"],
  sns: ["sns"],
  sts: ["sts"],
  iam: ["iam"],
  monitoring: ["monitoring"],
};

const restServices: readonly ServiceId[] = ["personalize-runtime", "personalize-events", "scheduler", "lambda"];
const queryVersions: Readonly<Record<string, ServiceId>> = {
  "2010-03-31": "sns",
  "2011-06-15": "sts",
  "2010-05-08": "iam",
  "2010-08-01": "monitoring",
};

export function destinationOf(head: RequestHead, { modelOf, scope }: Lookup): Destination {
  const target = head.headers["x-amz-target"]?.split(".")[0];
  if (target !== undefined) return byName(jsonTargets, target, awsJson);
  const rpcService = rpcCborPath.exec(head.path)?.[1];
  if (rpcService !== undefined && head.headers["smithy-protocol"] === "rpc-v2-cbor") {
    return byName(jsonTargets, rpcService, rpcCbor);
  }
  if (scope === "s3") return { kind: "s3" };
  const name = scope ?? hostLabel(head);
  if (name !== undefined && Object.hasOwn(scopes, name)) return byScope(scopes[name] ?? [], head, modelOf);
  if (scope !== undefined) return { kind: "unknown", name: scope };
  if (name !== undefined) return { kind: "s3" }; // a bucket's name before the host
  const rest = restServices.find((service) => routeOperation(modelOf(service), head.method, head.path));
  return rest ? { kind: "service", service: rest, protocol: restJson } : { kind: "s3" };
}

function byName(table: Readonly<Record<string, ServiceId>>, name: string, protocol: Protocol): Destination {
  const service = Object.hasOwn(table, name) ? table[name] : undefined;
  return service ? { kind: "service", service, protocol } : { kind: "unknown", name };
}

/** Among services that share a scope, the one that has the path; the first answers for paths that none has. */
function byScope(candidates: readonly ServiceId[], head: RequestHead, modelOf: Lookup["modelOf"]): Destination {
  const [first = "s3"] = candidates;
  const service = candidates.find((id) => routeOperation(modelOf(id), head.method, head.path)) ?? first;
  return { kind: "service", service, protocol: protocolOf(modelOf(service)) };
}

function protocolOf(model: Model): Protocol {
  if (model.metadata.protocol === "rest-json") return restJson;
  return model.metadata.protocol === "json" ? awsJson : awsQuery; // CloudWatch without a target speaks query
}

/** `lambda` of `lambda.localhost:4566`. */
function hostLabel({ headers }: RequestHead): string | undefined {
  return /^([a-z-]+)\.(localhost|127\.0\.0\.1)(:\d+)?$/.exec(headers.host ?? "")?.[1];
}

/** Whether an unsigned request may be a query call, which only its body can tell. */
export function mayBeUnsignedQuery(head: RequestHead): boolean {
  const isForm = head.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
  return head.path === "/" && head.method === "POST" && isForm;
}

/** The service of an unsigned query call, by its API version. */
export function queryDestination(request: WireRequest): Destination {
  return byName(queryVersions, formOf(request).get("Version") ?? "", awsQuery);
}
