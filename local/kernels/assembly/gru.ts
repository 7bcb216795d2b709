/**
 * One step of a gated recurrent unit, forward and backward, for `rows` sequences at once. Formulas and shapes: ../gru.ts.
 * The width is a multiple of four.
 */
import { sigmoid4, tanh4 } from "./vector-math";

export function gruForward(
  input: usize,
  recurrent: usize,
  before: usize,
  gates: usize,
  after: usize,
  rows: i32,
  width: i32,
): void {
  const row = <usize>width * 4;
  const one = f32x4.splat(1.0);
  for (let i = 0; i < rows; i++) {
    for (let x: usize = 0; x < row; x += 16) {
      const r = sigmoid4(f32x4.add(v128.load(input + x), v128.load(recurrent + x)));
      const z = sigmoid4(f32x4.add(v128.load(input + row + x), v128.load(recurrent + row + x)));
      const q = v128.load(recurrent + 2 * row + x);
      const n = tanh4(f32x4.add(v128.load(input + 2 * row + x), f32x4.mul(r, q)));
      v128.store(gates + x, r);
      v128.store(gates + row + x, z);
      v128.store(gates + 2 * row + x, n);
      v128.store(gates + 3 * row + x, q);
      v128.store(after + x, f32x4.add(f32x4.mul(f32x4.sub(one, z), n), f32x4.mul(z, v128.load(before + x))));
    }
    input += 3 * row;
    recurrent += 3 * row;
    before += row;
    gates += 4 * row;
    after += row;
  }
}

export function gruBackward(
  gradient: usize,
  before: usize,
  gates: usize,
  inputGradient: usize,
  recurrentGradient: usize,
  beforeGradient: usize,
  rows: i32,
  width: i32,
): void {
  const row = <usize>width * 4;
  const one = f32x4.splat(1.0);
  for (let i = 0; i < rows; i++) {
    for (let x: usize = 0; x < row; x += 16) {
      const d = v128.load(gradient + x);
      const r = v128.load(gates + x);
      const z = v128.load(gates + row + x);
      const n = v128.load(gates + 2 * row + x);
      const q = v128.load(gates + 3 * row + x);
      const keep = f32x4.sub(one, z);
      const dz = f32x4.mul(f32x4.mul(d, f32x4.sub(v128.load(before + x), n)), f32x4.mul(z, keep));
      const dn = f32x4.mul(f32x4.mul(d, keep), f32x4.sub(one, f32x4.mul(n, n)));
      const dr = f32x4.mul(f32x4.mul(dn, q), f32x4.mul(r, f32x4.sub(one, r)));
      v128.store(inputGradient + x, dr);
      v128.store(inputGradient + row + x, dz);
      v128.store(inputGradient + 2 * row + x, dn);
      v128.store(recurrentGradient + x, dr);
      v128.store(recurrentGradient + row + x, dz);
      v128.store(recurrentGradient + 2 * row + x, f32x4.mul(dn, r));
      v128.store(beforeGradient + x, f32x4.mul(d, z));
    }
    gradient += row;
    before += row;
    gates += 4 * row;
    inputGradient += 3 * row;
    recurrentGradient += 3 * row;
    beforeGradient += row;
  }
}

/** values ← tanh values, in place; `length` is a multiple of four. */
export function tanhForward(values: usize, length: i32): void {
  for (let x: usize = 0; x < <usize>length * 4; x += 16) v128.store(values + x, tanh4(v128.load(values + x)));
}

/** gradient ← gradient ∘ (1 - values²), in place. */
export function tanhBackward(gradient: usize, values: usize, length: i32): void {
  const one = f32x4.splat(1.0);
  for (let x: usize = 0; x < <usize>length * 4; x += 16) {
    const value = v128.load(values + x);
    v128.store(gradient + x, f32x4.mul(v128.load(gradient + x), f32x4.sub(one, f32x4.mul(value, value))));
  }
}
