/** Layer normalisation, forward and backward. Formulas and shapes: ../layer-norm.ts. The width is a multiple of four. */
import { sum4 } from "./vector-math";

const epsilon: f32 = 1e-5;

export function layerNormForward(
  x: usize, gain: usize, bias: usize, y: usize, normal: usize, scale: usize, rows: i32, width: i32,
): void {
  const row = <usize>width * 4;
  for (let n = 0; n < rows; n++) {
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < row; j += 16) sum = f32x4.add(sum, v128.load(x + j));
    const mean = f32x4.splat(sum4(sum) / <f32>width);
    let squares = f32x4.splat(0);
    for (let j: usize = 0; j < row; j += 16) {
      const off = f32x4.sub(v128.load(x + j), mean);
      squares = f32x4.add(squares, f32x4.mul(off, off));
    }
    const s = <f32>1 / sqrt<f32>(sum4(squares) / <f32>width + epsilon);
    store<f32>(scale + 4 * n, s);
    for (let j: usize = 0; j < row; j += 16) {
      const hat = f32x4.mul(f32x4.sub(v128.load(x + j), mean), f32x4.splat(s));
      v128.store(normal + j, hat);
      v128.store(y + j, f32x4.add(f32x4.mul(v128.load(gain + j), hat), v128.load(bias + j)));
    }
    x += row;
    y += row;
    normal += row;
  }
}

export function layerNormBackward(
  gradient: usize, gain: usize, normal: usize, scale: usize,
  xGradient: usize, gainGradient: usize, biasGradient: usize, rows: i32, width: i32,
): void {
  const row = <usize>width * 4;
  for (let n = 0; n < rows; n++) {
    let sum = f32x4.splat(0), sumAlong = f32x4.splat(0);
    for (let j: usize = 0; j < row; j += 16) {
      const d = v128.load(gradient + j), hat = v128.load(normal + j);
      const e = f32x4.mul(d, v128.load(gain + j));
      sum = f32x4.add(sum, e);
      sumAlong = f32x4.add(sumAlong, f32x4.mul(e, hat));
      v128.store(gainGradient + j, f32x4.add(v128.load(gainGradient + j), f32x4.mul(d, hat)));
      v128.store(biasGradient + j, f32x4.add(v128.load(biasGradient + j), d));
    }
    const mean = f32x4.splat(sum4(sum) / <f32>width), along = f32x4.splat(sum4(sumAlong) / <f32>width);
    const s = v128.load_splat<f32>(scale + 4 * n);
    for (let j: usize = 0; j < row; j += 16) {
      const e = f32x4.mul(v128.load(gradient + j), v128.load(gain + j));
      const off = f32x4.sub(f32x4.sub(e, mean), f32x4.mul(v128.load(normal + j), along));
      v128.store(xGradient + j, f32x4.add(v128.load(xGradient + j), f32x4.mul(s, off)));
    }
    gradient += row;
    normal += row;
    xGradient += row;
  }
}
