/**
 * The WebAssembly kernels with types: typed arrays in, typed arrays out, nothing imported from the project. Every array passed
 * must lie in the memory that the kernels were loaded on; allocate it with `arrayIn`. The memory is shared, so that
 * several threads, each with its own instance, can work on the same arrays.
 *
 * The formulas and shapes are in the slow twins, one file each: matrix.ts, gru.ts, softmax.ts, dropout.ts, optimizer.ts,
 * rows.ts, top-k.ts. `Kernels` is the same interface for both.
 */
import type { AdamOptions } from "./optimizer.ts";
import { transformerKernels, type TransformerKernels } from "./transformer-kernels.ts";

/** A matrix seen through strides, in floats: element (i, j) is data[i * row + j * column]. A transpose swaps the two. */
export interface Strided {
  readonly data: Float32Array;
  readonly row: number;
  readonly column: number;
}

export interface Kernels extends TransformerKernels {
  packRight(b: Strided, depth: number, columns: number, packed: Float32Array): void;
  multiplyPacked(
    a: Strided,
    packed: Float32Array,
    c: Float32Array,
    cRow: number,
    rows: number,
    depth: number,
    columns: number,
    accumulate: boolean,
    scratch: Float32Array,
  ): void;
  multiplyRow(
    x: Float32Array,
    packed: Float32Array,
    y: Float32Array,
    depth: number,
    columns: number,
    accumulate: boolean,
  ): void;
  gruForward(
    input: Float32Array,
    recurrent: Float32Array,
    before: Float32Array,
    gates: Float32Array,
    after: Float32Array,
    rows: number,
    width: number,
  ): void;
  gruBackward(
    gradient: Float32Array,
    before: Float32Array,
    gates: Float32Array,
    inputGradient: Float32Array,
    recurrentGradient: Float32Array,
    beforeGradient: Float32Array,
    rows: number,
    width: number,
  ): void;
  tanhForward(values: Float32Array, length: number): void;
  tanhBackward(gradient: Float32Array, values: Float32Array, length: number): void;
  softmaxCrossEntropy(
    logits: Float32Array,
    stride: number,
    offset: Float32Array,
    target: Uint32Array,
    weight: Float32Array,
    rows: number,
    columns: number,
  ): number;
  dropout(values: Float32Array, length: number, rate: number, seed: number): void;
  adam(p: Float32Array, g: Float32Array, m: Float32Array, v: Float32Array, length: number, options: AdamOptions): void;
  adamRows(
    p: Float32Array,
    g: Float32Array,
    m: Float32Array,
    v: Float32Array,
    index: Uint32Array,
    rows: number,
    width: number,
    options: AdamOptions,
  ): void;
  adagradRows(
    p: Float32Array,
    g: Float32Array,
    v: Float32Array,
    index: Uint32Array,
    rows: number,
    width: number,
    rate: number,
    epsilon: number,
    scale: number,
  ): void;
  gatherRows(table: Float32Array, index: Uint32Array, out: Float32Array, rows: number, width: number): void;
  scatterAddRows(table: Float32Array, index: Uint32Array, source: Float32Array, rows: number, width: number): void;
  addInto(to: Float32Array, from: Float32Array, length: number): void;
  sumColumns(matrix: Float32Array, out: Float32Array, rows: number, columns: number): void;
  topK(
    scores: Float32Array,
    rank: Uint32Array,
    allowed: Uint8Array | undefined,
    n: number,
    k: number,
    best: Uint32Array,
  ): number;
}

type Raw = Record<string, (...numbers: number[]) => number>;

const pageBytes = 65_536;

/** A shared memory of at least `bytes`, for arrays that several threads see. It does not grow. */
export function makeMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.max(1, Math.ceil(bytes / pageBytes));
  if (pages > 65_536) throw new RangeError(`${bytes} bytes are more than the 4 GiB that WebAssembly can address`);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** A module of one function, which multiplies and adds in one relaxed operation; not valid where the runtime has no relaxed SIMD. */
const relaxedProbe = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic, version
  ...[1, 5, 1, 0x60, 0, 1, 0x7b], // type 0: () -> v128
  ...[3, 2, 1, 0], // function 0 of type 0
  ...[0x0a, 0x13, 1, 0x11, 0], // its code: no locals
  ...[0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f], // i32.const 0, i8x16.splat, three times
  ...[0xfd, 0x85, 2, 0x0b], // f32x4.relaxed_madd, end
);

