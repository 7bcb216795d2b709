/** DQDL text to tokens. Comments (`# …`) and white space go; every token knows where it began. */

export interface Token {
  readonly kind: "word" | "number" | "string" | "symbol" | "end";
  /** Of a string: what stands between its quotes, escapes undone. */
  readonly text: string;
  /** Offset in the source. */
  readonly at: number;
}

/** Text that is no DQDL; the message ends with line and column. */
export class DqdlError extends Error {
  constructor(message: string, source: string, at: number) {
    const before = source.slice(0, at).split("\n");
    super(`${message} (line ${before.length}, column ${(before.at(-1) ?? "").length + 1})`);
    this.name = "DqdlError";
  }
}

const patterns: readonly (readonly [Token["kind"] | "skipped", RegExp])[] = [
  ["skipped", /(?:\s+|#[^\n]*)+/y],
  ["string", /"(?:\\["\\]|[^"])*"/y],
  ["number", /\d+(?:\.\d+)?(?![A-Za-z0-9_.])/y],
  ["word", /[A-Za-z0-9_.]+/y],
  ["symbol", />=|<=|!=|[=<>!()[\]{},:$+\-*/]/y],
];

export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const [kind, text] = matchAt(source, at);
    if (kind === "string") tokens.push({ kind, text: text.slice(1, -1).replace(/\\(["\\])/g, "$1"), at });
    else if (kind !== "skipped") tokens.push({ kind, text, at });
    at += text.length;
  }
  tokens.push({ kind: "end", text: "the end of the ruleset", at });
  return tokens;
}

function matchAt(source: string, at: number): readonly [Token["kind"] | "skipped", string] {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) return [kind, match[0]];
  }
  const what = source[at] === '"' ? "A quoted text does not end" : `Unexpected character ${source[at]}`;
  throw new DqdlError(what, source, at);
}
