/**
 * IAM's patterns: `*` and `?`, policy variables `${aws:PrincipalTag/team, 'none'}`, and the escapes `${*} ${?} ${$}`.
 * A variable's value is taken literally: a star in it matches a star. A variable without value or default matches nothing.
 */
export type Variables = (key: string) => string | undefined;

export interface Glob {
  readonly source: string;
  matches(value: string, variables: Variables): boolean;
}

export interface GlobOptions {
  /** Actions and `IgnoreCase` texts ignore case; ARNs are compared segment by segment, the sixth taking the rest. */
  readonly kind: "action" | "arn" | "text" | "literal";
  readonly hasVariables: boolean;
}

type Part =
  { readonly literal: string } | { readonly wild: "*" | "?" } | { readonly key: string; readonly or?: string };

const variable = /^\$\{\s*([^{},]+?)\s*(?:,\s*'([^']*)'\s*)?\}/;

export function compileGlob(source: string, { kind, hasVariables }: GlobOptions): Glob {
  const segments = kind === "arn" && source !== "*" ? completeArn(splitArn(source)) : [source];
  const compiled = segments.map((segment) =>
    compileSegment(parseParts(segment, hasVariables, kind), kind === "action"),
  );
  return {
    source,
    matches: (value, variables) => {
      const values = segments.length === 1 ? [value] : splitArn(value);
      if (values.length !== compiled.length) return source === "*";
      return compiled.every((matches, index) => matches(values[index] ?? "", variables));
    },
  };
}

/** At most six segments; colons after the fifth belong to the resource. Colons inside `${…}` do not separate. */
function splitArn(text: string): string[] {
  const segments: string[] = [""];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? "";
    if (text.startsWith("${", i)) depth++;
    else if (char === "}" && depth > 0) depth--;
    if (char === ":" && depth === 0 && segments.length < 6) segments.push("");
    else segments[segments.length - 1] += char;
  }
  return segments;
}

/** IAM fills up a short ARN with stars: `arn:aws:sqs` means `arn:aws:sqs:*:*:*`. */
const completeArn = (segments: string[]): string[] =>
  segments.length === 1 ? segments : [...segments, ...Array<string>(6 - segments.length).fill("*")];

function parseParts(text: string, hasVariables: boolean, kind: GlobOptions["kind"]): Part[] {
  const parts: Part[] = [];
  let literal = "";
  const push = (part: Part) => {
    if (literal) parts.push({ literal });
    literal = "";
    parts.push(part);
  };
  for (let i = 0; i < text.length;) {
    const found = hasVariables ? variable.exec(text.slice(i)) : null;
    if (found) {
      const [whole, key = "", or] = found;
      if (key === "*" || key === "?" || key === "$") literal += key;
      else push(or === undefined ? { key } : { key, or });
      i += whole.length;
      continue;
    }
    const char = text[i] ?? "";
    if (kind !== "literal" && (char === "*" || char === "?")) push({ wild: char });
    else literal += char;
    i++;
  }
  if (literal) parts.push({ literal });
  return parts;
}

const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

function compileSegment(parts: readonly Part[], ignoreCase: boolean) {
  const expression = (variables: Variables): RegExp | undefined => {
    let source = "";
    for (const part of parts) {
      if ("literal" in part) source += escapeRegExp(part.literal);
      else if ("wild" in part) source += part.wild === "*" ? "[^]*" : "[^]";
      else {
        const value = variables(part.key) ?? part.or;
        if (value === undefined) return undefined;
        source += escapeRegExp(value);
      }
    }
    return new RegExp(`^${source}$`, ignoreCase ? "i" : "");
  };
  const fixed = parts.some((part) => "key" in part) ? undefined : expression(() => undefined);
  return (value: string, variables: Variables): boolean => (fixed ?? expression(variables))?.test(value) ?? false;
}
