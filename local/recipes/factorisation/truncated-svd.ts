/**
 * The largest singular values and vectors of a sparse matrix, A ≈ U S Vᵀ, by subspace iteration from a random start (Halko,
 * Martinsson and Tropp 2011):
 *
 *   Q = orth(A Ω);  twice: Q = orth(A orth(Aᵀ Q));  B = Qᵀ A;  B Bᵀ = W S² Wᵀ;  U = Q W,  V = Bᵀ W S⁻¹
 *
 * Dense matrices are row-major with rows of `width`.
 */
import { makeRandom } from "../network/random.ts";
import type { WeightedRows } from "./weighted-rows.ts";

export interface SvdOptions {
  readonly width: number; // how many singular values
  readonly seed: number;
  /** Called every tenth of a second or so with the share done; awaited, so that the caller can yield or throw. */
  readonly pause: (fraction: number) => Promise<void>;
}

export interface Svd {
  readonly width: number;
  readonly left: Float32Array; // (rows, width) U
  readonly values: Float64Array; // (width) S, largest first
  readonly right: Float32Array; // (columns, width) V
}

const powerSteps = 2;

/** @param turned the transpose of `matrix` */
export async function truncatedSvd(matrix: WeightedRows, turned: WeightedRows, options: SvdOptions): Promise<Svd> {
  const [rows, columns] = [matrix.offsets.length - 1, turned.offsets.length - 1];
  const width = Math.max(1, Math.min(options.width, rows, columns));
  const random = makeRandom(options.seed);
  const passes = 2 * powerSteps + 2;
  let pass = 0;
  const calmly = () => options.pause(pass / passes);
  const times = async (sparse: WeightedRows, dense: Float32Array) => {
    const product = await multiplySparse(sparse, dense, width, calmly);
    pass++;
    return product;
  };
  let basis = await times(
    matrix,
    Float32Array.from({ length: columns * width }, () => random.normal()),
  );
  await orthonormalise(basis, width, calmly);
  for (let step = 0; step < powerSteps; step++) {
    const other = await times(turned, basis);
    await orthonormalise(other, width, calmly);
    basis = await times(matrix, other);
    await orthonormalise(basis, width, calmly);
  }
  const projected = await times(turned, basis); // Bᵀ (columns, width)
  const { values, vectors } = symmetricEigen(gramian(projected, width), width);
  const singular = values.map((value) => Math.sqrt(Math.max(0, value)));
  const right = multiplyDense(projected, vectors, width);
  for (let n = 0; n < right.length; n++) right[n]! /= Math.max(1e-12, singular[n % width]!);
  return { width, left: multiplyDense(basis, vectors, width), values: singular, right };
}

type Pause = () => Promise<void>;

/** Multiplications and additions between two pauses. */
const workBetweenPauses = 50_000_000;

/** sparse · dense, (rows, width). */
async function multiplySparse(
  { offsets, columns, weights }: WeightedRows,
  dense: Float32Array,
  width: number,
  pause: Pause,
): Promise<Float32Array> {
  const out = new Float32Array((offsets.length - 1) * width);
  let next = 0; // entries that are multiplied without another pause
  for (let row = 0; row + 1 < offsets.length; row++) {
    const to = row * width;
    if (offsets[row]! >= next) {
      await pause();
      next = offsets[row]! + workBetweenPauses / width;
    }
    for (let n = offsets[row]!; n < offsets[row + 1]!; n++) {
      const [from, weight] = [columns[n]! * width, weights[n]!];
      for (let a = 0; a < width; a++) out[to + a]! += weight * dense[from + a]!;
    }
  }
  return out;
}

/** Makes the columns orthonormal by Gram and Schmidt, each twice; a column that is nothing but the others becomes zero. */
async function orthonormalise(matrix: Float32Array, width: number, pause: Pause): Promise<void> {
  const rows = matrix.length / width;
  const turned = Array.from({ length: width }, (_, a) =>
    Float64Array.from({ length: rows }, (_, r) => matrix[r * width + a]!),
  );
  let work = 0;
  for (const [a, column] of turned.entries()) {
    takeAway(column, turned.slice(0, a));
    work += 4 * a * rows;
    if (work >= workBetweenPauses) {
      await pause();
      work = 0;
    }
  }
  turned.forEach((column, a) => column.forEach((value, r) => (matrix[r * width + a] = value)));
}

