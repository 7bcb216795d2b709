/** Names as outrank.json wants them: a-z, 0-9 and hyphens, beginning with a letter, short, each once. */
import type { Source } from "./source.ts";

/** A name of at most `most` characters that is not in `used` yet; it is added there. */
export function fitName(wished: string, most: number, used: Set<string>): string {
  const plain = wished
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "");
  const cut = (length: number) => plain.slice(0, length).replace(/-+$/, "");
  const base = cut(most).length < 2 ? "main" : cut(most);
  let name = base;
  for (let count = 2; used.has(name); count++) name = `${cut(most - String(count).length - 1) || base}-${count}`;
  used.add(name);
  return name;
}

/** Takes a name and says so when it had to change. */
export function nameFrom(source: Source, most: number, used: Set<string>, otherwise: string): string {
  const wished = source.text() ?? otherwise;
  const name = fitName(wished, most, used);
  if (name !== wished) source.changed(`"${name}": names here are a-z, 0-9 and -, at most ${most} characters`);
  return name;
}
