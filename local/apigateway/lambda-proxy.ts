/** A request as payload format 2.0 hands it to a function, and a function's answer as HTTP (API Gateway developer guide). */
import type { Caller } from "../cloud/ports/service.ts";

export interface ProxyRequest {
  readonly apiId: string;
  readonly stage: string;
  readonly routeKey: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly requestId: string;
  readonly at: number;
  readonly account: string;
  /** Null on an open route. */
  readonly caller: Caller | null;
}

export interface ProxyAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | string;
}

const isText = (contentType: string): boolean =>
  /^(text\/|application\/(json|xml|x-www-form|javascript))|\+json/.test(contentType);

/** Several values of one name are joined with commas. */
function joined(entries: Iterable<readonly [string, string]>): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of entries) all[name] = all[name] === undefined ? value : `${all[name]},${value}`;
  return all;
}

const userArn = (caller: Caller, account: string): string =>
  caller.kind === "role"
    ? `arn:aws:sts::${account}:assumed-role/${caller.roleArn.split("/").at(-1)}/${caller.session}`
    : `arn:aws:iam::${account}:root`;

export function proxyEvent(request: ProxyRequest): object {
  const { headers, query, pathParameters, body, path, method, caller, account } = request;
  const isBase64Encoded = body.length > 0 && !isText(headers["content-type"] ?? "application/json");
  const parameters = joined(new URLSearchParams(query));
  return {
    version: "2.0",
    routeKey: request.routeKey,
    rawPath: path,
    rawQueryString: query,
    headers,
    ...(Object.keys(parameters).length === 0 ? {} : { queryStringParameters: parameters }),
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    requestContext: {
      accountId: account,
      apiId: request.apiId,
      domainName: headers["host"] ?? "",
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: headers["user-agent"] ?? "" },
      requestId: request.requestId,
      routeKey: request.routeKey,
      stage: request.stage,
      time: new Date(request.at).toISOString(),
      timeEpoch: request.at,
      ...(caller === null ? {} : { authorizer: { iam: { accountId: account, userArn: userArn(caller, account) } } }),
    },
    ...(body.length === 0 ? {} : { body: Buffer.from(body).toString(isBase64Encoded ? "base64" : "utf8") }),
    isBase64Encoded,
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A function that answers anything without `statusCode` means 200 and JSON. */
export function answerOf(result: unknown): ProxyAnswer {
  if (!isObject(result) || typeof result["statusCode"] !== "number") {
    return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(result ?? null) };
  }
  const { statusCode: status, headers = {}, body = "", isBase64Encoded, cookies = [] } = result;
  const named = Object.entries(isObject(headers) ? headers : {}).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    status,
    headers: {
      "content-type": "text/plain;charset=UTF-8",
      ...(Object.fromEntries(named) as Record<string, string>),
      ...(Array.isArray(cookies) && cookies.length > 0 ? { "set-cookie": cookies.join(", ") } : {}),
    },
    body: isBase64Encoded === true ? Buffer.from(text, "base64") : text,
  };
}
