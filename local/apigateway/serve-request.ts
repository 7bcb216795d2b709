/** One request to an HTTP API: its route, who may take it, and the function that answers. */
import { AwsError } from "../cloud/ports/aws-error.ts";
import type { Caller } from "../cloud/ports/service.ts";
import { answerOf, type ProxyAnswer, proxyEvent } from "./lambda-proxy.ts";
import { matchRoute } from "./match-route.ts";
import { type ApiGateway, apiPath, type RouteRecord, type SignedHead } from "./state.ts";

export interface HttpRequest extends SignedHead {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const message = (status: number, text: string): ProxyAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ message: text }),
});

/** Only the default stage has no name in its path. */
const defaultStage = "$default";

export async function serveRequest(gateway: ApiGateway, request: HttpRequest): Promise<ProxyAnswer> {
  const [apiId = "", ...rest] = request.path.slice(apiPath.length).split("/");
  const path = `/${rest.join("/")}`;
  const api = gateway.apis.get(apiId);
  if (api === undefined || !(defaultStage in api.stages)) return message(404, "Not Found");
  const routes = [...gateway.routes.entries()].map(([, route]) => route).filter((route) => route.apiId === apiId);
  const matched = matchRoute(routes, request.method, path);
  if (matched === null) return message(404, "Not Found");
  const { route, pathParameters } = matched;
  const resource = arnOf(gateway, apiId, request.method, path);
  const caller = callerOf(gateway, route, request, resource);
  if (caller === "refused") return message(403, "Forbidden");
  const { deps } = gateway;
  const event = proxyEvent({
    ...{ apiId, stage: defaultStage, routeKey: route.key, pathParameters, path, caller },
    ...{ method: request.method, query: request.query, headers: request.headers, body: request.body },
    ...{ requestId: deps.ids.uuid(), at: deps.clock.now(), account: deps.account },
  });
  return invoke(gateway, route, event, resource);
}

function arnOf({ deps: { region, account } }: ApiGateway, apiId: string, method: string, path: string): string {
  return `arn:aws:execute-api:${region}:${account}:${apiId}/${defaultStage}/${method}${path}`;
}

/** Null on an open route. The reason of a refusal is not told, as AWS does not. */
function callerOf(
  { deps }: ApiGateway,
  { authorization }: RouteRecord,
  request: HttpRequest,
  resource: string,
): Caller | null | "refused" {
  if (authorization === "NONE") return null;
  try {
    const caller = deps.authenticate(request, request.body);
    if (caller === null) return "refused";
    deps.authorizer.authorize(caller, { action: "execute-api:Invoke", resource });
    return caller;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    deps.log(`${request.method} ${resource}: ${error.message}`);
    return "refused";
  }
}

/** Permissions of functions name a route's ARN, in which parameters and greedy ones are stars. */
async function invoke({ deps, integrations }: ApiGateway, route: RouteRecord, event: object, sourceArn: string) {
  const integration = integrations.get(route.integrationId);
  if (integration === undefined) return message(500, "Internal Server Error");
  const caller: Caller = { kind: "service", principal: "apigateway.amazonaws.com", sourceArn };
  try {
    const request = { FunctionName: integration.functionArn, Payload: Buffer.from(JSON.stringify(event)) };
    const answer = (await deps.calls.call("lambda", "Invoke", request, caller)) as {
      readonly FunctionError?: string;
      readonly Payload?: Uint8Array;
    };
    if (answer.FunctionError !== undefined) return message(500, "Internal Server Error");
    return answerOf(JSON.parse(Buffer.from(answer.Payload ?? "null").toString("utf8")));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    deps.log(`${sourceArn}: ${error.message}`);
    return message(500, "Internal Server Error");
  }
}
