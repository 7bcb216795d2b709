/**
 * Softmax cross-entropy, over a whole catalogue or over sampled candidates: the slow twin of assembly/softmax.ts.
 *
 *   s_j = logit_j + offset_j      loss = w · (ln Σ_j e^{s_j} - s_target)      ∂loss/∂logit_j = w · (softmax(s)_j - [j = target])
 *
 * For a sampled softmax the offset of candidate j holds -ln of its chance of being sampled; for a whole one, a prior or zeros.
 *
 * @param logits (rows, stride), of which the first `columns` of each row are used; the gradient replaces them
 * @param offset (columns)
 * @param target (rows) column of the right answer
 * @param weight (rows) w
 * @returns the summed loss, in nats
 */
export function softmaxCrossEntropy(
  logits: Float32Array,
  stride: number,
  offset: Float32Array,
  target: Uint32Array,
  weight: Float32Array,
  rows: number,
  columns: number,
): number {
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    const row = logits.subarray(i * stride, i * stride + columns);
    for (let j = 0; j < columns; j++) row[j]! += offset[j]!;
    const most = row.reduce((max, s) => Math.max(max, s), -Infinity);
    const sum = row.reduce((total, s) => total + Math.exp(s - most), 0);
    loss += weight[i]! * (Math.log(sum) + most - row[target[i]!]!);
    for (let j = 0; j < columns; j++) {
      row[j] = weight[i]! * (Math.exp(row[j]! - most) / sum - (j === target[i] ? 1 : 0));
    }
  }
  return loss;
}
