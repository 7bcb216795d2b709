/**
 * Causal multi-head attention of one window, forward and backward, fused: a row of scores, its softmax and the sum of values before the
 * next row. Formulas and shapes: ../attention.ts. Scores are made four positions at a time.
 */
import { exp4, sum4 } from "./vector-math";

const elapsedBuckets: usize = 36;

/** The learnt bias between positions n and m. */
// @ts-ignore: decorator
@inline
function nearness(n: i32, m: i32, time: usize, distance: usize, elapsed: usize): f32 {
  const seconds = load<u32>(time + 4 * n) - load<u32>(time + 4 * m);
  return load<f32>(distance + 4 * (n - m)) + load<f32>(elapsed + 4 * (32 - clz<u32>(seconds)));
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let x: usize = 0; x < bytes; x += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(a + x), v128.load(b + x)));
  return sum4(sum);
}

/** to[m] = a · b_m for m from `first` to `last`, the b_m being `step` bytes apart from b_0 on. */
function dots(a: usize, b: usize, step: usize, bytes: usize, first: i32, last: i32, to: usize): void {
  let m = first;
  for (; m + 3 <= last; m += 4) {
    const b0 = b + <usize>m * step, b1 = b0 + step, b2 = b1 + step, b3 = b2 + step;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let x: usize = 0; x < bytes; x += 16) {
      const value = v128.load(a + x);
      s0 = f32x4.add(s0, f32x4.mul(value, v128.load(b0 + x)));
      s1 = f32x4.add(s1, f32x4.mul(value, v128.load(b1 + x)));
      s2 = f32x4.add(s2, f32x4.mul(value, v128.load(b2 + x)));
      s3 = f32x4.add(s3, f32x4.mul(value, v128.load(b3 + x)));
    }
    const low = f32x4.add(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.shuffle<f32>(s0, s1, 2, 6, 3, 7));
    const high = f32x4.add(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.shuffle<f32>(s2, s3, 2, 6, 3, 7));
    const sums = f32x4.add(v128.shuffle<f32>(low, high, 0, 1, 4, 5), v128.shuffle<f32>(low, high, 2, 3, 6, 7));
    v128.store(to + 4 * <usize>m, sums);
  }
  for (; m <= last; m++) store<f32>(to + 4 * <usize>m, dot(a, b + <usize>m * step, bytes));
}

/** to += Σ_m weight[m] b_m for m from `first` to `last`, times `scale`; eight columns at a time. */
function addWeighted(
  weight: usize, b: usize, step: usize, bytes: usize, first: i32, last: i32, scale: f32, to: usize,
): void {
  const times = f32x4.splat(scale);
  for (let x: usize = 0; x < bytes; x += 32) {
    let s0 = f32x4.splat(0), s1 = s0;
    let from = b + <usize>first * step + x;
    for (let m = first; m <= last; m++) {
      const w = v128.load_splat<f32>(weight + 4 * <usize>m);
      s0 = f32x4.add(s0, f32x4.mul(w, v128.load(from)));
      s1 = f32x4.add(s1, f32x4.mul(w, v128.load(from, 16)));
      from += step;
    }
    v128.store(to + x, f32x4.add(v128.load(to + x), f32x4.mul(times, s0)));
    v128.store(to + x, f32x4.add(v128.load(to + x, 16), f32x4.mul(times, s1)), 16);
  }
}

/** b_m += weight[m] · scale · a for m from `first` to `last`. */
function addOuter(
  weight: usize, a: usize, b: usize, step: usize, bytes: usize, first: i32, last: i32, scale: f32,
): void {
  for (let m = first; m <= last; m++) {
    const w = f32x4.splat(load<f32>(weight + 4 * <usize>m) * scale);
    const to = b + <usize>m * step;
    for (let x: usize = 0; x < bytes; x += 16) {
      v128.store(to + x, f32x4.add(v128.load(to + x), f32x4.mul(w, v128.load(a + x))));
    }
  }
}

