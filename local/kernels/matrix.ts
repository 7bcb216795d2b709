/** Matrix multiplication, slow and plain: the twins of assembly/matrix.ts. Shapes in letters: A (M, K), B (K, N), C (M, N). */
import type { Strided } from "./kernels.ts";

const panel = 8;

/**
 * Packs B into panels of eight columns, the last filled up with zeros: element (k, j) goes to
 * packed[(j div 8) · 8K + 8k + j mod 8].
 *
 * @param packed length K · 8 · ceil(N / 8), rewritten
 */
export function packRight(b: Strided, depth: number, columns: number, packed: Float32Array): void {
  let to = 0;
  for (let j = 0; j < columns; j += panel) {
    for (let k = 0; k < depth; k++) {
      for (let x = j; x < j + panel; x++) packed[to++] = x < columns ? b.data[k * b.row + x * b.column]! : 0;
    }
  }
}

/** C = A · B, or C += A · B when accumulating, for a packed B. Rewrites rows of C, `cRow` apart; `scratch` is unused here. */
export function multiplyPacked(
  a: Strided,
  packed: Float32Array,
  c: Float32Array,
  cRow: number,
  rows: number,
  depth: number,
  columns: number,
  accumulate: boolean,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = accumulate ? c[i * cRow + j]! : 0;
      const right = Math.floor(j / panel) * panel * depth + (j % panel);
      for (let k = 0; k < depth; k++) sum += a.data[i * a.row + k * a.column]! * packed[right + k * panel]!;
      c[i * cRow + j] = sum;
    }
  }
}

/** y = x · B, or y += x · B, for one row. The fast twin writes up to the next sixteen columns, so y must have room. */
export function multiplyRow(
  x: Float32Array,
  packed: Float32Array,
  y: Float32Array,
  depth: number,
  columns: number,
  accumulate: boolean,
): void {
  multiplyPacked({ data: x, row: depth, column: 1 }, packed, y, columns, 1, depth, columns, accumulate);
}
