/**
 * The Gaussian error linear unit in its logistic approximation (Hendrycks and Gimpel 2016): the slow twins of assembly/gelu.ts.
 *
 *   y = x σ(1.702 x)      ∂y/∂x = σ + 1.702 x σ (1 - σ)
 */

const steepness = 1.702;
const logistic = (x: number) => 1 / (1 + Math.exp(-steepness * x));

/** Writes y. Lengths are multiples of four. */
export function geluForward(x: Float32Array, y: Float32Array, length: number): void {
  for (let n = 0; n < length; n++) y[n] = x[n]! * logistic(x[n]!);
}

/** Multiplies `gradient`, ∂L/∂y on entry, by ∂y/∂x. */
export function geluBackward(x: Float32Array, gradient: Float32Array, length: number): void {
  for (let n = 0; n < length; n++) {
    const s = logistic(x[n]!);
    gradient[n]! *= s + steepness * x[n]! * s * (1 - s);
  }
}
