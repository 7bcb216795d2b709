/** From logits to scores and their normaliser: the slow twins of assembly/score.ts. */

/** values[i] ← scale · (values[i] + shift[i]), for i < length. Rewrites values. */
export function shiftAndScale(values: Float32Array, shift: Float32Array, scale: number, length: number): void {
  for (let i = 0; i < length; i++) values[i] = scale * (values[i]! + shift[i]!);
}

/** ln Σ exp(values[i]) over i < length; -Infinity of none. */
export function logSumExp(values: Float32Array, length: number): number {
  let most = -Infinity;
  for (let i = 0; i < length; i++) most = Math.max(most, values[i]!);
  if (most === -Infinity) return -Infinity;
  let sum = 0;
  for (let i = 0; i < length; i++) sum += Math.exp(values[i]! - most);
  return most + Math.log(sum);
}
