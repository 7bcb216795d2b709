/**
 * Layer normalisation (Ba et al. 2016): the slow twins of assembly/layer-norm.ts. Per row x of width H, a multiple of four:
 *
 *   x̂ = (x - mean) / √(variance + 10⁻⁵)      y = gain ∘ x̂ + bias
 */

const epsilon = 1e-5;

/** @param scale (rows) 1 / √(variance + 10⁻⁵), and @param normal (rows, H) x̂, both kept for the way back. Writes y, scale, normal. */
export function layerNormForward(
  x: Float32Array,
  gain: Float32Array,
  bias: Float32Array,
  y: Float32Array,
  normal: Float32Array,
  scale: Float32Array,
  rows: number,
  width: number,
): void {
  for (let n = 0; n < rows; n++) {
    const row = x.subarray(n * width, (n + 1) * width);
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    scale[n] = 1 / Math.sqrt(variance + epsilon);
    for (let j = 0; j < width; j++) {
      normal[n * width + j] = (row[j]! - mean) * scale[n]!;
      y[n * width + j] = gain[j]! * normal[n * width + j]! + bias[j]!;
    }
  }
}

/**
 * From d = ∂L/∂y, with e = d ∘ gain and means over the row:
 *
 *   ∂L/∂x += scale (e - mean(e) - x̂ mean(e ∘ x̂))      ∂L/∂gain += Σ_n d ∘ x̂      ∂L/∂bias += Σ_n d
 */
export function layerNormBackward(
  gradient: Float32Array,
  gain: Float32Array,
  normal: Float32Array,
  scale: Float32Array,
  xGradient: Float32Array,
  gainGradient: Float32Array,
  biasGradient: Float32Array,
  rows: number,
  width: number,
): void {
  for (let n = 0; n < rows; n++) {
    const at = (j: number) => n * width + j;
    let mean = 0;
    let along = 0;
    for (let j = 0; j < width; j++) {
      mean += (gradient[at(j)]! * gain[j]!) / width;
      along += (gradient[at(j)]! * gain[j]! * normal[at(j)]!) / width;
    }
    for (let j = 0; j < width; j++) {
      xGradient[at(j)]! += scale[n]! * (gradient[at(j)]! * gain[j]! - mean - normal[at(j)]! * along);
      gainGradient[j]! += gradient[at(j)]! * normal[at(j)]!;
      biasGradient[j]! += gradient[at(j)]!;
    }
  }
}
