/** JSON that callers send as text: read, or refused in the words of the service's own parser (fact 38). */
import type { Json } from "./json.ts";

export type Read = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly fault: JsonFault };

export interface JsonFault {
  readonly message: string;
  /** Where in the text, as the service prints it. */
  readonly location: string;
}

export function readJson(text: string): Read {
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch {
    return { ok: false, fault: faultIn(text) };
  }
}

const expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/** Finds what a strict parser stumbles over first, and names it as Jackson does. */
function faultIn(text: string): JsonFault {
  const at = firstFault(text);
  const rest = text.slice(at);
  const word = /^[A-Za-z_$][\w$-]*/.exec(rest)?.[0];
  const location = locationOf(text, at + (word?.length ?? 0) + 1);
  const before = text.slice(0, at).trimEnd().at(-1);
  if (rest === "") return { message: "Unexpected end-of-input", location };
  if (word !== undefined && before !== "{") {
    return { message: `Unrecognized token '${word}': was expecting ${expected}`, location };
  }
  const character = rest.charAt(0);
  const wanted = before === "{" ? "double-quote to start field name" : "a valid value";
  return {
    message: `Unexpected character ('${character}' (code ${character.charCodeAt(0)})): was expecting ${wanted}`,
    location,
  };
}

/** The length of the longest beginning that some JSON text has, too. */
function firstFault(text: string): number {
  const position = /^\s*/.exec(text)?.[0].length ?? 0;
  const message = messageOf(text);
  const found = /position (\d+)/.exec(message)?.[1];
  if (found !== undefined) return startOfWord(text, Number(found));
  return /end of JSON/.test(message) ? text.length : position;
}

function messageOf(text: string): string {
  try {
    JSON.parse(text);
    return "";
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

/** V8 points into a broken word (`nxt`: at the x); the service names it from its beginning. */
function startOfWord(text: string, position: number): number {
  let start = position;
  while (start > 0 && /\w/.test(text.charAt(start - 1))) start--;
  return start;
}

function locationOf(text: string, offset: number): string {
  const lines = text.slice(0, offset - 1).split("\n");
  return `[Source: (String)"${text}"; line: ${lines.length}, column: ${(lines.at(-1)?.length ?? 0) + 1}]`;
}
