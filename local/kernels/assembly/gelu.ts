/** The Gaussian error linear unit, forward and backward. Formulas: ../gelu.ts. Lengths are multiples of four. */
import { sigmoid4 } from "./vector-math";

const steepness: f32 = 1.702;

export function geluForward(x: usize, y: usize, length: i32): void {
  const steep = f32x4.splat(steepness);
  for (let n: usize = 0; n < <usize>length * 4; n += 16) {
    const value = v128.load(x + n);
    v128.store(y + n, f32x4.mul(value, sigmoid4(f32x4.mul(steep, value))));
  }
}

export function geluBackward(x: usize, gradient: usize, length: i32): void {
  const steep = f32x4.splat(steepness), one = f32x4.splat(1.0);
  for (let n: usize = 0; n < <usize>length * 4; n += 16) {
    const value = f32x4.mul(steep, v128.load(x + n));
    const s = sigmoid4(value);
    const slope = f32x4.add(s, f32x4.mul(value, f32x4.mul(s, f32x4.sub(one, s))));
    v128.store(gradient + n, f32x4.mul(v128.load(gradient + n), slope));
  }
}
