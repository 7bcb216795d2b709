/**
 * The expressions of attribute-affinity segments: `ITEMS.genres = "Comedy" AND ITEMS.year = 1994`. Unlike filters they know
 * nothing but equality. Pure; faults name the character, counted from 1.
 *
 *   expression := all { OR all }            all := condition { AND condition }; AND binds tighter
 *   condition  := ITEMS.<column> = ( "text" | 'text' | number )
 */
export interface Attribute {
  readonly column: string;
  readonly value: string;
}

/** Any of these, each of them all of its attributes. */
export type Attributes = readonly (readonly Attribute[])[];

export type ParsedAttributes =
  { readonly kind: "valid"; readonly attributes: Attributes } | { readonly kind: "invalid"; readonly fault: string };

interface Token {
  readonly kind: "word" | "text" | "number" | "equals" | "other" | "end";
  readonly text: string;
  /** From 1. */
  readonly at: number;
}

class AttributeFault extends Error {}

const fault = (expected: string, { kind, text, at }: Token): never => {
  const found = kind === "end" ? "the end" : JSON.stringify(text);
  throw new AttributeFault(`Expected ${expected} at character ${at}, found ${found}.`);
};

/** Backslashes escape in quoted text; JSON's own escapes are gone by now. */
const tokenPattern = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(-?\d+(?:\.\d+)?)(?![\w.])|([\w.]+)|(=)|(\S))/y;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < end) {
    const match = tokenPattern.exec(text);
    if (!match) break;
    const [whole, double, single, number, word, equals, other = ""] = match;
    const at = match.index + whole.length - whole.trimStart().length + 1;
    const quoted = double ?? single;
    if (quoted !== undefined) tokens.push({ kind: "text", text: quoted.replace(/\\(.)/g, "$1"), at });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, at });
    else if (equals !== undefined) tokens.push({ kind: "equals", text: equals, at });
    else tokens.push({ kind: "other", text: other, at });
  }
  return [...tokens, { kind: "end", text: "", at: end + 1 }];
}

/** @param columns of the Items schema; expressions may write them in another case */
export function parseAttributes(text: string, columns: readonly string[]): ParsedAttributes {
  try {
    return { kind: "valid", attributes: alternativesOf(tokensOf(text), columns) };
  } catch (error) {
    if (error instanceof AttributeFault) return { kind: "invalid", fault: error.message };
    throw error;
  }
}

function alternativesOf(tokens: readonly Token[], columns: readonly string[]): Attributes {
  let at = 0;
  const next = () => tokens[at++] as Token;
  const condition = (): Attribute => {
    const column = columnOf(next(), columns);
    const sign = next();
    if (sign.kind !== "equals") fault("=, the only comparison of segments,", sign);
    const value = next();
    if (value.kind !== "text" && value.kind !== "number") fault("a quoted text or a number", value);
    return { column, value: value.text };
  };
  const alternatives = [[condition()]];
  for (let token = next(); token.kind !== "end"; token = next()) {
    const word = token.kind === "word" ? token.text.toUpperCase() : "";
    if (word === "AND") alternatives.at(-1)?.push(condition());
    else if (word === "OR") alternatives.push([condition()]);
    else fault("AND, OR or the end", token);
  }
  return alternatives;
}

function columnOf(token: Token, columns: readonly string[]): string {
  const match = token.kind === "word" ? /^items\.(\w+)$/i.exec(token.text) : null;
  if (!match) return fault("a column such as ITEMS.GENRES", token);
  const wanted = (match[1] ?? "").toUpperCase();
  const column = columns.find((name) => name.toUpperCase() === wanted);
  if (column !== undefined) return column;
  return fault(`a column of the Items dataset (${columns.join(", ") || "there is none"})`, token);
}
