/** API Gateway's HTTP APIs: declared by templates, served under `/_api/<id>/` of the one port. */
import type { Provisioner } from "../cloud/ports/service.ts";
import type { ProxyAnswer } from "./lambda-proxy.ts";
import { apiGatewayProvisioners } from "./provisioners.ts";
import { type HttpRequest, serveRequest } from "./serve-request.ts";
import { type ApiGatewayDeps, openApiGateway } from "./state.ts";

export interface ApiGatewayParts {
  readonly provisioners: readonly Provisioner[];
  /** Answers a request whose path begins with `/_api/`. */
  serve(request: HttpRequest): Promise<ProxyAnswer>;
}

export function createApiGateway(deps: ApiGatewayDeps): ApiGatewayParts {
  const gateway = openApiGateway(deps);
  return { provisioners: apiGatewayProvisioners(gateway), serve: (request) => serveRequest(gateway, request) };
}
