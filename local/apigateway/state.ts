/** HTTP APIs as templates declare them. Made anew at every deployment, kept in the journal between. */
import type { Authorizer, AwsCalls, Caller, ServiceDeps } from "../cloud/ports/service.ts";
import type { Table } from "../cloud/ports/store.ts";

export interface ApiRecord {
  readonly id: string;
  readonly name: string;
  readonly stages: Readonly<Record<string, true>>;
}

export interface IntegrationRecord {
  readonly apiId: string;
  /** ARN of a Lambda. */
  readonly functionArn: string;
}

export interface RouteRecord {
  readonly apiId: string;
  /** `GET /runs/{id}` or `$default`. */
  readonly key: string;
  readonly authorization: "NONE" | "AWS_IAM";
  readonly integrationId: string;
}

export interface ApiGatewayDeps extends ServiceDeps {
  readonly calls: AwsCalls;
  readonly authorizer: Authorizer;
  /** The caller whose key signed these bytes; null for a request without a signature. Throws AwsError. */
  readonly authenticate: (request: SignedHead, body: Uint8Array) => Caller | null;
  readonly endpointUrl: () => string;
}

/** What a signature covers. */
export interface SignedHead {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly rawHeaders: readonly string[];
}

export interface ApiGateway {
  readonly deps: ApiGatewayDeps;
  readonly apis: Table<ApiRecord>;
  readonly integrations: Table<IntegrationRecord>;
  readonly routes: Table<RouteRecord>;
}

export const openApiGateway = (deps: ApiGatewayDeps): ApiGateway => ({
  deps,
  apis: deps.store.table<ApiRecord>("apigateway/apis"),
  integrations: deps.store.table<IntegrationRecord>("apigateway/integrations"),
  routes: deps.store.table<RouteRecord>("apigateway/routes"),
});

/** Where an API answers in this cloud; AWS has a host name for each. */
export const apiPath = "/_api/";
export const apiUrl = ({ deps }: ApiGateway, apiId: string): string => `${deps.endpointUrl()}${apiPath}${apiId}`;
