/** Softmax cross-entropy over rows of logits, turned into its gradient in place. Formulas and shapes: ../softmax.ts. */
import { exp4, ln, sum4 } from "./vector-math";

// @ts-ignore: decorator
@inline
function max4(x: v128): f32 {
  return max(
    max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

/** Adds the offsets to one row of logits; returns the largest of the sums. */
function addOffsets(row: usize, offset: usize, bulk: usize, end: usize): f32 {
  let most4 = f32x4.splat(-f32.MAX_VALUE);
  for (let x: usize = 0; x < bulk; x += 16) {
    const value = f32x4.add(v128.load(row + x), v128.load(offset + x));
    v128.store(row + x, value);
    most4 = f32x4.max(most4, value);
  }
  let most = max4(most4);
  for (let x = bulk; x < end; x += 4) {
    const value = load<f32>(row + x) + load<f32>(offset + x);
    store<f32>(row + x, value);
    most = max(most, value);
  }
  return most;
}

export function softmaxCrossEntropy(
  logits: usize, stride: i32, offset: usize, target: usize, weight: usize, rows: i32, columns: i32,
): f64 {
  const bulk = <usize>(columns & ~3) * 4;
  const end = <usize>columns * 4;
  let loss: f64 = 0;
  for (let i = 0; i < rows; i++) {
    const row = logits + 4 * (<usize>i * stride);
    const most = addOffsets(row, offset, bulk, end);
    const hit = row + <usize>load<u32>(target + 4 * i) * 4;
    const wanted = load<f32>(hit) - most;
    let sum4x = f32x4.splat(0);
    for (let x: usize = 0; x < bulk; x += 16) {
      const e = exp4(f32x4.sub(v128.load(row + x), f32x4.splat(most)));
      v128.store(row + x, e);
      sum4x = f32x4.add(sum4x, e);
    }
    let sum = sum4(sum4x);
    for (let x = bulk; x < end; x += 4) {
      const e = f32x4.extract_lane(exp4(f32x4.splat(load<f32>(row + x) - most)), 0);
      store<f32>(row + x, e);
      sum += e;
    }
    const w = load<f32>(weight + 4 * i);
    loss += <f64>w * (ln(<f64>sum) - <f64>wanted);
    const scale = w / sum;
    for (let x: usize = 0; x < bulk; x += 16) v128.store(row + x, f32x4.mul(v128.load(row + x), f32x4.splat(scale)));
    for (let x = bulk; x < end; x += 4) store<f32>(row + x, load<f32>(row + x) * scale);
    store<f32>(hit, load<f32>(hit) - w);
  }
  return loss;
}
