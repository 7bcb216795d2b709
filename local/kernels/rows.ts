/** Moving and adding rows of tables: the slow twins of assembly/rows.ts. Tables are row-major with rows of `width`. */

/** out[n] = table[index[n]], for n < rows. Writes out. */
export function gatherRows(
  table: Float32Array,
  index: Uint32Array,
  out: Float32Array,
  rows: number,
  width: number,
): void {
  for (let n = 0; n < rows; n++) {
    for (let x = 0; x < width; x++) out[n * width + x] = table[index[n]! * width + x]!;
  }
}

/** table[index[n]] += source[n], for n < rows; an index may come several times. Rewrites rows of table. */
export function scatterAddRows(
  table: Float32Array,
  index: Uint32Array,
  source: Float32Array,
  rows: number,
  width: number,
): void {
  for (let n = 0; n < rows; n++) {
    for (let x = 0; x < width; x++) table[index[n]! * width + x]! += source[n * width + x]!;
  }
}

/** to[n] += from[n]. Rewrites to. */
export function addInto(to: Float32Array, from: Float32Array, length: number): void {
  for (let n = 0; n < length; n++) to[n]! += from[n]!;
}

/** out[j] += Σ_i matrix[i, j]. Rewrites out. */
export function sumColumns(matrix: Float32Array, out: Float32Array, rows: number, columns: number): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j]! += matrix[i * columns + j]!;
  }
}
