/**
 * From the network's logits to final scores: what is learnt about items beyond the sequence, in a log-linear model with a few
 * weights, fitted on users whom the network has not seen.
 *
 *   score(i) = Σ_m v_m · logit_m(i) + Σ_k w_k · φ_k(i)          w_0 = Σ_m v_m
 *
 * m over the networks, which are one or two (a logarithmic opinion pool, Genest and Zidek 1986, with learnt weights).
 * φ (zero for an item that the history does not reach, see signals.ts). In a shop the weights of the seen-item features come out
 * positive, on films that nobody rates twice strongly negative: it is learnt, not a mask. The fit is multinomial logistic
 * regression, convex, by Newton's method with a small ridge.
 */

/** Signals of some items, the others having none: item `items[n]` has `values[n · K .. (n + 1) · K)`. */
export interface Signals {
  readonly items: Uint32Array;
  readonly values: Float64Array;
}

/** One choice to learn from: what the networks said of every item, the signals, and which item came next. */
export interface Choice {
  /** (M) of each network that has a say. */
  readonly logits: readonly Float32Array[];
  readonly signals: Signals;
  readonly chosen: number;
}

/** Scores from the networks' logits, all weights being in one vector: the networks', then the signals'. */
export function blend(scores: Float32Array, weights: Float64Array, { logits, signals }: Choice): void {
  const M = logits.length;
  for (let i = 0; i < scores.length; i++) {
    let sum = 0;
    for (let m = 0; m < M; m++) sum += weights[m]! * logits[m]![i]!;
    scores[i] = sum;
  }
  addSignals(scores, weights.subarray(M - 1), signals);
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

/** What the fit says: how much each network counts, and the weights of their weighted mean and of the signals. */
export interface Fitted {
  /** (M) Σ = 1 */
  readonly shares: Float64Array;
  /** (1 + K) */
  readonly weights: Float64Array;
}

/**
 * Weights that make the choices likeliest; from even shares, w_0 = 1 and no signals.
 *
 * @param size numbers of networks and of signals
 * @param pause awaited before each of the few steps, so that the caller can yield or throw
 */
export async function fitBlend(
  choices: readonly Choice[],
  size: { readonly networks: number; readonly signals: number },
  pause: () => Promise<void> = async () => {},
): Promise<Fitted> {
  const { climb, fitted } = startFit(choices, size.networks, size.signals);
  for (let step = 0; step < newtonSteps; step++) {
    await pause();
    if (climb()) break;
  }
  return fitted();
}

/** The same in one go. */
export function fitBlendNow(choices: readonly Choice[], size: Parameters<typeof fitBlend>[1]): Fitted {
  const { climb, fitted } = startFit(choices, size.networks, size.signals);
  for (let step = 0; step < newtonSteps && !climb(); step++);
  return fitted();
}

interface Fit {
  /** Takes one of Newton's steps and says whether it was the last that is worth it. */
  readonly climb: () => boolean;
  readonly fitted: () => Fitted;
}

function startFit(choices: readonly Choice[], M: number, K: number): Fit {
  const D = M + K;
  const weights = new Float64Array(D).fill(1 / M, 0, M);
  const start = weights.slice();
  const climb = () => {
    if (choices.length === 0) return true;
    const { gradient, hessian } = derivatives(choices, weights, M);
    for (let a = 0; a < D; a++) {
      gradient[a]! -= ridge * (weights[a]! - start[a]!);
      hessian[a * D + a]! += ridge;
    }
    const change = solve(hessian, gradient);
    const size = Math.max(...change.map(Math.abs));
    const shorten = size > longestStep ? longestStep / size : 1;
    for (let a = 0; a < D; a++) weights[a]! += shorten * change[a]!;
    return size < 1e-4;
  };
  return { climb, fitted: () => fittedOf(weights, M) };
}

/** Of several networks one whose weight is below zero has no say. */
function fittedOf(weights: Float64Array, M: number): Fitted {
  if (M === 1) return { shares: Float64Array.of(1), weights };
  const says = weights.slice(0, M).map((weight) => Math.max(0, weight));
  const all = says.reduce((sum, weight) => sum + weight, 0);
  const shares = says.map((weight) => (all > 0 ? weight / all : 1 / M));
  return { shares, weights: Float64Array.of(all, ...weights.subarray(M)) };
}

/** Gradient and negative Hessian of Σ ln p(chosen): per choice φ(chosen) - E φ and Cov φ under the softmax. */
function derivatives(choices: readonly Choice[], weights: Float64Array, M: number) {
  const D = weights.length;
  const gradient = new Float64Array(D);
  const hessian = new Float64Array(D * D);
  const p = new Float32Array(choices[0]!.logits[0]!.length);
  const mean = new Float64Array(D);
  const second = new Float64Array(D * D);
  for (const choice of choices) {
    const { logits, signals, chosen } = choice;
    blend(p, weights, choice);
    mean.fill(0);
    second.fill(0);
    const sum = exponentials(p);
    addLogitMoments(p, logits, mean, second);
    addSignalMoments(p, choice, mean, second);
    const place = signals.items.indexOf(chosen);
    for (let a = 0; a < D; a++) {
      const signal = () => (place < 0 ? 0 : signals.values[place * (D - M) + a - M]!);
      gradient[a]! += (a < M ? logits[a]![chosen]! : signal()) - mean[a]! / sum;
    }
    for (let a = 0; a < D; a++) {
      for (let b = 0; b < D; b++) hessian[a * D + b]! += second[a * D + b]! / sum - (mean[a]! * mean[b]!) / (sum * sum);
    }
  }
  return { gradient, hessian };
}

/** Turns scores into their exponentials over that of the greatest, in place. @returns their sum */
function exponentials(scores: Float32Array): number {
  let max = -Infinity;
  for (const score of scores) if (score > max) max = score;
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += scores[i] = Math.exp(scores[i]! - max);
  return sum;
}

function addLogitMoments(p: Float32Array, logits: Choice["logits"], mean: Float64Array, second: Float64Array): void {
  const D = mean.length;
  for (const [a, first] of logits.entries()) {
    let expected = 0;
    for (let i = 0; i < p.length; i++) expected += p[i]! * first[i]!;
    mean[a] = expected;
    for (const [b, other] of logits.slice(0, a + 1).entries()) {
      let sum = 0;
      for (let i = 0; i < p.length; i++) sum += p[i]! * first[i]! * other[i]!;
      second[a * D + b] = second[b * D + a] = sum;
    }
  }
}

function addSignalMoments(
  p: Float32Array,
  { logits, signals: { items, values } }: Pick<Choice, "logits" | "signals">,
  mean: Float64Array,
  second: Float64Array,
): void {
  const [D, M] = [mean.length, logits.length];
  const K = D - M;
  for (let n = 0; n < items.length; n++) {
    const weight = p[items[n]!]!;
    for (let a = M; a < D; a++) {
      const x = values[n * K + a - M]!;
      mean[a]! += weight * x;
      for (let m = 0; m < M; m++) {
        const cross = weight * x * logits[m]![items[n]!]!;
        second[a * D + m]! += cross;
        second[m * D + a]! += cross;
      }
      for (let b = M; b < D; b++) second[a * D + b]! += weight * x * values[n * K + b - M]!;
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
