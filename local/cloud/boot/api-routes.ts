/** The embedded API Gateway's requests, as the endpoint hands them over: read whole, with their headers in one line each. */
import type { ApiGatewayParts } from "../../apigateway/create-apigateway.ts";
import { apiPath } from "../../apigateway/state.ts";
import { send } from "../endpoint/answer.ts";
import type { InternalRoute } from "../endpoint/endpoint.ts";
import { readRequestBody } from "../endpoint/request-body.ts";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

export function apiRoutes({ serve }: Pick<ApiGatewayParts, "serve">): InternalRoute[] {
  return methods.map((method) => ({
    method,
    path: `${apiPath}*`,
    async handle(request, response) {
      const { url = "/", rawHeaders } = request;
      const [path = "/", query = ""] = url.split(/\?(.*)/s);
      const entries = Object.entries(request.headers).map(([name, value]) => [name, [value ?? ""].flat().join(",")]);
      const headers = Object.fromEntries(entries) as Record<string, string>;
      const { raw } = await readRequestBody(request);
      send(response, await serve({ method, path, query, rawHeaders, headers, body: raw }));
    },
  }));
}
