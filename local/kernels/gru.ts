/**
 * One step of a gated recurrent unit (Cho et al. 2014, in the variant that resets after the multiplication, so that a step needs
 * one product with U): the slow twins of assembly/gru.ts. `a = x W + b` and `q = h U + c` come in already multiplied.
 *
 *   r = σ(a_r + q_r)      z = σ(a_z + q_z)      n = tanh(a_n + r ∘ q_n)      h' = (1 - z) ∘ n + z ∘ h
 *
 * Shapes, row-major, B rows of width H (a multiple of four): input a and recurrent q (B, 3H) as r | z | n; before h and after h'
 * (B, H); gates (B, 4H) as r | z | n | q_n, kept for the way back.
 */

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Writes gates and after. `after` may be `before`. */
export function gruForward(
  input: Float32Array,
  recurrent: Float32Array,
  before: Float32Array,
  gates: Float32Array,
  after: Float32Array,
  rows: number,
  width: number,
): void {
  for (let b = 0; b < rows; b++) {
    for (let x = 0; x < width; x++) {
      const at = 3 * b * width + x;
      const r = sigmoid(input[at]! + recurrent[at]!);
      const z = sigmoid(input[at + width]! + recurrent[at + width]!);
      const q = recurrent[at + 2 * width]!;
      const n = Math.tanh(input[at + 2 * width]! + r * q);
      [r, z, n, q].forEach((value, gate) => (gates[(4 * b + gate) * width + x] = value));
      after[b * width + x] = (1 - z) * n + z * before[b * width + x]!;
    }
  }
}

/**
 * From d = ∂L/∂h' to ∂L/∂a, ∂L/∂q and the direct part of ∂L/∂h (what goes through q, the caller adds by ∂L/∂q · Uᵀ):
 *
 *   dz = d ∘ (h - n) ∘ z (1 - z)      dn = d ∘ (1 - z) ∘ (1 - n²)      dr = dn ∘ q_n ∘ r (1 - r)
 *   ∂L/∂a = dr | dz | dn              ∂L/∂q = dr | dz | dn ∘ r         ∂L/∂h = d ∘ z
 *
 * Writes the last three arrays; `beforeGradient` may not be `gradient`.
 */
export function gruBackward(
  gradient: Float32Array,
  before: Float32Array,
  gates: Float32Array,
  inputGradient: Float32Array,
  recurrentGradient: Float32Array,
  beforeGradient: Float32Array,
  rows: number,
  width: number,
): void {
  for (let b = 0; b < rows; b++) {
    for (let x = 0; x < width; x++) {
      const gate = (k: number) => gates[(4 * b + k) * width + x]!;
      const [r, z, n, q] = [gate(0), gate(1), gate(2), gate(3)];
      const d = gradient[b * width + x]!;
      const dz = d * (before[b * width + x]! - n) * z * (1 - z);
      const dn = d * (1 - z) * (1 - n * n);
      const dr = dn * q * r * (1 - r);
      const at = 3 * b * width + x;
      [dr, dz, dn].forEach((value, k) => (inputGradient[at + k * width] = value));
      [dr, dz, dn * r].forEach((value, k) => (recurrentGradient[at + k * width] = value));
      beforeGradient[b * width + x] = d * z;
    }
  }
}

/** values ← tanh values. Rewrites `length` values, a multiple of four. */
export function tanhForward(values: Float32Array, length: number): void {
  for (let x = 0; x < length; x++) values[x] = Math.tanh(values[x]!);
}

/** From ∂L/∂tanh(x) to ∂L/∂x = ∂L/∂tanh(x) ∘ (1 - tanh²(x)), `values` being tanh(x). Rewrites gradient. */
export function tanhBackward(gradient: Float32Array, values: Float32Array, length: number): void {
  for (let x = 0; x < length; x++) gradient[x]! *= 1 - values[x]! * values[x]!;
}
