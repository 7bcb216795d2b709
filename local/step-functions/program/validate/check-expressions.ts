/** JSONata in a definition: every expression parses, `$states` is read where it exists, variables are assigned somewhere. */
import jsonata from "jsonata";
import { isObject, type Json, type JsonObject } from "../../json.ts";
import { expressionIn } from "../../language/jsonata/expressions.ts";
import type { StateTypeName } from "../definition.ts";
import { fault, warning, type Diagnostic } from "./diagnostic.ts";

/** Fields that hold no expressions, or whose insides are checked as states of their own. */
const skipped: ReadonlySet<string> = new Set([
  ...["Type", "Comment", "QueryLanguage", "Resource", "Next", "Default", "ErrorEquals", "Retry"],
  ...["Branches", "ItemProcessor"],
]);

export function checkExpressions(
  type: StateTypeName,
  state: JsonObject,
  location: string,
  variables: ReadonlySet<string>,
): Diagnostic[] {
  return expressionsIn(state, "").flatMap(({ source, path }) => {
    const at = `${location}${path}`;
    let tree: unknown;
    try {
      tree = jsonata(source).ast();
    } catch (thrown) {
      const { code = "S0500", message } = thrown as { code?: string; message: string };
      return [fault(at, `The JSONata expression '${source}' is not valid. ${code}: ${message}`)];
    }
    return [...checkReserved(tree, type, path, at), ...checkVariables(tree, variables, at)];
  });
}

interface Found {
  readonly source: string;
  readonly path: string;
}

function expressionsIn(value: Json, path: string): Found[] {
  if (typeof value === "string") {
    const source = expressionIn(value);
    return source === undefined ? [] : [{ source, path }];
  }
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((item, index) => expressionsIn(item, `${path}[${index}]`));
  }
  if (!isObject(value)) return [];
  const isState = path === "" || /^\/(Choices|Catch)\[\d+\]$/.test(path);
  return Object.entries(value)
    .filter(([name]) => !(isState && skipped.has(name)))
    .flatMap(([name, member]) => expressionsIn(member, `${path}/${name}`));
}

interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly steps?: readonly Node[];
  readonly [member: string]: unknown;
}

/** Every node of a syntax tree, from the outside in. */
function nodesOf(tree: unknown): Node[] {
  if (Array.isArray(tree)) return tree.flatMap(nodesOf);
  if (typeof tree !== "object" || tree === null) return [];
  return [tree as Node, ...Object.values(tree).flatMap(nodesOf)];
}

/** `result` exists after the work of a Task, Parallel or Map; `errorOutput` in a catcher. */
function checkReserved(tree: unknown, type: StateTypeName, path: string, location: string): Diagnostic[] {
  const inCatch = path.startsWith("/Catch[");
  const afterWork = /^\/(Output|Assign)/.test(path) && (type === "Task" || type === "Parallel" || type === "Map");
  const allowed = new Set(["input", "context", ...(afterWork ? ["result"] : []), ...(inCatch ? ["errorOutput"] : [])]);
  return nodesOf(tree)
    .filter(
      ({ type: kind, steps }) => kind === "path" && steps?.[0]?.type === "variable" && steps[0].value === "states",
    )
    .map(({ steps }) => steps?.[1])
    .filter((member) => member?.type === "name" && !allowed.has(String(member.value)))
    .map((member) => fault(location, `The variable '$states.${String(member?.value)}' does not exist in this field`));
}

const builtIn: ReadonlySet<string> = new Set(
  (
    "states abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl " +
    "decodeUrlComponent distinct each encodeUrl encodeUrlComponent error eval exists filter floor formatBase " +
    "formatInteger formatNumber fromMillis join keys length lookup lowercase map match max merge millis min not now " +
    "number pad parseInteger power random reduce replace reverse round shuffle sift single sort split spread sqrt " +
    "string substring substringAfter substringBefore sum toMillis trim type uppercase zip partition range hash uuid parse"
  ).split(" "),
);

/** A variable nobody assigns is undefined at run time; only a warning, for a caught error may be what is wanted. */
function checkVariables(tree: unknown, variables: ReadonlySet<string>, location: string): Diagnostic[] {
  const nodes = nodesOf(tree);
  const bound = new Set(
    nodes.flatMap((node) => {
      if (node.type === "bind") return [String((node["lhs"] as Node | undefined)?.value)];
      if (node.type === "lambda")
        return ((node["arguments"] ?? []) as readonly Node[]).map(({ value }) => String(value));
      return [node["focus"], node["index"]].filter((name) => typeof name === "string");
    }),
  );
  const used = nodes.filter(({ type }) => type === "variable").map(({ value }) => String(value));
  return [...new Set(used)]
    .filter((name) => name !== "" && name !== "$" && !bound.has(name) && !builtIn.has(name) && !variables.has(name))
    .map((name) => warning(location, `No state assigns the variable '$${name}'`));
}
