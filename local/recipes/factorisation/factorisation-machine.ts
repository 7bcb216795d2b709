/**
 * A factorisation machine (Rendle 2010) for yes or no: how likely, given a handful of features, and how each pair of them together
 * changes it.
 *
 *   z(x) = w0 + Σ_j w_j x_j + Σ_(j < l) (v_j · v_l) x_j x_l        v in R^K
 *        = w0 + Σ_j w_j x_j + ½ Σ_f [(Σ_j v_jf x_j)² - Σ_j v_jf² x_j²]
 *   P    = 1 / (1 + exp(-z))
 *
 * Trained on the cross-entropy by stochastic gradient descent with Adagrad's rates (Duchi, Hazan and Singer 2011) and a ridge
 * on what an example touches.
 */
import type { Random } from "../network/random.ts";

/** The features of one example that are not zero. */
export interface Features {
  readonly index: ArrayLike<number>;
  readonly value: ArrayLike<number>;
}

export interface Machine {
  readonly width: number; // K
  readonly bias: Float32Array; // (1) w0
  readonly linear: Float32Array; // (features) w
  readonly vectors: Float32Array; // (features, K) v
}

export interface MachineOptions {
  readonly rate: number;
  readonly ridge: number;
}

const startSpread = 0.02;

export function makeMachine(featureCount: number, width: number, random: Random): Machine {
  return {
    width,
    bias: new Float32Array(1),
    linear: new Float32Array(featureCount),
    vectors: Float32Array.from({ length: featureCount * width }, () => startSpread * random.normal()),
  };
}

export const copyOf = ({ width, bias, linear, vectors }: Machine): Machine => ({
  width,
  bias: bias.slice(),
  linear: linear.slice(),
  vectors: vectors.slice(),
});

/** z(x); leaves Σ_j v_jf x_j in `sums` (K). */
export function logit(
  { width, bias, linear, vectors }: Machine,
  { index, value }: Features,
  sums: Float64Array,
): number {
  sums.fill(0);
  let z = bias[0]!;
  let squares = 0;
  for (let n = 0; n < index.length; n++) {
    const [j, x] = [index[n]!, value[n]!];
    z += linear[j]! * x;
    for (let f = 0; f < width; f++) {
      const part = vectors[j * width + f]! * x;
      sums[f]! += part;
      squares += part * part;
    }
  }
  let products = 0;
  for (let f = 0; f < width; f++) products += sums[f]! * sums[f]!;
  return z + (products - squares) / 2;
}

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** One step of learning per call; the sums of squared gradients live here. */
export function createTrainer(machine: Machine, { rate, ridge }: MachineOptions) {
  const { width, bias, linear, vectors } = machine;
  const sums = new Float64Array(width);
  const seen = {
    bias: new Float32Array(1).fill(1),
    linear: new Float32Array(linear.length).fill(1),
    vectors: new Float32Array(vectors.length).fill(1),
  };
  const move = (weights: Float32Array, squares: Float32Array, at: number, gradient: number) => {
    squares[at]! += gradient * gradient;
    weights[at]! -= (rate * gradient) / Math.sqrt(squares[at]!);
  };

  /** @returns the loss before the step, in nats */
  return (features: Features, label: number): number => {
    const z = logit(machine, features, sums);
    const error = sigmoid(z) - label;
    move(bias, seen.bias, 0, error);
    const { index, value } = features;
    for (let n = 0; n < index.length; n++) {
      const [j, x] = [index[n]!, value[n]!];
      move(linear, seen.linear, j, error * x + ridge * linear[j]!);
      for (let f = 0; f < width; f++) {
        const at = j * width + f;
        const v = vectors[at]!;
        move(vectors, seen.vectors, at, error * x * (sums[f]! - v * x) + ridge * v);
      }
    }
    return lossOf(z, label);
  };
}

/** -ln P(label), without overflow. */
export function lossOf(z: number, label: number): number {
  const signed = label > 0 ? -z : z;
  return Math.max(0, signed) + Math.log1p(Math.exp(-Math.abs(signed)));
}
