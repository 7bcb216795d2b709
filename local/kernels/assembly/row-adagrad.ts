/** Adagrad with one moment a row, for tables whose other moments would not fit. Formula: ../row-adagrad.ts. */
import { sum4 } from "./vector-math";

export function rowAdagrad(
  p: usize, g: usize, v: usize, index: usize, rows: i32, width: i32, rate: f32, epsilon: f32, scale: f32,
): void {
  const row = <usize>width * 4;
  const times = f32x4.splat(scale);
  for (let i = 0; i < rows; i++) {
    const place = <usize>load<u32>(index + 4 * i);
    const to = p + place * row, from = g + <usize>i * row;
    let squares = f32x4.splat(0);
    for (let x: usize = 0; x < row; x += 16) {
      const gradient = f32x4.mul(v128.load(from + x), times);
      squares = f32x4.add(squares, f32x4.mul(gradient, gradient));
    }
    const square = load<f32>(v + 4 * place) + sum4(squares) / <f32>width;
    store<f32>(v + 4 * place, square);
    const step = f32x4.splat((rate * scale) / (sqrt<f32>(square) + epsilon));
    for (let x: usize = 0; x < row; x += 16) {
      v128.store(to + x, f32x4.sub(v128.load(to + x), f32x4.mul(step, v128.load(from + x))));
    }
  }
}
