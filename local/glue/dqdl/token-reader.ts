/** A cursor over tokens, with the questions that a parser asks. */
import { DqdlError, type Token, tokensOf } from "./tokens.ts";

export interface TokenReader {
  /** The token that comes `ahead` after the next one. */
  peek(ahead?: number): Token;
  take(): Token;
  /** Takes the next token when it is this word or symbol. */
  takeIf(...texts: readonly string[]): string | undefined;
  is(...texts: readonly string[]): boolean;
  expect(...texts: readonly string[]): string;
  expectString(what: string): string;
  fail(message: string, at?: Token): never;
}

export function readTokens(source: string): TokenReader {
  const tokens = tokensOf(source);
  const last = tokens[tokens.length - 1] as Token; // tokensOf ends every list with an end token
  let next = 0;
  const peek = (ahead = 0): Token => tokens[next + ahead] ?? last;
  const take = (): Token => {
    const token = peek();
    next++;
    return token;
  };
  const is = (...texts: readonly string[]): boolean => {
    const { kind, text } = peek();
    return (kind === "word" || kind === "symbol") && texts.includes(text);
  };
  const fail = (message: string, at = peek()): never => {
    throw new DqdlError(message, source, at.at);
  };
  const found = () => (peek().kind === "string" ? `"${peek().text}"` : peek().text);
  const expected = (what: string) => fail(`Expected ${what} but found ${found()}`);
  return {
    peek,
    take,
    is,
    fail,
    takeIf: (...texts) => (is(...texts) ? take().text : undefined),
    expect: (...texts) => (is(...texts) ? take().text : expected(texts.join(" or "))),
    expectString: (what) => (peek().kind === "string" ? take().text : expected(`${what} in double quotes`)),
  };
}
