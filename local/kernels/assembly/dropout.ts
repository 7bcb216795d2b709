/** Dropout whose mask is a function of seed and position, so that the backward pass needs no stored mask. Formula: ../dropout.ts. */

// @ts-ignore: decorator
@inline
function hash4(x: v128): v128 {
  x = v128.xor(x, i32x4.shr_u(x, 16));
  x = i32x4.mul(x, i32x4.splat(0x7feb352d));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(<i32>0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

export function dropout(values: usize, length: i32, rate: f32, seed: i32): void {
  const threshold = i32x4.splat(<i32>(<f64>rate * 16777216.0));
  const scale = f32x4.splat(<f32>1 / (<f32>1 - rate));
  const mix = i32x4.splat(seed);
  let position = i32x4(0, 1, 2, 3);
  for (let x: usize = 0; x < <usize>length * 4; x += 16) {
    const chance = i32x4.shr_u(hash4(v128.xor(hash4(position), mix)), 8);
    const kept = i32x4.ge_s(chance, threshold);
    v128.store(values + x, v128.and(kept, f32x4.mul(v128.load(values + x), scale)));
    position = i32x4.add(position, i32x4.splat(4));
  }
}
