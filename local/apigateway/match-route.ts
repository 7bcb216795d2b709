/**
 * Which route a request takes: the most specific one, as HTTP APIs choose. A full match before one with parameters, these
 * before a greedy one, `$default` last (API Gateway developer guide, "Routes for HTTP APIs").
 */

export interface Matched<Route> {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly method: string;
  readonly segments: readonly string[];
}

function patternOf(key: string): Pattern {
  const [method = "", path = ""] = key.split(" ");
  return { method, segments: path.split("/").slice(1) };
}

const isGreedy = (segment: string): boolean => /^\{.+\+\}$/.test(segment);
const isParameter = (segment: string): boolean => /^\{.+\}$/.test(segment);
const nameOf = (segment: string): string => segment.replace(/[{}+]/g, "");

function parametersOf({ segments }: Pattern, path: readonly string[]): Record<string, string> | null {
  const found: Record<string, string> = {};
  for (const [at, segment] of segments.entries()) {
    const given = path[at];
    if (given === undefined) return null;
    if (isGreedy(segment)) return { ...found, [nameOf(segment)]: path.slice(at).join("/") };
    if (isParameter(segment)) found[nameOf(segment)] = given;
    else if (segment !== given) return null;
  }
  return segments.length === path.length ? found : null;
}

/** Smaller is more specific: the first segment that differs decides, then the method. */
const rank = ({ method, segments }: Pattern): string =>
  segments.map((segment) => (isGreedy(segment) ? 2 : isParameter(segment) ? 1 : 0)).join("") +
  (method === "ANY" ? "1" : "0");

/** As it stands where its escapes are none. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export function matchRoute<Route extends { readonly key: string }>(
  routes: readonly Route[],
  method: string,
  path: string,
): Matched<Route> | null {
  const segments = path.split("/").slice(1).map(decoded);
  const found = routes.flatMap((route) => {
    const pattern = patternOf(route.key);
    if (pattern.method !== "ANY" && pattern.method !== method) return [];
    const pathParameters = parametersOf(pattern, segments);
    return pathParameters === null ? [] : [{ route, pathParameters, rank: rank(pattern) }];
  });
  const [best] = found.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  if (best !== undefined) return { route: best.route, pathParameters: best.pathParameters };
  const fallback = routes.find(({ key }) => key === "$default");
  return fallback === undefined ? null : { route: fallback, pathParameters: {} };
}
