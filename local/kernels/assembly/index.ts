/** Everything that kernels.wasm exports. The TypeScript side, with types and shapes, is ../kernels.ts. */
export { packRight, multiplyPacked, multiplyRow } from "./matrix";
export { gruForward, gruBackward, tanhForward, tanhBackward } from "./gru";
export { dropout } from "./dropout";
export { softmaxCrossEntropy } from "./softmax";
export { adam, adamRows, adagradRows } from "./optimizer";
export { gatherRows, scatterAddRows, addInto, sumColumns } from "./rows";
export { topK } from "./top-k";
export { attentionForward, attentionBackward } from "./attention";
export { layerNormForward, layerNormBackward } from "./layer-norm";
export { geluForward, geluBackward } from "./gelu";
export { rowAdagrad } from "./row-adagrad";
export { multiplyAdds } from "./peak";
export { shiftAndScale, logSumExp } from "./score";
