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

/** Where a strict parser stops, and what it wanted there. */
interface Stop {
  readonly at: number;
  readonly wanted: string;
}

const value = "a valid value";
const literals = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

function faultIn(text: string): JsonFault {
  const { at, wanted } = firstStop(text);
  const rest = text.slice(at);
  const word = wanted === value ? /^[A-Za-z_$][\w$]*/.exec(rest)?.[0] : undefined;
  const location = locationOf(text, at + (word?.length ?? 0));
  if (rest === "") return { message: "Unexpected end-of-input", location };
  if (word !== undefined) return { message: `Unrecognized token '${word}': was expecting ${literals}`, location };
  const character = rest.charAt(0);
  return {
    message: `Unexpected character ('${character}' (code ${character.charCodeAt(0)})): was expecting ${wanted}`,
    location,
  };
}

function locationOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split("\n");
  return `[Source: (String)"${text}"; line: ${lines.length}, column: ${(lines.at(-1)?.length ?? 0) + 1}]`;
}

const scalar =
  /(?:"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true\b|false\b|null\b)/y;

/** Walks the text until it stops being JSON. Only called for text that is not. */
function firstStop(text: string): Stop {
  let at = 0;
  const blanks = () => {
    while (/\s/.test(text.charAt(at))) at++;
  };
  const take = (character: string): boolean => {
    blanks();
    if (text.charAt(at) !== character) return false;
    at++;
    return true;
  };
  const takeScalar = (): boolean => {
    blanks();
    scalar.lastIndex = at;
    const found = scalar.exec(text)?.[0];
    at += found?.length ?? 0;
    return found !== undefined;
  };

  function readValue(): Stop | undefined {
    if (take("{")) return take("}") ? undefined : readMembers();
    if (take("[")) return take("]") ? undefined : readItems();
    return takeScalar() ? undefined : { at, wanted: value };
  }
  function readMembers(): Stop | undefined {
    do {
      blanks();
      if (text.charAt(at) !== '"' || !takeScalar()) return { at, wanted: "double-quote to start field name" };
      if (!take(":")) return { at, wanted: "a colon to separate field name and value" };
      const stop = readValue();
      if (stop) return stop;
    } while (take(","));
    return take("}") ? undefined : { at, wanted: "comma to separate Object entries" };
  }
  function readItems(): Stop | undefined {
    do {
      const stop = readValue();
      if (stop) return stop;
    } while (take(","));
    return take("]") ? undefined : { at, wanted: "comma to separate Array entries" };
  }

  const stop = readValue();
  blanks();
  return stop ?? { at, wanted: "the end of the text" };
}
