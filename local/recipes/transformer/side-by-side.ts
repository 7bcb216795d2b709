/** Rows of several networks next to each other, as one pass over the items and one saved table want them. */

export interface Rows {
  readonly rows: Float32Array; // (N, width)
  readonly width: number;
}

/** For as many of the last rows as all have. */
export function sideBySide(parts: readonly Rows[]): Float32Array {
  const length = Math.min(...parts.map(({ rows, width }) => rows.length / width));
  const all = parts.reduce((sum, { width }) => sum + width, 0);
  const joined = new Float32Array(length * all);
  let first = 0;
  for (const { rows, width } of parts) {
    const skipped = rows.length / width - length;
    for (let n = 0; n < length; n++) {
      joined.set(rows.subarray((skipped + n) * width, (skipped + n + 1) * width), n * all + first);
    }
    first += width;
  }
  return joined;
}

/** The way back: each network's own rows. */
export function takenApart(joined: Float32Array, widths: readonly number[]): Float32Array[] {
  const all = widths.reduce((sum, width) => sum + width, 0);
  const length = joined.length / all;
  let first = 0;
  return widths.map((width) => {
    const rows = new Float32Array(length * width);
    for (let n = 0; n < length; n++) {
      rows.set(joined.subarray(n * all + first, n * all + first + width), n * width);
    }
    first += width;
    return rows;
  });
}