/**
 * The build for this runtime: with fused multiply-adds where it can (Node 22 and later; Node 20 with
 * --experimental-wasm-relaxed-simd). The two differ in the last bits of their results.
 */
export const kernelsName = (validate: (bytes: Uint8Array) => boolean = WebAssembly.validate): string =>
  validate(relaxedProbe) ? "kernels-relaxed.wasm" : "kernels.wasm";

/** Instantiates the compiled kernels on a memory. Cheap: a module is compiled once and shared between threads. */
export function loadKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const raw = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Raw; // see assembly/index.ts
  return {
    ...matrixKernels(raw),
    ...networkKernels(raw),
    ...optimizerKernels(raw),
    ...rowKernels(raw),
    ...transformerKernels(raw),
  };
}

const at = (array: { readonly byteOffset: number }) => array.byteOffset;

const matrixKernels = (raw: Raw): Pick<Kernels, "packRight" | "multiplyPacked" | "multiplyRow"> => ({
  packRight: (b, depth, columns, packed) => {
    raw.packRight!(at(b.data), b.row, b.column, depth, columns, at(packed));
  },
  multiplyPacked: (a, packed, c, cRow, rows, depth, columns, accumulate, scratch) => {
    const size = [rows, depth, columns, Number(accumulate), at(scratch)];
    raw.multiplyPacked!(at(a.data), a.row, a.column, at(packed), at(c), cRow, ...size);
  },
  multiplyRow: (x, packed, y, depth, columns, accumulate) => {
    raw.multiplyRow!(at(x), at(packed), at(y), depth, columns, Number(accumulate));
  },
});

type NetworkKernels = Pick<
  Kernels,
  "gruForward" | "gruBackward" | "tanhForward" | "tanhBackward" | "softmaxCrossEntropy" | "dropout"
>;

const networkKernels = (raw: Raw): NetworkKernels => ({
  gruForward: (input, recurrent, before, gates, after, rows, width) => {
    raw.gruForward!(at(input), at(recurrent), at(before), at(gates), at(after), rows, width);
  },
  gruBackward: (gradient, before, gates, inputGradient, recurrentGradient, beforeGradient, rows, width) => {
    const out = [at(inputGradient), at(recurrentGradient), at(beforeGradient)];
    raw.gruBackward!(at(gradient), at(before), at(gates), ...out, rows, width);
  },
  tanhForward: (values, length) => {
    raw.tanhForward!(at(values), length);
  },
  tanhBackward: (gradient, values, length) => {
    raw.tanhBackward!(at(gradient), at(values), length);
  },
  softmaxCrossEntropy: (logits, stride, offset, target, weight, rows, columns) =>
    raw.softmaxCrossEntropy!(at(logits), stride, at(offset), at(target), at(weight), rows, columns),
  dropout: (values, length, rate, seed) => {
    raw.dropout!(at(values), length, rate, seed);
  },
});

const optimizerKernels = (raw: Raw): Pick<Kernels, "adam" | "adamRows" | "adagradRows"> => ({
  adam: (p, g, m, v, length, o) => {
    const options = [o.rate, o.keepMean, o.keepSquare, o.epsilon, o.decay, o.scale];
    raw.adam!(at(p), at(g), at(m), at(v), length, ...options);
  },
  adamRows: (p, g, m, v, index, rows, width, o) => {
    const options = [o.rate, o.keepMean, o.keepSquare, o.epsilon, o.decay, o.scale];
    raw.adamRows!(at(p), at(g), at(m), at(v), at(index), rows, width, ...options);
  },
  adagradRows: (p, g, v, index, rows, width, rate, epsilon, scale) => {
    raw.adagradRows!(at(p), at(g), at(v), at(index), rows, width, rate, epsilon, scale);
  },
});

const rowKernels = (raw: Raw): Pick<Kernels, "gatherRows" | "scatterAddRows" | "addInto" | "sumColumns" | "topK"> => ({
  gatherRows: (table, index, out, rows, width) => {
    raw.gatherRows!(at(table), at(index), at(out), rows, width);
  },
  scatterAddRows: (table, index, source, rows, width) => {
    raw.scatterAddRows!(at(table), at(index), at(source), rows, width);
  },
  addInto: (to, from, length) => {
    raw.addInto!(at(to), at(from), length);
  },
  sumColumns: (matrix, out, rows, columns) => {
    raw.sumColumns!(at(matrix), at(out), rows, columns);
  },
  topK: (scores, rank, allowed, n, k, best) =>
    raw.topK!(at(scores), at(rank), allowed ? at(allowed) : 0, n, k, at(best)),
});
