/** The same interface as the WebAssembly kernels, in plain TypeScript: the reference that they are tested against. */
import { attentionBackward, attentionForward } from "./attention.ts";
import { dropout } from "./dropout.ts";
import { geluBackward, geluForward } from "./gelu.ts";
import { gruBackward, gruForward, tanhBackward, tanhForward } from "./gru.ts";
import type { Kernels } from "./kernels.ts";
import { layerNormBackward, layerNormForward } from "./layer-norm.ts";
import { multiplyPacked, multiplyRow, packRight } from "./matrix.ts";
import { adagradRows, adam, adamRows } from "./optimizer.ts";
import { rowAdagrad } from "./row-adagrad.ts";
import { addInto, gatherRows, scatterAddRows, sumColumns } from "./rows.ts";
import { logSumExp, shiftAndScale } from "./score.ts";
import { softmaxCrossEntropy } from "./softmax.ts";
import { topK } from "./top-k.ts";

export const slowKernels: Kernels = {
  ...{ packRight, multiplyPacked, multiplyRow },
  ...{ gruForward, gruBackward, tanhForward, tanhBackward },
  ...{ softmaxCrossEntropy, dropout },
  ...{ adam, adamRows, adagradRows },
  ...{
    attentionForward,
    attentionBackward,
    layerNormForward,
    layerNormBackward,
    geluForward,
    geluBackward,
    rowAdagrad,
  },
  ...{ shiftAndScale, logSumExp },
  ...{ gatherRows, scatterAddRows, addInto, sumColumns, topK },
};
