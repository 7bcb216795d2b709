/**
 * Causal multi-head attention (Vaswani et al. 2017) within one window of S events, with a learnt bias for how many events and how much time
 * lie between two of them (as in Li et al. 2020 and Zhai et al. 2024): the slow twins of assembly/attention.ts. For each head, over
 * the positions m from `from[n]` to n:
 *
 *   s_m = q_n · k_m / √d + distance[n - m] + elapsed[bucket(time_n - time_m)]      p = softmax(s)      out_n = Σ_m p_m v_m
 *
 * bucket(t) is the number of binary digits of t: 0 for 0 s, 1 for 1 s, 2 for 2 or 3 s ... 32.
 *
 * Shapes, row-major, A heads of width d (a multiple of eight), H = A d: qkv (S, 3H) as q | k | v, each head after head; out (S, H); p (A,
 * S, S), of which m in [from[n], n] is used; distance (A, S); elapsed (A, 36); from and time (S).
 */

export const elapsedBuckets = 36; // 33 are in use; a multiple of four

const bucketOf = (seconds: number) => 32 - Math.clz32(seconds);

export interface AttentionShape {
  readonly steps: number; // S
  readonly used: number; // positions that are there, at most S; the others are left alone
  readonly heads: number; // A
  readonly headWidth: number; // d
}

/** Who attends to whom, and what the parameters say of it. */
export interface AttentionWindow {
  readonly from: Uint32Array;
  readonly time: Uint32Array;
  readonly distance: Float32Array;
  readonly elapsed: Float32Array;
}

const dot = (a: Float32Array, from: number, b: Float32Array, to: number, length: number) => {
  let sum = 0;
  for (let x = 0; x < length; x++) sum += a[from + x]! * b[to + x]!;
  return sum;
};

const eachPair = (w: AttentionWindow, { used, heads }: AttentionShape, visit: (h: number, n: number) => void) => {
  for (let h = 0; h < heads; h++) for (let n = 0; n < used; n++) visit(h, n);
};

/** Writes p and out. */
export function attentionForward(
  qkv: Float32Array,
  w: AttentionWindow,
  p: Float32Array,
  out: Float32Array,
  shape: AttentionShape,
): void {
  const { steps: S, heads: A, headWidth: d } = shape;
  const H = A * d;
  eachPair(w, shape, (h, n) => {
    const row = p.subarray((h * S + n) * S, (h * S + n + 1) * S);
    const first = w.from[n]!;
    let most = -Infinity;
    for (let m = first; m <= n; m++) {
      const near = w.distance[h * S + n - m]! + w.elapsed[h * elapsedBuckets + bucketOf(w.time[n]! - w.time[m]!)]!;
      row[m] = dot(qkv, n * 3 * H + h * d, qkv, m * 3 * H + H + h * d, d) / Math.sqrt(d) + near;
      most = Math.max(most, row[m]!);
    }
    let sum = 0;
    for (let m = first; m <= n; m++) sum += row[m] = Math.exp(row[m]! - most);
    for (let m = first; m <= n; m++) row[m]! /= sum;
    for (let x = 0; x < d; x++) {
      let value = 0;
      for (let m = first; m <= n; m++) value += row[m]! * qkv[m * 3 * H + 2 * H + h * d + x]!;
      out[n * H + h * d + x] = value;
    }
  });
}

/**
 * From g = ∂L/∂out to the gradients of q, k, v and of the two biases, per head and position:
 *
 *   dp_m = g_n · v_m      ds_m = p_m (dp_m - Σ_j p_j dp_j)      dq_n += Σ_m ds_m k_m / √d      dk_m += ds_m q_n / √d
 *   dv_m += p_m g_n       d distance[n - m] += ds_m             d elapsed[bucket] += ds_m
 *
 * Writes qkvGradient (S, 3H); adds to distanceGradient and elapsedGradient.
 */
export function attentionBackward(
  gradient: Float32Array,
  qkv: Float32Array,
  p: Float32Array,
  w: AttentionWindow,
  to: { readonly qkv: Float32Array; readonly distance: Float32Array; readonly elapsed: Float32Array },
  shape: AttentionShape,
): void {
  const { steps: S, heads: A, headWidth: d } = shape;
  const H = A * d;
  to.qkv.fill(0, 0, shape.used * 3 * H);
  eachPair(w, shape, (h, n) => {
    const [q, g] = [n * 3 * H + h * d, n * H + h * d];
    const at = (m: number) => p[(h * S + n) * S + m]!;
    const dp = (m: number) => dot(gradient, g, qkv, m * 3 * H + 2 * H + h * d, d);
    let mean = 0;
    for (let m = w.from[n]!; m <= n; m++) mean += at(m) * dp(m);
    for (let m = w.from[n]!; m <= n; m++) {
      const ds = at(m) * (dp(m) - mean);
      const [k, v] = [m * 3 * H + H + h * d, m * 3 * H + 2 * H + h * d];
      for (let x = 0; x < d; x++) {
        to.qkv[q + x]! += (ds * qkv[k + x]!) / Math.sqrt(d);
        to.qkv[k + x]! += (ds * qkv[q + x]!) / Math.sqrt(d);
        to.qkv[v + x]! += at(m) * gradient[g + x]!;
      }
      to.distance[h * S + n - m]! += ds;
      to.elapsed[h * elapsedBuckets + bucketOf(w.time[n]! - w.time[m]!)]! += ds;
    }
  });
}
