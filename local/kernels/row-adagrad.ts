/**
 * Adagrad with one second moment a row of a table instead of one a number (Duchi et al. 2011, as large embedding tables are
 * trained): the slow twin of assembly/row-adagrad.ts.
 *
 *   v ← v + mean(g²)      p ← p - rate g / (√v + ε)      g = scale · gradient row i, on rows index[i]
 *
 * @param v (rows of the table). Rewrites p and v; a width is a multiple of four
 */
export function rowAdagrad(
  p: Float32Array,
  g: Float32Array,
  v: Float32Array,
  index: Uint32Array,
  rows: number,
  width: number,
  rate: number,
  epsilon: number,
  scale: number,
): void {
  for (let i = 0; i < rows; i++) {
    const gradient = g.subarray(i * width, (i + 1) * width).map((x) => x * scale);
    const place = index[i]!;
    v[place]! += gradient.reduce((sum, x) => sum + x * x, 0) / width;
    const step = rate / (Math.sqrt(v[place]!) + epsilon);
    for (let x = 0; x < width; x++) p[place * width + x]! -= step * gradient[x]!;
  }
}