/** A row of scores becomes probabilities in place. */
function softmaxRow(row: usize, first: i32, last: i32): void {
  let most: f32 = -f32.MAX_VALUE;
  for (let m = first; m <= last; m++) most = max(most, load<f32>(row + 4 * <usize>m));
  const shift = f32x4.splat(most);
  let sums = f32x4.splat(0);
  let sum: f32 = 0;
  let m = first;
  for (; m + 3 <= last; m += 4) {
    const e = exp4(f32x4.sub(v128.load(row + 4 * <usize>m), shift));
    v128.store(row + 4 * <usize>m, e);
    sums = f32x4.add(sums, e);
  }
  for (; m <= last; m++) {
    const e = f32x4.extract_lane(exp4(f32x4.splat(load<f32>(row + 4 * <usize>m) - most)), 0);
    store<f32>(row + 4 * <usize>m, e);
    sum += e;
  }
  const scale = <f32>1 / (sum + sum4(sums));
  for (m = first; m <= last; m++) store<f32>(row + 4 * <usize>m, load<f32>(row + 4 * <usize>m) * scale);
}

export function attentionForward(
  qkv: usize, from: usize, time: usize, distance: usize, elapsed: usize, p: usize, out: usize,
  steps: i32, used: i32, heads: i32, headWidth: i32,
): void {
  const bytes = <usize>headWidth * 4;
  const wide = bytes * heads;
  const scale = <f32>1 / sqrt<f32>(<f32>headWidth);
  for (let h = 0; h < heads; h++) {
    const head = qkv + <usize>h * bytes;
    const far = distance + 4 * <usize>(h * steps), late = elapsed + 4 * elapsedBuckets * h;
    for (let n = 0; n < used; n++) {
      const first = load<i32>(from + 4 * n);
      const row = p + 4 * <usize>((h * steps + n) * steps);
      dots(head + <usize>n * 3 * wide, head + wide, 3 * wide, bytes, first, n, row);
      for (let m = first; m <= n; m++) {
        const at = row + 4 * <usize>m;
        store<f32>(at, load<f32>(at) * scale + nearness(n, m, time, far, late));
      }
      softmaxRow(row, first, n);
      const to = out + <usize>n * wide + <usize>h * bytes;
      memory.fill(to, 0, bytes);
      addWeighted(row, head + 2 * wide, 3 * wide, bytes, first, n, 1, to);
    }
  }
}

/** `scratch` takes `steps` floats. */
export function attentionBackward(
  gradient: usize, qkv: usize, p: usize, from: usize, time: usize,
  qkvGradient: usize, distanceGradient: usize, elapsedGradient: usize,
  steps: i32, used: i32, heads: i32, headWidth: i32, scratch: usize,
): void {
  const bytes = <usize>headWidth * 4;
  const wide = bytes * heads;
  const scale = <f32>1 / sqrt<f32>(<f32>headWidth);
  memory.fill(qkvGradient, 0, <usize>used * 3 * wide);
  for (let h = 0; h < heads; h++) {
    const head = qkv + <usize>h * bytes, headGradient = qkvGradient + <usize>h * bytes;
    const far = distanceGradient + 4 * <usize>(h * steps), late = elapsedGradient + 4 * elapsedBuckets * h;
    for (let n = 0; n < used; n++) {
      const first = load<i32>(from + 4 * n);
      const row = p + 4 * <usize>((h * steps + n) * steps);
      const g = gradient + <usize>n * wide + <usize>h * bytes;
      dots(g, head + 2 * wide, 3 * wide, bytes, first, n, scratch);
      let mean: f32 = 0;
      for (let m = first; m <= n; m++) mean += load<f32>(row + 4 * <usize>m) * load<f32>(scratch + 4 * <usize>m);
      for (let m = first; m <= n; m++) {
        const at = scratch + 4 * <usize>m;
        const ds = load<f32>(row + 4 * <usize>m) * (load<f32>(at) - mean);
        store<f32>(at, ds);
        const near = far + 4 * (n - m);
        store<f32>(near, load<f32>(near) + ds);
        const ago = late + 4 * (32 - clz<u32>(load<u32>(time + 4 * n) - load<u32>(time + 4 * m)));
        store<f32>(ago, load<f32>(ago) + ds);
      }
      addOuter(row, g, headGradient + 2 * wide, 3 * wide, bytes, first, n, 1);
      addWeighted(scratch, head + wide, 3 * wide, bytes, first, n, scale, headGradient + <usize>n * 3 * wide);
      addOuter(scratch, head + <usize>n * 3 * wide, headGradient + wide, 3 * wide, bytes, first, n, scale);
    }
  }
}
