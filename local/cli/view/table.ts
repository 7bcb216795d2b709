/** Tables of text for terminals and pipes: columns as wide as their widest cell, numbers to the right. */
export interface TableOptions {
  /** Columns set flush right, by index. */
  readonly right?: readonly number[];
  readonly indent?: string;
}

/** One line per row, the first row ruled off as header. */
export function table(rows: readonly (readonly string[])[], { right = [], indent = "" }: TableOptions = {}): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ""))));
  const line = (row: readonly string[]) =>
    indent +
    widths
      .map((width, column) => pad(row[column] ?? "", width, right.includes(column)))
      .join("  ")
      .trimEnd();
  const [header = [], ...body] = rows;
  return [line(header), indent + widths.map((width) => "-".repeat(width)).join("  "), ...body.map(line)];
}

/** Code points are counted, which is right for the scripts whose letters are one cell wide. */
const displayWidth = (text: string) => [...text].length;

function pad(text: string, width: number, toTheRight: boolean): string {
  const space = " ".repeat(Math.max(0, width - displayWidth(text)));
  return toTheRight ? space + text : text + space;
}

/** The text cut to `width` with an ellipsis. */
export function clip(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, Math.max(0, width - 1)).join("")}…`;
}
