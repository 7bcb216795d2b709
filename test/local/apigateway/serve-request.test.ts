import { describe, expect, it } from "@jest/globals";
import { serveRequest } from "../../../local/apigateway/serve-request.ts";
import { type ApiGatewayDeps, openApiGateway } from "../../../local/apigateway/state.ts";
import { AwsError } from "../../../local/cloud/ports/aws-error.ts";
import type { AccessRequest, Caller } from "../../../local/cloud/ports/service.ts";
import { testDeps } from "../../support/service-deps.ts";

const role: Caller = { kind: "role", roleArn: "arn:aws:iam::000000000000:role/app", session: "s" };

/** An API `a1` with one route that wants a signature and one that does not. */
function world(changes: Partial<ApiGatewayDeps> = {}) {
  const asked: AccessRequest[] = [];
  const invoked: unknown[] = [];
  const gateway = openApiGateway({
    ...testDeps(),
    calls: {
      call: async (_service, _operation, input, caller) => {
        invoked.push([input, caller]);
        return { Payload: Buffer.from('{"statusCode":200,"body":"hello"}') };
      },
    },
    authorizer: { authorize: (_caller, request) => void asked.push(request), assertAssumable: () => undefined },
    authenticate: () => role,
    endpointUrl: () => "http://127.0.0.1:4566",
    ...changes,
  });
  gateway.apis.put("a1", { id: "a1", name: "api", stages: { $default: true } });
  gateway.integrations.put("i1", { apiId: "a1", functionArn: "arn:aws:lambda:us-east-1:000000000000:function:f" });
  gateway.routes.put("r1", { apiId: "a1", key: "GET /signed", authorization: "AWS_IAM", integrationId: "i1" });
  gateway.routes.put("r2", { apiId: "a1", key: "GET /open", authorization: "NONE", integrationId: "i1" });
  const get = async (path: string) => {
    const request = { method: "GET", path, query: "", rawHeaders: [], headers: {}, body: new Uint8Array(0) };
    const { status, body } = await serveRequest(gateway, request);
    return [status, body];
  };
  return { asked, invoked, get };
}

const forbidden = [403, '{"message":"Forbidden"}'];

describe("an HTTP API", () => {
  it("asks IAM for the route that a signed request takes", async () => {
    const { asked, get } = world();

    expect(await get("/_api/a1/signed")).toEqual([200, "hello"]);
    expect(asked).toEqual([
      {
        action: "execute-api:Invoke",
        resource: "arn:aws:execute-api:us-east-1:000000000000:a1/$default/GET/signed",
      },
    ]);
  });

  it.each<{ why: string; changes: Partial<ApiGatewayDeps> }>([
    { why: "is not signed", changes: { authenticate: () => null } },
    {
      why: "is signed with a wrong key",
      changes: {
        authenticate: () => {
          throw new AwsError("SignatureDoesNotMatch", "no", { status: 403 });
        },
      },
    },
    {
      why: "comes from a role that may not",
      changes: {
        authorizer: {
          authorize: () => {
            throw new AwsError("AccessDeniedException", "no", { status: 403 });
          },
          assertAssumable: () => undefined,
        },
      },
    },
  ])("refuses a request that $why, before its function hears of it", async ({ changes }) => {
    const { invoked, get } = world(changes);

    expect(await get("/_api/a1/signed")).toEqual(forbidden);
    expect(invoked).toEqual([]);
  });

  it("lets everybody take an open route, and calls the function as API Gateway", async () => {
    const { asked, invoked, get } = world({ authenticate: () => null });

    expect(await get("/_api/a1/open")).toEqual([200, "hello"]);
    expect(asked).toEqual([]);
    expect(invoked).toMatchObject([
      [
        {},
        {
          principal: "apigateway.amazonaws.com",
          sourceArn: "arn:aws:execute-api:us-east-1:000000000000:a1/$default/GET/open",
        },
      ],
    ]);
  });

  it.each(["/_api/other/open", "/_api/a1/nothing"])("has nothing at %s", async (path) => {
    expect((await world().get(path))[0]).toBe(404);
  });

  it("hides what went wrong in its function", async () => {
    const call = async () => ({ FunctionError: "Unhandled", Payload: Buffer.from('{"errorMessage":"secret"}') });

    expect(await world({ calls: { call } }).get("/_api/a1/open")).toEqual([500, '{"message":"Internal Server Error"}']);
  });
});
