/**
 * The part of SQL that `where "…"` understands here: columns compared with literals (=, <>, <, <=, >, >=, in, between,
 * like, is null), joined by and, or, not. Three-valued as in SQL: what compares with a null is unknown, and not met.
 */
export type Where =
  | { readonly kind: "and" | "or"; readonly parts: readonly Where[] }
  | { readonly kind: "not"; readonly part: Where }
  | { readonly kind: "null"; readonly column: string }
  | { readonly kind: "like"; readonly column: string; readonly pattern: RegExp }
  | { readonly kind: "compare"; readonly column: string; readonly operator: Comparison; readonly value: Literal }
  | { readonly kind: "in"; readonly column: string; readonly values: readonly Literal[] };

export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";
export type Literal = string | number | boolean;

/** Throws Error with what it could not read. */
export function parseWhere(text: string): Where {
  const tokens = [
    ...text.matchAll(/\s*(?:('(?:''|[^'])*')|(`[^`]+`)|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(<>|<=|>=|!=|==|\S))/gy),
  ];
  const words = tokens.map((match) => match[0].trim());
  const parser = createParser(words);
  const where = parser.any();
  parser.end();
  return where;
}

function createParser(words: readonly string[]) {
  let next = 0;
  const is = (word: string) => words[next]?.toLowerCase() === word;
  const takeIf = (word: string) => is(word) && ++next > 0;
  const take = (): string => words[next++] ?? fail("its end");
  const fail = (found: string): never => {
    throw new Error(`unexpected ${found}; it may compare columns with literals, joined by and, or, not`);
  };
  const expect = (word: string) => void (takeIf(word) || fail(words[next] ?? "end"));

  const joined = (word: "and" | "or", part: () => Where): Where => {
    const parts = [part()];
    while (takeIf(word)) parts.push(part());
    return parts.length === 1 ? (parts[0] as Where) : { kind: word, parts };
  };
  const any = (): Where => joined("or", () => joined("and", one));
  const one = (): Where => {
    if (takeIf("not")) return { kind: "not", part: one() };
    if (!takeIf("(")) return comparison();
    const inner = any();
    expect(")");
    return inner;
  };
  const literal = (): Literal => {
    const word = take();
    if (word.startsWith("'")) return word.slice(1, -1).replaceAll("''", "'");
    if (/^-?\d/.test(word)) return Number(word);
    return /^(true|false)$/i.test(word) ? /^true$/i.test(word) : fail(word);
  };
  const comparison = (): Where => {
    const word = take();
    const column = word.startsWith("`") ? word.slice(1, -1) : word;
    if (!/^[`A-Za-z_]/.test(word)) fail(word);
    if (takeIf("is")) {
      const isNot = takeIf("not");
      expect("null");
      return negated(isNot, { kind: "null", column });
    }
    return negated(takeIf("not"), predicate(column));
  };
  const predicate = (column: string): Where => {
    if (takeIf("like")) return { kind: "like", column, pattern: likePattern(String(literal())) };
    if (takeIf("between")) {
      const low: Where = { kind: "compare", column, operator: ">=", value: literal() };
      expect("and");
      return { kind: "and", parts: [low, { kind: "compare", column, operator: "<=", value: literal() }] };
    }
    if (takeIf("in")) {
      expect("(");
      const values = [literal()];
      while (takeIf(",")) values.push(literal());
      expect(")");
      return { kind: "in", column, values };
    }
    const operator = comparisonOf[take()] ?? fail(words[next - 1] ?? "end");
    return { kind: "compare", column, operator, value: literal() };
  };
  return { any, end: () => void (next < words.length && fail(words[next] ?? "")) };
}

const comparisonOf: Readonly<Record<string, Comparison>> = {
  ...{ "=": "=", "==": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=" },
};

const negated = (isNot: boolean, part: Where): Where => (isNot ? { kind: "not", part } : part);

/** `%` is any text, `_` one character. */
function likePattern(text: string): RegExp {
  const source = text
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
  return new RegExp(`^${source}$`, "s");
}

/** @param valueOf a column's value in this row; null where it has none. */
export function meetsWhere(where: Where, valueOf: (column: string) => string | null): boolean {
  return truthOf(where, valueOf) === true;
}

/** Undefined is SQL's unknown. */
function truthOf(where: Where, valueOf: (column: string) => string | null): boolean | undefined {
  switch (where.kind) {
    case "and":
    case "or": {
      const decisive = where.kind === "or";
      const truths = where.parts.map((part) => truthOf(part, valueOf));
      if (truths.includes(decisive)) return decisive;
      return truths.includes(undefined) ? undefined : !decisive;
    }
    case "not": {
      const truth = truthOf(where.part, valueOf);
      return truth === undefined ? undefined : !truth;
    }
    case "null":
      return valueOf(where.column) === null;
    default: {
      const value = valueOf(where.column);
      return value === null ? undefined : holds(where, value);
    }
  }
}

function holds(where: Extract<Where, { column: string }>, value: string): boolean {
  if (where.kind === "like") return where.pattern.test(value);
  if (where.kind === "in") return where.values.some((literal) => order(value, literal) === 0);
  if (where.kind === "null") return false;
  const difference = order(value, where.value);
  switch (where.operator) {
    case "=":
      return difference === 0;
    case "<>":
      return difference !== 0;
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
  }
}

/** As numbers where the literal is one; NaN, and so never met, where the value is not. */
function order(value: string, literal: Literal): number {
  if (typeof literal === "number") return value.trim() === "" ? Number.NaN : Number(value) - literal;
  const [a, b] = typeof literal === "boolean" ? [value.toLowerCase(), String(literal)] : [value, literal];
  return a < b ? -1 : a > b ? 1 : 0;
}

export function* columnsIn(where: Where): Generator<string> {
  if (where.kind === "not") yield* columnsIn(where.part);
  else if ("parts" in where) for (const part of where.parts) yield* columnsIn(part);
  else yield where.column;
}
