/** From logits to scores and their normaliser. Formulas: ../score.ts. */
import { exp4, ln, sum4 } from "./vector-math";

export function shiftAndScale(values: usize, shift: usize, scale: f32, length: i32): void {
  const times = f32x4.splat(scale);
  const bulk = <usize>(length & ~3) * 4;
  for (let x: usize = 0; x < bulk; x += 16) {
    v128.store(values + x, f32x4.mul(times, f32x4.add(v128.load(values + x), v128.load(shift + x))));
  }
  for (let x = bulk; x < <usize>length * 4; x += 4) {
    store<f32>(values + x, scale * (load<f32>(values + x) + load<f32>(shift + x)));
  }
}

/** Sums blocks of 4,096 in double precision, so that the sum over a large catalogue keeps its digits. */
export function logSumExp(values: usize, length: i32): f64 {
  if (length === 0) return -Infinity;
  const end = <usize>length * 4, bulk = <usize>(length & ~3) * 4;
  let most4 = f32x4.splat(-Infinity);
  for (let x: usize = 0; x < bulk; x += 16) most4 = f32x4.max(most4, v128.load(values + x));
  let most = max(
    max(f32x4.extract_lane(most4, 0), f32x4.extract_lane(most4, 1)),
    max(f32x4.extract_lane(most4, 2), f32x4.extract_lane(most4, 3)),
  );
  for (let x = bulk; x < end; x += 4) most = max(most, load<f32>(values + x));
  if (most === -Infinity) return -Infinity;
  const shift = f32x4.splat(most);
  let total: f64 = 0;
  for (let block: usize = 0; block < bulk; block += 16384) {
    let sum = f32x4.splat(0);
    for (let x = block; x < min(bulk, block + 16384); x += 16) {
      sum = f32x4.add(sum, exp4(f32x4.sub(v128.load(values + x), shift)));
    }
    total += <f64>sum4(sum);
  }
  for (let x = bulk; x < end; x += 4) {
    total += <f64>f32x4.extract_lane(exp4(f32x4.splat(load<f32>(values + x) - most)), 0);
  }
  return <f64>most + ln(total);
}
