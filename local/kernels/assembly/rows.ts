/** Moving and adding rows of float32 tables. Formulas: ../rows.ts. */

export function gatherRows(table: usize, index: usize, out: usize, rows: i32, width: i32): void {
  const row = <usize>width * 4;
  for (let i = 0; i < rows; i++) memory.copy(out + <usize>i * row, table + <usize>load<u32>(index + 4 * i) * row, row);
}

export function scatterAddRows(table: usize, index: usize, source: usize, rows: i32, width: i32): void {
  const row = <usize>width * 4;
  for (let i = 0; i < rows; i++) addInto(table + <usize>load<u32>(index + 4 * i) * row, source + <usize>i * row, width);
}

export function addInto(to: usize, from: usize, length: i32): void {
  const bulk = <usize>(length & ~3) * 4;
  for (let x: usize = 0; x < bulk; x += 16) v128.store(to + x, f32x4.add(v128.load(to + x), v128.load(from + x)));
  for (let x = bulk; x < <usize>length * 4; x += 4) store<f32>(to + x, load<f32>(to + x) + load<f32>(from + x));
}

/** out[j] += Σ_i matrix[i, j] */
export function sumColumns(matrix: usize, out: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) addInto(out, matrix + 4 * (<usize>i * columns), columns);
}
