/** A linear layer on packed matrices, forward and backward: y = x W + b. Packs W once a step, for both directions. */
import type { Kernels } from "../../kernels/kernels.ts";
import { rowMajor, transposed } from "./next-item.ts";
import { packedColumns } from "./training-memory.ts";

export interface LinearPart {
  readonly weights: Float32Array; // (I, O)
  readonly bias: Float32Array; // (O)
}

export interface LinearOptions {
  readonly inputs: number; // I
  readonly outputs: number; // O
  readonly part: LinearPart;
  /** Room for W packed for the way forward, `packedLength` floats of it. */
  readonly packed: Float32Array;
  readonly scratch: Float32Array;
}

/** What going backward needs besides. */
export interface LinearGradients {
  readonly part: LinearPart;
  readonly packed: Float32Array; // for Wᵀ, `packedLength(O, I)` floats
  readonly packedRows: Float32Array; // for ∂L/∂y, `packedLength(rows, O)` floats
}

export const packedLength = (depth: number, columns: number): number => depth * packedColumns(columns);

export interface Linear {
  pack(): void;
  /** Writes the first `rows` rows of y. */
  forward(x: Float32Array, y: Float32Array, rows: number): void;
}

export interface TrainableLinear extends Linear {
  /** Adds to the gradients of W and b; writes ∂L/∂x. */
  backward(x: Float32Array, yGradient: Float32Array, xGradient: Float32Array, rows: number): void;
}

export function makeLinear(k: Kernels, { inputs: I, outputs: O, part, packed, scratch }: LinearOptions): Linear {
  return {
    pack: () => k.packRight(rowMajor(part.weights, O), I, O, packed),
    forward: (x, y, rows) => {
      for (let n = 0; n < rows; n++) y.set(part.bias, n * O);
      k.multiplyPacked(rowMajor(x, I), packed, y, O, rows, I, O, true, scratch);
    },
  };
}

export function makeTrainable(k: Kernels, options: LinearOptions, gradients: LinearGradients): TrainableLinear {
  const { inputs: I, outputs: O, part, scratch } = options;
  const plain = makeLinear(k, options);
  return {
    forward: plain.forward,
    pack: () => {
      plain.pack();
      k.packRight(transposed(part.weights, O), O, I, gradients.packed);
    },
    backward: (x, yGradient, xGradient, rows) => {
      k.packRight(rowMajor(yGradient, O), rows, O, gradients.packedRows);
      k.multiplyPacked(transposed(x, I), gradients.packedRows, gradients.part.weights, O, I, rows, O, true, scratch);
      k.sumColumns(yGradient, gradients.part.bias, rows, O);
      k.multiplyPacked(rowMajor(yGradient, O), gradients.packed, xGradient, I, rows, O, I, false, scratch);
    },
  };
}
