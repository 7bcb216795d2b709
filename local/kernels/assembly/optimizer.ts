/** Adam and Adagrad, dense and on some rows of a table only. Formulas: ../optimizer.ts. Widths are multiples of four. */

// @ts-ignore: decorator
@inline
function adamStep(
  p: usize, g: usize, m: usize, v: usize, length: i32,
  rate: f32, keepMean: f32, keepSquare: f32, epsilon: f32, decay: f32, scale: f32,
): void {
  const bm = f32x4.splat(keepMean), cm = f32x4.splat(<f32>1 - keepMean);
  const bv = f32x4.splat(keepSquare), cv = f32x4.splat(<f32>1 - keepSquare);
  const lr = f32x4.splat(rate), eps = f32x4.splat(epsilon), shrink = f32x4.splat(decay), times = f32x4.splat(scale);
  for (let x: usize = 0; x < <usize>length * 4; x += 16) {
    const gradient = f32x4.mul(v128.load(g + x), times);
    const mean = f32x4.add(f32x4.mul(bm, v128.load(m + x)), f32x4.mul(cm, gradient));
    const square = f32x4.add(f32x4.mul(bv, v128.load(v + x)), f32x4.mul(cv, f32x4.mul(gradient, gradient)));
    v128.store(m + x, mean);
    v128.store(v + x, square);
    const value = v128.load(p + x);
    const step = f32x4.add(f32x4.div(mean, f32x4.add(f32x4.sqrt(square), eps)), f32x4.mul(shrink, value));
    v128.store(p + x, f32x4.sub(value, f32x4.mul(lr, step)));
  }
}

export function adam(
  p: usize, g: usize, m: usize, v: usize, length: i32,
  rate: f32, keepMean: f32, keepSquare: f32, epsilon: f32, decay: f32, scale: f32,
): void {
  adamStep(p, g, m, v, length, rate, keepMean, keepSquare, epsilon, decay, scale);
}

export function adamRows(
  p: usize, g: usize, m: usize, v: usize, index: usize, rows: i32, width: i32,
  rate: f32, keepMean: f32, keepSquare: f32, epsilon: f32, decay: f32, scale: f32,
): void {
  const row = <usize>width * 4;
  for (let i = 0; i < rows; i++) {
    const at = <usize>load<u32>(index + 4 * i) * row;
    adamStep(p + at, g + <usize>i * row, m + at, v + at, width, rate, keepMean, keepSquare, epsilon, decay, scale);
  }
}

export function adagradRows(
  p: usize, g: usize, v: usize, index: usize, rows: i32, width: i32, rate: f32, epsilon: f32, scale: f32,
): void {
  const row = <usize>width * 4;
  const lr = f32x4.splat(rate), eps = f32x4.splat(epsilon), times = f32x4.splat(scale);
  for (let i = 0; i < rows; i++) {
    const at = <usize>load<u32>(index + 4 * i) * row;
    for (let x: usize = 0; x < row; x += 16) {
      const gradient = f32x4.mul(v128.load(g + <usize>i * row + x), times);
      const square = f32x4.add(v128.load(v + at + x), f32x4.mul(gradient, gradient));
      v128.store(v + at + x, square);
      const step = f32x4.div(f32x4.mul(lr, gradient), f32x4.add(f32x4.sqrt(square), eps));
      v128.store(p + at + x, f32x4.sub(v128.load(p + at + x), step));
    }
  }
}
