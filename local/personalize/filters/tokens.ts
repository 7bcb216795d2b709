/** Cuts a filter expression into tokens. Pure. */
export interface Token {
  readonly kind: "word" | "string" | "number" | "placeholder" | "symbol";
  readonly text: string;
  /** Characters before it in the expression. */
  readonly at: number;
}

/** A fault of an expression and the character at which it shows, counted from 0. */
export class FilterSyntaxError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

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
    return { token: { kind, text: content, at }, end: pattern.lastIndex };
  }
  const isOpen = /["']/.test(text[at] ?? "");
  const what = `${isOpen ? "a string that is not closed" : "unexpected"} ${JSON.stringify(text.slice(at, at + 20))}`;
  throw new FilterSyntaxError(`Invalid Expression: ${what}`, at);
}
