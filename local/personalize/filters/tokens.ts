/** Cuts a filter expression into tokens. Pure. */
export type Token =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "placeholder"; readonly text: string }
  | { readonly kind: "symbol"; readonly text: string };

/** Raised with the service's "Invalid Expression" and what we know about where. */
export class FilterSyntaxError extends Error {}

const patterns: readonly (readonly [Token["kind"], RegExp])[] = [
  ["string", /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/y],
  ["number", /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ["placeholder", /\$([A-Za-z0-9_]+)/y],
  ["symbol", /<=|>=|!=|[=<>(),|*]/y],
  ["word", /[A-Za-z_][A-Za-z\d_]*(?:\.[A-Za-z_][A-Za-z\d_]*)?/y],
];

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skipSpace(text, 0); at < text.length;) {
    const { token, end } = tokenAt(text, at);
    tokens.push(token);
    at = skipSpace(text, end);
  }
  return tokens;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? "")) at++;
  return at;
}

function tokenAt(text: string, at: number): { token: Token; end: number } {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) continue;
    const content = (match[1] ?? match[2] ?? match[0]).replace(/\\(.)/g, kind === "string" ? "$1" : "$&");
    return { token: { kind, text: content }, end: pattern.lastIndex };
  }
  throw new FilterSyntaxError(`Invalid Expression: unexpected ${JSON.stringify(text.slice(at, at + 20))}.`);
}
