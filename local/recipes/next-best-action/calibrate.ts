/**
 * Turns a machine's logits into probabilities that come true: P = 1 / (1 + exp(-(a z + b))) with a and b fitted on examples that the
 * machine has not seen (Platt 1999, with his smoothed labels), by Newton's method.
 */
import { sigmoid } from "../factorisation/factorisation-machine.ts";

export interface Calibration {
  readonly slope: number; // a
  readonly shift: number; // b
}

const steps = 30;
const ridge = 1e-3;

/** @param logits and `labels` (0 or 1) of the same examples; too few of one kind leave the logits as they are. */
export function calibrate(logits: ArrayLike<number>, labels: ArrayLike<number>): Calibration {
  const positives = Array.from(labels).reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  if (positives < 10 || negatives < 10) return { slope: 1, shift: 0 };
  const [high, low] = [(positives + 1) / (positives + 2), 1 / (negatives + 2)];
  let [slope, shift] = [1, 0];
  for (let step = 0; step < steps; step++) {
    let [g0, g1, h00, h01, h11] = [ridge * (slope - 1), 0, ridge, 0, ridge];
    for (let n = 0; n < logits.length; n++) {
      const z = logits[n]!;
      const p = sigmoid(slope * z + shift);
      const error = p - (labels[n]! > 0 ? high : low);
      const curve = p * (1 - p);
      g0 += error * z;
      g1 += error;
      h00 += curve * z * z;
      h01 += curve * z;
      h11 += curve;
    }
    const determinant = h00 * h11 - h01 * h01;
    const [bySlope, byShift] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
    slope -= bySlope;
    shift -= byShift;
    if (Math.abs(bySlope) + Math.abs(byShift) < 1e-9) break;
  }
  return slope > 0 ? { slope, shift } : { slope: 1, shift: 0 };
}
