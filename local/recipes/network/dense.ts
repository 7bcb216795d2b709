/**
 * The network's parameters outside the embedding table, in one vector (and their gradients in another of the same shape):
 *
 *   session GRU   W (H, 3H), U (H, 3H), input bias (3H), recurrent bias (3H)
 *   user GRU      the same
 *   opening       W (H, H), bias (H): from the user's state to the first state of a session
 */

/** Where a recurrent unit's parameters lie. */
export interface Unit {
  readonly input: Float32Array; // W
  readonly recurrent: Float32Array; // U
  readonly inputBias: Float32Array;
  readonly recurrentBias: Float32Array;
}

export interface Dense {
  readonly session: Unit;
  readonly user: Unit;
  readonly opening: Float32Array;
  readonly openingBias: Float32Array;
}

const unitLength = (width: number) => 6 * width * width + 6 * width;

export const denseLength = (width: number): number => 2 * unitLength(width) + width * width + width;

function unitOf(part: Float32Array, width: number): Unit {
  const square = 3 * width * width;
  return {
    input: part.subarray(0, square),
    recurrent: part.subarray(square, 2 * square),
    inputBias: part.subarray(2 * square, 2 * square + 3 * width),
    recurrentBias: part.subarray(2 * square + 3 * width, 2 * square + 6 * width),
  };
}

export function denseParts(dense: Float32Array, width: number): Dense {
  const unit = unitLength(width);
  return {
    session: unitOf(dense, width),
    user: unitOf(dense.subarray(unit), width),
    opening: dense.subarray(2 * unit, 2 * unit + width * width),
    openingBias: dense.subarray(2 * unit + width * width, denseLength(width)),
  };
}
