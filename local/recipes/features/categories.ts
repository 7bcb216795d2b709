/** Text with several values, `A|B`, as codes of categories. */
import type { Column } from "../recipe.ts";

/** The values of a text, each once, without blanks around them. */
const valuesOf = (text: string): string[] =>
  [...new Set(text.split("|").map((each) => each.trim()))].filter((each) => each !== "");

/** Splits `A|B` into codes, one list a row. */
export function categoricalColumn(name: string, texts: Iterable<string>, rows: number): Column {
  const codeOf = new Map<string, number>();
  const splits = new Map<string, number[]>();
  const offsets = new Uint32Array(rows + 1);
  const codes: number[] = [];
  let row = 0;
  for (const text of texts) {
    let split = splits.get(text);
    if (!split) {
      split = valuesOf(text).map((category) => {
        const code = codeOf.get(category) ?? codeOf.size;
        codeOf.set(category, code);
        return code;
      });
      splits.set(text, split);
    }
    for (const code of split) codes.push(code);
    offsets[++row] = codes.length;
  }
  return { name, kind: "categorical", categories: [...codeOf.keys()], offsets, codes: Uint32Array.from(codes) };
}
