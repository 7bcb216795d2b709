/**
 * Factorisation of implicit feedback by alternating least squares: user vectors x_u and item vectors y_i whose product says how
 * likely u is to interact with i (Hu, Koren and Volinsky 2008; weights and regularisation as in Rendle, Krichene, Zhang
 * and Koren 2022, "Revisiting the performance of iALS on item recommendation benchmarks").
 *
 *   L(X, Y) = Σ_(u,i) w_ui (x_u · y_i - 1)²  +  α Σ_u Σ_i (x_u · y_i)²  +  λ (Σ_u r_u |x_u|² + Σ_i r_i |y_i|²)
 *   r_u     = (Σ_i w_ui + α I)^ν                                                       r_i alike, with U
 *
 * With Y fixed each x_u solves (α YᵀY + Σ_i w_ui y_i y_iᵀ + λ r_u) x = Σ_i w_ui y_i: a few steps of conjugate gradient from where x_u
 * is (Takács, Pilászy and Tikk 2011). No step forms a matrix but the Gramian α YᵀY (K, K), so that a sweep costs
 * O(entries K + (U + I) K²). One thread, a fixed order, and a seed for the start: the same data give the same factors.
 */
import { makeRandom } from "../network/random.ts";
import { transposeWeighted, type WeightedRows } from "./weighted-rows.ts";

export interface AlsOptions {
  readonly width: number; // K
  readonly sweeps: number;
  readonly unobserved: number; // α
  readonly regularisation: number; // λ
  readonly frequencyPower: number; // ν
  readonly seed: number;
  /** Called every few milliseconds with the share done; awaited, so that the caller can yield or throw. */
  readonly pause: (fraction: number) => Promise<void>;
}

/** x_u = users[u K .. (u + 1) K), y_i alike. Rows without an entry are zero. */
export interface Factors {
  readonly width: number;
  readonly users: Float32Array; // (U, K)
  readonly items: Float32Array; // (I, K)
}

const gradientSteps = 3;
const workBetweenPauses = 40_000_000; // multiplications; some tens of milliseconds
const rowsBetweenPauses = 4096; // of what is done to every row at once

export async function factorise(byUser: WeightedRows, itemCount: number, options: AlsOptions): Promise<Factors> {
  const { width, sweeps, seed, pause } = options;
  const byItem = transposeWeighted(byUser, itemCount);
  const random = makeRandom(seed);
  const start = async (rows: number) => {
    const all = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      if (row % rowsBetweenPauses === 0) await pause(0);
      for (let x = row * width; x < (row + 1) * width; x++) all[x] = (0.1 * random.normal()) / width ** 0.5;
    }
    return all;
  };
  const users = await start(byUser.offsets.length - 1);
  const items = await start(itemCount);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const report = (half: number) => (share: number) => pause((sweep + (half + share) / 2) / sweeps);
    await solveRows(byUser, users, items, { ...options, pause: report(0) });
    await solveRows(byItem, items, users, { ...options, pause: report(1) });
  }
  return { width, users, items };
}

/** Solves for every row of X, the rows of `fixed` (Y) being as they are. Rewrites `solved`. */
async function solveRows(
  rows: WeightedRows,
  solved: Float32Array,
  fixed: Float32Array,
  { width, unobserved, regularisation, frequencyPower, pause }: AlsOptions,
): Promise<void> {
  const rowCount = rows.offsets.length - 1;
  const gramian = await gramianOf(fixed, width, unobserved, () => pause(0));
  const solver = createSolver(gramian, fixed, width);
  const spread = unobserved * (fixed.length / width);
  let work = 0;
  for (let row = 0; row < rowCount; row++) {
    const [from, to] = [rows.offsets[row]!, rows.offsets[row + 1]!];
    const x = solved.subarray(row * width, (row + 1) * width);
    if (from === to) {
      x.fill(0);
      continue;
    }
    let total = spread;
    for (let n = from; n < to; n++) total += rows.weights[n]!;
    solver(
      x,
      rows.columns.subarray(from, to),
      rows.weights.subarray(from, to),
      regularisation * total ** frequencyPower,
    );
    work += (gradientSteps + 1) * width * (width + 2 * (to - from));
    if (work > workBetweenPauses) {
      work = 0;
      await pause(row / rowCount);
    }
  }
}

/** α YᵀY, (K, K), in double precision while it is added up. */
export async function gramianOf(
  rows: Float32Array,
  width: number,
  factor: number,
  pause: () => Promise<void> = async () => {},
): Promise<Float32Array> {
  const sum = new Float64Array(width * width);
  for (let at = 0; at < rows.length; at += width) {
    if (at % (rowsBetweenPauses * width) === 0) await pause();
    for (let a = 0; a < width; a++) {
      const value = rows[at + a]!;
      if (value === 0) continue;
      for (let b = a; b < width; b++) sum[a * width + b]! += value * rows[at + b]!;
    }
  }
  const full = new Float32Array(width * width);
  for (let a = 0; a < width; a++) {
    for (let b = a; b < width; b++) full[a * width + b] = full[b * width + a] = factor * sum[a * width + b]!;
  }
  return full;
}

type Solver = (x: Float32Array, columns: Uint32Array, weights: Float32Array, ridge: number) => void;

/** Conjugate gradient on one row's system, from the present x. The scratch vectors are made once. */
function createSolver(gramian: Float32Array, fixed: Float32Array, width: number): Solver {
  const [residual, direction, image] = [new Float32Array(width), new Float32Array(width), new Float32Array(width)];

  /** out = A v, and if `target` is given out = b - A v. */
  function apply(v: Float32Array, out: Float32Array, { columns, weights, ridge, isResidual }: System): void {
    const sign = isResidual ? -1 : 1;
    for (let a = 0; a < width; a++) {
      let sum = ridge * v[a]!;
      const row = a * width;
      for (let b = 0; b < width; b++) sum += gramian[row + b]! * v[b]!;
      out[a] = sign * sum;
    }
    for (let n = 0; n < columns.length; n++) {
      const at = columns[n]! * width;
      let product = 0;
      for (let a = 0; a < width; a++) product += fixed[at + a]! * v[a]!;
      const factor = weights[n]! * (isResidual ? 1 - product : product);
      for (let a = 0; a < width; a++) out[a]! += factor * fixed[at + a]!;
    }
  }

  return (x, columns, weights, ridge) => {
    apply(x, residual, { columns, weights, ridge, isResidual: true });
    direction.set(residual);
    let error = dot(residual, residual);
    for (let step = 0; step < gradientSteps && error > 1e-20; step++) {
      apply(direction, image, { columns, weights, ridge, isResidual: false });
      const length = error / dot(direction, image);
      for (let a = 0; a < width; a++) {
        x[a]! += length * direction[a]!;
        residual[a]! -= length * image[a]!;
      }
      const next = dot(residual, residual);
      for (let a = 0; a < width; a++) direction[a] = residual[a]! + (next / error) * direction[a]!;
      error = next;
    }
  };
}

interface System {
  readonly columns: Uint32Array;
  readonly weights: Float32Array;
  readonly ridge: number;
  readonly isResidual: boolean;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n]! * b[n]!;
  return sum;
}
