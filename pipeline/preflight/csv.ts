/**
 * CSV as Personalize reads it: commas, one record a line, quotes where needed with `\"` or `""` inside. Works on text
 * in pieces of any size, so that a file of any size passes through in constant memory.
 */

/** A record over more lines than this is a quote that somebody forgot to close. */
const maxLinesOfARecord = 100;

export interface CsvReader {
  push(text: string): void;
  /** Hands over a last line without line end. Throws nothing: an unclosed quote gives what there is. */
  end(): void;
}

/** @param onRow receives the fields and the number of the line in which the record began, from 1. */
export function createCsvReader(onRow: (fields: string[], line: number) => void): CsvReader {
  let rest = "";
  let line = 0;
  let isFirst = true;
  let open: { text: string; line: number } | undefined;

  function take(text: string): void {
    line += 1;
    const content = text.endsWith("\r") ? text.slice(0, -1) : text;
    if (open === undefined && !content.includes('"')) {
      if (content !== "") onRow(content.split(","), line);
      return;
    }
    const record = open === undefined ? { text: content, line } : { ...open, text: `${open.text}\n${content}` };
    const isEndless = line - record.line >= maxLinesOfARecord;
    const fields = splitQuoted(record.text) ?? (isEndless ? record.text.split(",") : undefined);
    open = fields === undefined ? record : undefined;
    if (fields !== undefined) onRow(fields, record.line);
  }

  return {
    push(text) {
      const pending = rest + (isFirst && text !== "" ? text.replace(/^\uFEFF/, "") : text);
      if (text !== "") isFirst = false;
      let start = 0;
      for (let end = pending.indexOf("\n"); end >= 0; end = pending.indexOf("\n", start)) {
        take(pending.slice(start, end));
        start = end + 1;
      }
      rest = pending.slice(start);
    },
    end() {
      if (rest !== "") take(rest);
      if (open !== undefined) onRow(open.text.split(","), open.line);
      rest = "";
      open = undefined;
    },
  };
}

/** The fields of a record with quotes, or undefined when a quote is still open at its end. */
function splitQuoted(text: string): string[] | undefined {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (quoted && ((character === "\\" && (next === '"' || next === "\\")) || (character === '"' && next === '"'))) {
      field += next;
      at += 1;
    } else if (character === '"' && (quoted || field === "")) {
      quoted = !quoted;
    } else if (character === "," && !quoted) {
      fields.push(field);
      field = "";
    } else {
      field += character;
    }
  }
  return quoted ? undefined : [...fields, field];
}
