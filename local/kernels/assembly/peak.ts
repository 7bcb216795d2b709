/** What a core can do at most, for bench/kernels.ts: multiply-adds on accumulators that never leave the registers. */
import { madd4 } from "./fused";

/**
 * Twelve multiply-adds of four numbers each, `rounds` times: as many as the registers take, so that the latency of a multiplication
 * and an addition is hidden. The result only keeps the compiler from leaving out everything.
 */
export function multiplyAdds(rounds: i32): f32 {
  const a = f32x4.splat(0.999), b = f32x4.splat(0.001);
  let x0 = f32x4.splat(1), x1 = f32x4.splat(2), x2 = f32x4.splat(3), x3 = f32x4.splat(4),
    x4 = f32x4.splat(5), x5 = f32x4.splat(6), x6 = f32x4.splat(7), x7 = f32x4.splat(8),
    x8 = f32x4.splat(9), x9 = f32x4.splat(10), x10 = f32x4.splat(11), x11 = f32x4.splat(12);
  for (let round = 0; round < rounds; round++) {
    x0 = madd4(x0, a, b);
    x1 = madd4(x1, a, b);
    x2 = madd4(x2, a, b);
    x3 = madd4(x3, a, b);
    x4 = madd4(x4, a, b);
    x5 = madd4(x5, a, b);
    x6 = madd4(x6, a, b);
    x7 = madd4(x7, a, b);
    x8 = madd4(x8, a, b);
    x9 = madd4(x9, a, b);
    x10 = madd4(x10, a, b);
    x11 = madd4(x11, a, b);
  }
  let sum = x0;
  sum = f32x4.add(sum, x1);
  sum = f32x4.add(sum, x2);
  sum = f32x4.add(sum, x3);
  sum = f32x4.add(sum, x4);
  sum = f32x4.add(sum, x5);
  sum = f32x4.add(sum, x6);
  sum = f32x4.add(sum, x7);
  sum = f32x4.add(sum, x8);
  sum = f32x4.add(sum, x9);
  sum = f32x4.add(sum, x10);
  sum = f32x4.add(sum, x11);
  return f32x4.extract_lane(sum, 0);
}
