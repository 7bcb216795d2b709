/** What every member of a crew needs for its share of an update: which slice, and this batch's options of Adam. */
import type { AdamOptions } from "../../kernels/optimizer.ts";
import { fact } from "./training-memory.ts";

/** Part p of P of 0 .. length. */
export const slice = (length: number, p: number, P: number): [number, number] => [
  Math.floor((length * p) / P),
  Math.floor((length * (p + 1)) / P),
];

export const adamOf = (facts: Float32Array): AdamOptions => ({
  rate: facts[fact.rate]!,
  keepMean: facts[fact.keepMean]!,
  keepSquare: facts[fact.keepSquare]!,
  epsilon: facts[fact.epsilon]!,
  decay: facts[fact.decay]!,
  scale: facts[fact.scale]!,
});
