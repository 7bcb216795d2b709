/** The REST protocols' URI templates: `/2015-03-31/functions/{FunctionName}/invocations`, `{Key+}` for several segments. */
import type { Model } from "../../models/model.ts";

export interface RoutedOperation {
  readonly operation: string;
  /** Values of the labels, decoded, by label name. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The operation of the model that has this method and path; the template with most literal segments wins. */
export function routeOperation(model: Model, method: string, path: string): RoutedOperation | undefined {
  const literal = model.literalPaths?.get(`${method} ${path}`);
  if (literal !== undefined) return { operation: literal, labels: {} }; // nothing can be more literal
  let best: (RoutedOperation & { readonly literals: number }) | undefined;
  for (const operation in model.operations) {
    const http = model.operations[operation]?.http;
    if (http?.method !== method) continue;
    const labels = matchTemplate(http.requestUri, path);
    if (!labels) continue;
    const literals = segmentsOf(http.requestUri).filter((segment) => !segment.startsWith("{")).length;
    if (!best || literals > best.literals) best = { operation, labels, literals };
  }
  return best;
}

function matchTemplate(template: string, path: string): Record<string, string> | undefined {
  if (template === path && !template.includes("{")) return {};
  const wanted = segmentsOf(template.split("?")[0] ?? "");
  const given = segmentsOf(path);
  const labels: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const label = /^\{(.+?)(\+?)\}$/.exec(segment);
    const isGreedy = label?.[2] === "+";
    const actual = isGreedy ? given.slice(index).join("/") : given[index];
    if (actual === undefined || actual === "") return undefined;
    if (!label && actual !== segment) return undefined;
    if (label?.[1]) labels[label[1]] = decodeLabel(actual);
    if (isGreedy) return labels;
  }
  return wanted.length === given.length ? labels : undefined;
}

/** Clients differ about a slash at the end; it never means anything. */
function segmentsOf(path: string): string[] {
  return path.replace(/^\//, "").replace(/\/$/, "").split("/");
}

function decodeLabel(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not percent-encoded properly: validation will judge the text
  }
}
