/** Adam (Kingma and Ba 2015) and Adagrad (Duchi et al. 2011): the slow twins of assembly/optimizer.ts. */

/** `rate` and `epsilon` come with the bias correction already in them: see `adamOptions`. */
export interface AdamOptions {
  readonly rate: number;
  readonly keepMean: number; // β1
  readonly keepSquare: number; // β2
  readonly epsilon: number;
  readonly decay: number; // decoupled weight decay (Loshchilov and Hutter 2019)
  readonly scale: number; // what gradients are multiplied by first, e.g. 1 / events
}

/**
 * The t-th step's options (t from 1). The corrections 1 - β1^t and 1 - β2^t move into rate and epsilon:
 *
 *   rate · (m / (1 - β1^t)) / (√(v / (1 - β2^t)) + ε)  =  rate' · m / (√v + ε')
 *   rate' = rate · √(1 - β2^t) / (1 - β1^t)      ε' = ε · √(1 - β2^t)
 */
export function adamOptions(t: number, plain: AdamOptions): AdamOptions {
  const correction = Math.sqrt(1 - plain.keepSquare ** t);
  const rate = (plain.rate * correction) / (1 - plain.keepMean ** t);
  // the decay must stay rate · decay in spite of the rescaled rate
  return { ...plain, rate, epsilon: plain.epsilon * correction, decay: (plain.decay * plain.rate) / rate };
}

/**
 *   m ← β1 m + (1 - β1) g      v ← β2 v + (1 - β2) g²      p ← p - rate (m / (√v + ε) + decay p)      g = scale · gradient
 *
 * @param p,g,m,v shape (length); rewrites p, m, v
 */
export function adam(
  p: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  length: number,
  o: AdamOptions,
): void {
  for (let x = 0; x < length; x++) {
    const gradient = g[x]! * o.scale;
    m[x] = o.keepMean * m[x]! + (1 - o.keepMean) * gradient;
    v[x] = o.keepSquare * v[x]! + (1 - o.keepSquare) * gradient * gradient;
    p[x] = p[x]! - o.rate * (m[x]! / (Math.sqrt(v[x]!) + o.epsilon) + o.decay * p[x]!);
  }
}

/** Adam on rows index[i] of p, m, v with gradient row i of g; the other rows rest (as in TensorFlow's LazyAdam). */
export function adamRows(
  p: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  index: Uint32Array,
  rows: number,
  width: number,
  options: AdamOptions,
): void {
  for (let i = 0; i < rows; i++) {
    const row = (array: Float32Array, at: number) => array.subarray(at * width, (at + 1) * width);
    adam(row(p, index[i]!), row(g, i), row(m, index[i]!), row(v, index[i]!), width, options);
  }
}

/** v ← v + g²,  p ← p - rate g / (√v + ε) on rows index[i], with g = scale · gradient row i. Rewrites p and v. */
export function adagradRows(
  p: Float32Array,
  g: Float32Array,
  v: Float32Array,
  index: Uint32Array,
  rows: number,
  width: number,
  rate: number,
  epsilon: number,
  scale: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let x = 0; x < width; x++) {
      const at = index[i]! * width + x;
      const gradient = g[i * width + x]! * scale;
      v[at] = v[at]! + gradient * gradient;
      p[at] = p[at]! - (rate * gradient) / (Math.sqrt(v[at]) + epsilon);
    }
  }
}