/** What is left of the column beside those before it, of length one. */
function takeAway(column: Float64Array, others: readonly Float64Array[]): void {
  const [before, rows] = [norm(column), column.length];
  for (let again = 0; again < 2; again++) {
    for (const other of others) {
      let product = 0;
      for (let r = 0; r < rows; r++) product += column[r]! * other[r]!;
      for (let r = 0; r < rows; r++) column[r]! -= product * other[r]!;
    }
  }
  const length = norm(column);
  const scale = length > 1e-6 * before && length > 0 ? 1 / length : 0;
  for (let r = 0; r < rows; r++) column[r]! *= scale;
}

function norm(values: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n]! * values[n]!;
  return Math.sqrt(sum);
}

/** matrixᵀ matrix, (width, width). */
function gramian(matrix: Float32Array, width: number): Float64Array {
  const sum = new Float64Array(width * width);
  for (let at = 0; at < matrix.length; at += width) {
    for (let a = 0; a < width; a++) {
      for (let b = 0; b < width; b++) sum[a * width + b]! += matrix[at + a]! * matrix[at + b]!;
    }
  }
  return sum;
}

/** matrix · square, both with rows of `width`. */
function multiplyDense(matrix: Float32Array, square: Float64Array, width: number): Float32Array {
  const out = new Float32Array(matrix.length);
  for (let at = 0; at < matrix.length; at += width) {
    for (let a = 0; a < width; a++) {
      const value = matrix[at + a]!;
      for (let b = 0; b < width; b++) out[at + b]! += value * square[a * width + b]!;
    }
  }
  return out;
}

const sweeps = 30;

/** Jacobi's rotations. Values largest first; column n of `vectors` belongs to value n. Rewrites `matrix`. */
export function symmetricEigen(matrix: Float64Array, width: number): { values: Float64Array; vectors: Float64Array } {
  const vectors = new Float64Array(width * width);
  for (let a = 0; a < width; a++) vectors[a * width + a] = 1;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let [off, on] = [0, 0];
    for (let a = 0; a < width; a++) {
      on += matrix[a * width + a]! ** 2;
      for (let b = a + 1; b < width; b++) off += matrix[a * width + b]! ** 2;
    }
    if (off <= 1e-22 * on) break;
    for (let p = 0; p < width; p++) for (let q = p + 1; q < width; q++) rotate(matrix, vectors, width, p, q);
  }
  const order = Array.from({ length: width }, (_, a) => a).sort(
    (a, b) => matrix[b * width + b]! - matrix[a * width + a]!,
  );
  const sorted = new Float64Array(width * width);
  order.forEach((from, to) => {
    for (let a = 0; a < width; a++) sorted[a * width + to] = vectors[a * width + from]!;
  });
  return { values: Float64Array.from(order, (a) => matrix[a * width + a]!), vectors: sorted };
}

/** The rotation that makes element (p, q) zero. */
function rotate(matrix: Float64Array, vectors: Float64Array, width: number, p: number, q: number): void {
  const element = matrix[p * width + q]!;
  if (element === 0) return;
  const theta = (matrix[q * width + q]! - matrix[p * width + p]!) / (2 * element);
  const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  const turn = (values: Float64Array, at: number, to: number) => {
    const [x, y] = [values[at]!, values[to]!];
    values[at] = cosine * x - sine * y;
    values[to] = sine * x + cosine * y;
  };
  for (let a = 0; a < width; a++) turn(matrix, a * width + p, a * width + q);
  for (let a = 0; a < width; a++) turn(matrix, p * width + a, q * width + a);
  for (let a = 0; a < width; a++) turn(vectors, a * width + p, a * width + q);
}
