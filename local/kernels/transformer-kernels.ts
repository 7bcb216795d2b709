/** The kernels of the transformer and of scoring with types, as kernels.ts has the others. Formulas and shapes: attention.ts, layer-norm.ts, gelu.ts, score.ts. */
import type { AttentionShape, AttentionWindow } from "./attention.ts";

export interface TransformerKernels {
  attentionForward(
    qkv: Float32Array,
    window: AttentionWindow,
    p: Float32Array,
    out: Float32Array,
    shape: AttentionShape,
  ): void;
  /** @param scratch (S) */
  attentionBackward(
    gradient: Float32Array,
    qkv: Float32Array,
    p: Float32Array,
    window: AttentionWindow,
    to: { readonly qkv: Float32Array; readonly distance: Float32Array; readonly elapsed: Float32Array },
    shape: AttentionShape,
    scratch: Float32Array,
  ): void;
  layerNormForward(
    x: Float32Array,
    gain: Float32Array,
    bias: Float32Array,
    y: Float32Array,
    normal: Float32Array,
    scale: Float32Array,
    rows: number,
    width: number,
  ): void;
  layerNormBackward(
    gradient: Float32Array,
    gain: Float32Array,
    normal: Float32Array,
    scale: Float32Array,
    xGradient: Float32Array,
    gainGradient: Float32Array,
    biasGradient: Float32Array,
    rows: number,
    width: number,
  ): void;
  geluForward(x: Float32Array, y: Float32Array, length: number): void;
  geluBackward(x: Float32Array, gradient: Float32Array, length: number): void;
  rowAdagrad(
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
  shiftAndScale(values: Float32Array, shift: Float32Array, scale: number, length: number): void;
  logSumExp(values: Float32Array, length: number): number;
}

type Raw = Record<string, (...numbers: number[]) => number>;

const at = (array: { readonly byteOffset: number }) => array.byteOffset;

export const transformerKernels = (raw: Raw): TransformerKernels => ({
  attentionForward: (qkv, w, p, out, { steps, used, heads, headWidth }) => {
    const window = [at(w.from), at(w.time), at(w.distance), at(w.elapsed)];
    raw.attentionForward!(at(qkv), ...window, at(p), at(out), steps, used, heads, headWidth);
  },
  attentionBackward: (gradient, qkv, p, { from, time }, to, { steps, used, heads, headWidth }, scratch) => {
    const shape = [steps, used, heads, headWidth, at(scratch)];
    const out = [at(to.qkv), at(to.distance), at(to.elapsed)];
    raw.attentionBackward!(at(gradient), at(qkv), at(p), at(from), at(time), ...out, ...shape);
  },
  layerNormForward: (x, gain, bias, y, normal, scale, rows, width) => {
    raw.layerNormForward!(at(x), at(gain), at(bias), at(y), at(normal), at(scale), rows, width);
  },
  layerNormBackward: (gradient, gain, normal, scale, xGradient, gainGradient, biasGradient, rows, width) => {
    const out = [at(xGradient), at(gainGradient), at(biasGradient)];
    raw.layerNormBackward!(at(gradient), at(gain), at(normal), at(scale), ...out, rows, width);
  },
  geluForward: (x, y, length) => {
    raw.geluForward!(at(x), at(y), length);
  },
  geluBackward: (x, gradient, length) => {
    raw.geluBackward!(at(x), at(gradient), length);
  },
  rowAdagrad: (p, g, v, index, rows, width, rate, epsilon, scale) => {
    raw.rowAdagrad!(at(p), at(g), at(v), at(index), rows, width, rate, epsilon, scale);
  },
  shiftAndScale: (values, shift, scale, length) => {
    raw.shiftAndScale!(at(values), at(shift), scale, length);
  },
  logSumExp: (values, length) => raw.logSumExp!(at(values), length),
});
