/**
 * HTML as a value that only `html` can make: whatever is put into a template is escaped, unless it is such a value
 * already. So no name, reason or key that somebody chose can become markup, in text or in a quoted attribute.
 */
const kind: unique symbol = Symbol("markup");

export interface Markup {
  readonly [kind]: true;
  readonly text: string;
}

type Part = Markup | string | number | null | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

function textOf(part: Part): string {
  if (part === null) return "";
  if (typeof part === "string" || typeof part === "number") return escaped(String(part));
  return isMarkup(part) ? part.text : part.map(textOf).join("");
}

const isMarkup = (part: Markup | readonly Part[]): part is Markup => kind in part;

/** Attribute values must be quoted in the template. */
export function html(fixed: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const text = fixed.map((piece, at) => piece + (at < parts.length ? textOf(parts[at] ?? null) : "")).join("");
  return { [kind]: true, text };
}
