/**
 * From one set of vectors to another: the linear map B that least squares choose, with a ridge, and what it says for every row.
 *
 *   B = (Xᵀ D X + λ I)⁻¹ Xᵀ D Y,   result = X B            D = diag(weights)
 */

/** Row-major, rows of `width`. */
export interface Vectors {
  readonly width: number;
  readonly vectors: Float32Array;
}

const ridge = 1;

/** @returns X B, (rows, width of Y) */
export function ridgeRegression(x: Vectors, y: Vectors, weights: Float64Array): Float32Array {
  const [k, m] = [x.width, y.width];
  const left = new Float64Array(k * k);
  const right = new Float64Array(k * m);
  weights.forEach((weight, row) => {
    for (let a = 0; a < k; a++) {
      const value = weight * x.vectors[row * k + a]!;
      if (value === 0) continue;
      for (let b = 0; b < k; b++) left[a * k + b]! += value * x.vectors[row * k + b]!;
      for (let b = 0; b < m; b++) right[a * m + b]! += value * y.vectors[row * m + b]!;
    }
  });
  for (let a = 0; a < k; a++) left[a * k + a]! += ridge;
  solve(left, right, k, m);
  const out = new Float32Array(weights.length * m);
  for (let row = 0; row < weights.length; row++) {
    for (let a = 0; a < k; a++) {
      const value = x.vectors[row * k + a]!;
      for (let b = 0; b < m; b++) out[row * m + b]! += value * right[a * m + b]!;
    }
  }
  return out;
}

/** Solves A Z = R for a symmetric positive definite A (k, k), by elimination. Rewrites both; R becomes Z. */
function solve(a: Float64Array, r: Float64Array, k: number, m: number): void {
  for (let p = 0; p < k; p++) {
    for (let row = p + 1; row < k; row++) {
      const factor = a[row * k + p]! / a[p * k + p]!;
      if (factor === 0) continue;
      for (let c = p; c < k; c++) a[row * k + c]! -= factor * a[p * k + c]!;
      for (let c = 0; c < m; c++) r[row * m + c]! -= factor * r[p * m + c]!;
    }
  }
  for (let p = k - 1; p >= 0; p--) {
    for (let c = 0; c < m; c++) {
      let sum = r[p * m + c]!;
      for (let q = p + 1; q < k; q++) sum -= a[p * k + q]! * r[q * m + c]!;
      r[p * m + c] = sum / a[p * k + p]!;
    }
  }
}
