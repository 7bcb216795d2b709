import { describe, expect, it } from "@jest/globals";
import { answerOf, proxyEvent } from "../../../local/apigateway/lambda-proxy.ts";

const request = {
  ...{ apiId: "a1", stage: "$default", routeKey: "POST /x/{id}", method: "POST", path: "/x/7", query: "a=1&a=2&b=%20" },
  ...{ headers: { host: "h", "content-type": "application/json" }, pathParameters: { id: "7" }, requestId: "r" },
  ...{ body: Buffer.from('{"ä":1}'), at: Date.UTC(2026, 0, 5), account: "000000000000", caller: null },
};

describe("payload format 2.0", () => {
  it("hands a function the request with joined parameters and its text", () => {
    expect(proxyEvent(request)).toMatchObject({
      version: "2.0",
      ...{ rawPath: "/x/7", rawQueryString: "a=1&a=2&b=%20", pathParameters: { id: "7" } },
      queryStringParameters: { a: "1,2", b: " " },
      ...{ body: '{"ä":1}', isBase64Encoded: false },
      requestContext: { http: { method: "POST", path: "/x/7" }, stage: "$default", timeEpoch: 1_767_571_200_000 },
    });
  });

  it("hands over what is no text as base64, and who signed", () => {
    const caller = { kind: "role", roleArn: "arn:aws:iam::000000000000:role/app", session: "s" } as const;
    const event = proxyEvent({
      ...request,
      headers: { "content-type": "image/png" },
      body: Buffer.from([255]),
      caller,
    });

    expect(event).toMatchObject({
      ...{ body: "/w==", isBase64Encoded: true },
      requestContext: { authorizer: { iam: { userArn: "arn:aws:sts::000000000000:assumed-role/app/s" } } },
    });
  });

  it.each([
    { result: { items: [1] }, status: 200, body: '{"items":[1]}', type: "application/json", why: "anything else" },
    { result: "text", status: 200, body: '"text"', type: "application/json", why: "a text" },
    {
      result: { statusCode: 418, body: "no" },
      status: 418,
      body: "no",
      type: "text/plain;charset=UTF-8",
      why: "a status",
    },
    {
      result: { statusCode: 200, headers: { "Content-Type": "text/html" }, body: "PGI+", isBase64Encoded: true },
      ...{ status: 200, body: "<b>", type: "text/html", why: "base64" },
    },
  ])("answers what a function answers: $why", ({ result, status, body, type }) => {
    const answer = answerOf(result);

    expect([answer.status, answer.headers["content-type"], Buffer.from(answer.body).toString()]).toEqual([
      ...[status, type, body],
    ]);
  });
});
