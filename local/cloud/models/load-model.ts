/** Reads a service's model from disk and makes ready what every request needs of it; the caller keeps it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceId } from "../ports/service.ts";
import { projectRoot } from "../project-root.ts";
import { compileShapes } from "./compiled.ts";
import { matcherOf, type Model, type Shape } from "./model.ts";

export function loadModel(service: ServiceId): Model {
  const path = join(projectRoot(), "local", "cloud", "models", `${service}.json`);
  const model = JSON.parse(readFileSync(path, "utf8")) as Model; // written by reduce.py, checked by its tests
  const shapes = Object.entries(model.shapes).map(([name, shape]) => [name, prepared(shape)] as const);
  const ready = { ...model, shapes: Object.fromEntries(shapes), literalPaths: literalPathsOf(model) };
  return { ...ready, compiled: compileShapes(ready) };
}

const prepared = (shape: Shape): Shape => ({
  ...shape,
  ...(shape.members ? { memberList: Object.entries(shape.members) } : {}),
  ...(shape.pattern === undefined ? {} : { matcher: matcherOf(shape.pattern) }),
});

function literalPathsOf({ operations }: Model): ReadonlyMap<string, string> {
  const literal = Object.entries(operations).filter(([, { http }]) => !/[{?]/.test(http.requestUri));
  return new Map(literal.map(([name, { http }]) => [`${http.method} ${http.requestUri}`, name]));
}
