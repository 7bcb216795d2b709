/**
 * Multiply-add: one rounding where the build has relaxed SIMD (kernels-relaxed.wasm), two where it has not (kernels.wasm). The two
 * builds differ in their last bits, so the same seed gives the same model per build.
 */

/** a * b + c */
// @ts-ignore: decorator
@inline
export function madd4(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  else return f32x4.add(c, f32x4.mul(a, b));
}
