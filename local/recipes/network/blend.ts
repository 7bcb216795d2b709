/**
 * From the network's logits to final scores: what is learnt about items beyond the sequence, in a log-linear model with a few
 * weights, fitted on users whom the network has not seen.
 *
 *   score(i) = w_0 · logit(i) + Σ_k w_k · φ_k(i)
 *
 * φ (zero for an item that the history does not reach, see signals.ts). In a shop the weights of the seen-item features come out
 * positive, on films that nobody rates twice strongly negative: it is learnt, not a mask. The fit is multinomial logistic
 * regression, convex, by Newton's method with a small ridge.
 */

/** Signals of some items, the others having none: item `items[n]` has `values[n · K .. (n + 1) · K)`. */
export interface Signals {
  readonly items: Uint32Array;
  readonly values: Float64Array;
}

/** One choice to learn from: what the network said of every item, the signals, and which item came next. */
export interface Choice {
  readonly logits: Float32Array;
  readonly signals: Signals;
  readonly chosen: number;
}

/** Turns `scores`, holding logits, into blended scores in place. */
export function blend(scores: Float32Array, weights: ArrayLike<number>, signals: Signals): void {
  for (let i = 0; i < scores.length; i++) scores[i]! *= weights[0]!;
  addSignals(scores, weights, signals);
}

/** The second half of it: adds Σ_k w_k · φ_k to scores that hold w_0 · logit. */
export function addSignals(scores: Float32Array, weights: ArrayLike<number>, { items, values }: Signals): void {
  const K = weights.length - 1;
  for (let n = 0; n < items.length; n++) {
    let sum = 0;
    for (let k = 0; k < K; k++) sum += weights[k + 1]! * values[n * K + k]!;
    scores[items[n]!]! += sum;
  }
}

const newtonSteps = 8;
const ridge = 0.5; // of the summed log-likelihood: half an event's worth against large weights
const longestStep = 4;

/**
 * Weights that make the choices likeliest; from w_0 = 1 and no signals.
 *
 * @param K number of signals
 * @param pause awaited before each of the few steps, so that the caller can yield or throw
 */
export async function fitBlend(
  choices: readonly Choice[],
  K: number,
  pause: () => Promise<void> = async () => {},
): Promise<Float64Array> {
  const { weights, climb } = startFit(choices, K);
  for (let step = 0; step < newtonSteps; step++) {
    await pause();
    if (climb()) break;
  }
  return weights;
}

/** The same in one go. */
export function fitBlendNow(choices: readonly Choice[], K: number): Float64Array {
  const { weights, climb } = startFit(choices, K);
  for (let step = 0; step < newtonSteps && !climb(); step++);
  return weights;
}

/** `climb` takes one of Newton's steps and says whether it was the last that is worth it. */
function startFit(choices: readonly Choice[], K: number): { weights: Float64Array; climb: () => boolean } {
  const weights = new Float64Array(K + 1);
  weights[0] = 1;
  const start = weights.slice();
  const climb = () => {
    if (choices.length === 0) return true;
    const { gradient, hessian } = derivatives(choices, weights);
    for (let a = 0; a <= K; a++) {
      gradient[a]! -= ridge * (weights[a]! - start[a]!);
      hessian[a * (K + 1) + a]! += ridge;
    }
    const change = solve(hessian, gradient);
    const size = Math.max(...change.map(Math.abs));
    const shorten = size > longestStep ? longestStep / size : 1;
    for (let a = 0; a <= K; a++) weights[a]! += shorten * change[a]!;
    return size < 1e-4;
  };
  return { weights, climb };
}

/** Gradient and negative Hessian of Σ ln p(chosen): per choice φ(chosen) - E φ and Cov φ under the softmax. */
function derivatives(choices: readonly Choice[], weights: Float64Array) {
  const D = weights.length;
  const gradient = new Float64Array(D);
  const hessian = new Float64Array(D * D);
  const scores = new Float32Array(choices[0]!.logits.length);
  const mean = new Float64Array(D);
  const second = new Float64Array(D * D);
  for (const { logits, signals, chosen } of choices) {
    scores.set(logits);
    blend(scores, weights, signals);
    let max = -Infinity;
    for (const score of scores) if (score > max) max = score;
    mean.fill(0);
    second.fill(0);
    let sum = 0;
    for (let i = 0; i < scores.length; i++) {
      const p = Math.exp(scores[i]! - max);
      scores[i] = p;
      sum += p;
      mean[0]! += p * logits[i]!;
      second[0]! += p * logits[i]! * logits[i]!;
    }
    addSignalMoments(scores, logits, signals, mean, second);
    gradient[0]! += logits[chosen]! - mean[0]! / sum;
    const place = signals.items.indexOf(chosen);
    for (let a = 1; a < D; a++) {
      gradient[a]! += (place < 0 ? 0 : signals.values[place * (D - 1) + a - 1]!) - mean[a]! / sum;
    }
    for (let a = 0; a < D; a++) {
      for (let b = 0; b < D; b++) hessian[a * D + b]! += second[a * D + b]! / sum - (mean[a]! * mean[b]!) / (sum * sum);
    }
  }
  return { gradient, hessian };
}

function addSignalMoments(
  p: Float32Array,
  logits: Float32Array,
  { items, values }: Signals,
  mean: Float64Array,
  second: Float64Array,
) {
  const D = mean.length;
  const K = D - 1;
  for (let n = 0; n < items.length; n++) {
    const weight = p[items[n]!]!;
    for (let a = 1; a < D; a++) {
      const x = values[n * K + a - 1]!;
      mean[a]! += weight * x;
      const cross = weight * x * logits[items[n]!]!;
      second[a]! += cross;
      second[a * D]! += cross;
      for (let b = 1; b < D; b++) second[a * D + b]! += weight * x * values[n * K + b - 1]!;
    }
  }
}

/** Solves A x = b for a symmetric positive definite A, row-major, by Cholesky; rewrites both. */
function solve(A: Float64Array, b: Float64Array): Float64Array {
  const D = b.length;
  for (let i = 0; i < D; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = A[i * D + j]!;
      for (let k = 0; k < j; k++) sum -= A[i * D + k]! * A[j * D + k]!;
      A[i * D + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / A[j * D + j]!;
    }
  }
  for (let i = 0; i < D; i++) {
    for (let k = 0; k < i; k++) b[i]! -= A[i * D + k]! * b[k]!;
    b[i]! /= A[i * D + i]!;
  }
  for (let i = D - 1; i >= 0; i--) {
    for (let k = i + 1; k < D; k++) b[i]! -= A[k * D + i]! * b[k]!;
    b[i]! /= A[i * D + i]!;
  }
  return b;
}
