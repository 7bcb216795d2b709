import { describe, expect, it } from "@jest/globals";
import { matchRoute } from "../../../local/apigateway/match-route.ts";

const routes = [
  ...["GET /a/{x}/{y}", "GET /a/{x}/c"],
  "GET /runs",
  "GET /runs/{id}",
  "ANY /runs/{id}",
  "GET /runs/last",
  "POST /files/{path+}",
  "$default",
];

describe("an HTTP API's routes", () => {
  it.each([
    { method: "GET", path: "/runs", key: "GET /runs", parameters: {} },
    { method: "GET", path: "/runs/last", key: "GET /runs/last", parameters: {} },
    { method: "GET", path: "/runs/7", key: "GET /runs/{id}", parameters: { id: "7" } },
    { method: "PUT", path: "/runs/a%20b", key: "ANY /runs/{id}", parameters: { id: "a b" } },
    { method: "POST", path: "/files/a/b/c", key: "POST /files/{path+}", parameters: { path: "a/b/c" } },
    { method: "GET", path: "/a/1/c", key: "GET /a/{x}/c", parameters: { x: "1" } },
    { method: "GET", path: "/a/1/d", key: "GET /a/{x}/{y}", parameters: { x: "1", y: "d" } },
    { method: "GET", path: "/runs/%zz", key: "GET /runs/{id}", parameters: { id: "%zz" } },
    { method: "GET", path: "/runs/7/more", key: "$default", parameters: {} },
  ])("take $method $path to $key", ({ method, path, key, parameters }) => {
    const keyed = routes.map((each) => ({ key: each }));

    expect(matchRoute(keyed, method, path)).toEqual({ route: { key }, pathParameters: parameters });
  });

  it("take nothing that none of them is for", () => {
    expect(matchRoute([{ key: "GET /runs" }], "POST", "/runs")).toBeNull();
  });
});
