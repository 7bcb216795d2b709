/**
 * One thread's share of a training step of the recurrent network: forward and backward over its lanes' window, into its own
 * gradients. What a step computes, for each lane and step s (σ, tanh, gates: kernels/gru.ts):
 *
 *   x_s = Σ_f E[row_f(event s)]                       h_s = GRU(x_s, h_{s-1}), h = 0 where a history begins
 *   logit(c) = h_s · E[c] + offset(c)                 loss = -ln softmax(logit)[next item], Σ over the positions
 *
 * The item embeddings E serve at both ends (Press and Wolf 2017). Candidates c are the whole catalogue, or a sample whose
 * offset holds -ln of the chance of being sampled (Bengio and Senécal 2008).
 */
import type { Kernels, Strided } from "../../kernels/kernels.ts";
import { blockRows, type Memory, type Sizes } from "./layout.ts";

/** Numbers that change from batch to batch, at these places of the shared `facts`. */
export const fact = {
  ...{ candidates: 0, touched: 1, step: 2, inputDropout: 3, outputDropout: 4 },
  ...{ rate: 5, keepMean: 6, keepSquare: 7, epsilon: 8, decay: 9, scale: 10 },
} as const;

const rowMajor = (data: Float32Array, columns: number): Strided => ({ data, row: columns, column: 1 });
const transposed = (data: Float32Array, columns: number): Strided => ({ data, row: 1, column: columns });

/** The parts of the dense parameter vector (or of its gradient). */
export function denseParts(dense: Float32Array, width: number) {
  const square = 3 * width * width;
  return {
    input: dense.subarray(0, square), // W (H, 3H)
    recurrent: dense.subarray(square, 2 * square), // U (H, 3H)
    inputBias: dense.subarray(2 * square, 2 * square + 3 * width),
    recurrentBias: dense.subarray(2 * square + 3 * width, 2 * square + 6 * width),
  };
}

/** Binds thread p's arrays once; the returned function runs its share of a step and returns the summed loss in nats. */
export function bindStep(kernels: Kernels, memory: Memory, sizes: Sizes, p: number): () => number {
  const arrays = threadArrays(memory, p, sizes);
  return () => {
    packWeights(kernels, arrays, sizes);
    forward(kernels, arrays, sizes);
    const loss = predictNext(kernels, arrays, sizes);
    backward(kernels, arrays, sizes);
    return loss;
  };
}

type Arrays = ReturnType<typeof threadArrays>;

function threadArrays(memory: Memory, p: number, { width, threads }: Sizes) {
  const f = (name: string) => memory.f32(name, p);
  const u = (name: string) => memory.u32(name, p);
  const facts = memory.f32("facts");
  return {
    /** A different one for every step, thread and place of dropout. */
    seed: (place: number) => (facts[fact.step]! * threads + p) * 2 + place,
    facts,
    ...{ table: memory.f32("table"), weights: denseParts(memory.f32("dense"), width) },
    ...{ candidate: memory.u32("candidate"), candidateOffset: memory.f32("candidateOffset") },
    ...{ inputRow: u("inputRow"), inputTouched: u("inputTouched"), target: u("target"), weight: f("weight") },
    ...{ fresh: u("fresh"), valid: u("valid"), validTarget: u("validTarget"), validWeight: f("validWeight") },
    ...{ input: f("input"), feature: f("feature"), inputGates: f("inputGates"), recurrentGates: f("recurrentGates") },
    ...{ gates: f("gates"), before: f("before"), state: f("state"), carried: f("carried"), lane: f("lane") },
    ...{ output: f("output"), outputGradient: f("outputGradient"), stateGradient: f("stateGradient") },
    ...{ inputGatesGradient: f("inputGatesGradient"), recurrentGatesGradient: f("recurrentGatesGradient") },
    ...{ candidates: f("candidates"), logits: f("logits"), scratch: f("scratch") },
    ...{ tableGradient: f("tableGradient"), gradients: denseParts(f("denseGradient"), width) },
    ...{ packedInput: f("packedInput"), packedRecurrent: f("packedRecurrent") },
    ...{ packedInputBack: f("packedInputBack"), packedRecurrentBack: f("packedRecurrentBack") },
    ...{ packedCandidates: f("packedCandidates"), packedCandidatesBack: f("packedCandidatesBack") },
    ...{ packedPositions: f("packedPositions"), packedBlock: f("packedBlock") },
  };
}

function drop(k: Kernels, values: Float32Array, length: number, rate: number, seed: number): void {
  if (rate > 0) k.dropout(values, length, rate, seed);
}

function packWeights(k: Kernels, a: Arrays, { width: H, items }: Sizes): void {
  k.packRight(rowMajor(a.weights.input, 3 * H), H, 3 * H, a.packedInput);
  k.packRight(rowMajor(a.weights.recurrent, 3 * H), H, 3 * H, a.packedRecurrent);
  k.packRight(transposed(a.weights.input, 3 * H), 3 * H, H, a.packedInputBack);
  k.packRight(transposed(a.weights.recurrent, 3 * H), 3 * H, H, a.packedRecurrentBack);
  const C = a.facts[fact.candidates]!;
  const whole = C === items;
  if (!whole) k.gatherRows(a.table, a.candidate, a.candidates, C, H);
  const embeddings = whole ? a.table : a.candidates;
  k.packRight(transposed(embeddings, H), H, C, a.packedCandidates);
  k.packRight(rowMajor(embeddings, H), C, H, a.packedCandidatesBack);
}

function forward(k: Kernels, a: Arrays, { width: H, lanes: B, steps: S, features }: Sizes): void {
  const positions = B * S;
  k.gatherRows(a.table, a.inputRow, a.input, positions, H);
  for (let f = 1; f < features; f++) {
    k.gatherRows(a.table, a.inputRow.subarray(f * positions), a.feature, positions, H);
    k.addInto(a.input, a.feature, positions * H);
  }
  drop(k, a.input, positions * H, a.facts[fact.inputDropout]!, a.seed(0));
  for (let n = 0; n < positions; n++) a.inputGates.set(a.weights.inputBias, n * 3 * H);
  k.multiplyPacked(rowMajor(a.input, H), a.packedInput, a.inputGates, 3 * H, positions, H, 3 * H, true, a.scratch);
  for (let s = 0; s < S; s++) {
    const at = s * B * H;
    a.before.set(s === 0 ? a.carried : a.state.subarray(at - B * H, at), at);
    for (let b = 0; b < B; b++) if (a.fresh[s * B + b]) a.before.fill(0, at + b * H, at + (b + 1) * H);
    for (let b = 0; b < B; b++) a.recurrentGates.set(a.weights.recurrentBias, b * 3 * H);
    const before = a.before.subarray(at);
    k.multiplyPacked(rowMajor(before, H), a.packedRecurrent, a.recurrentGates, 3 * H, B, H, 3 * H, true, a.scratch);
    k.gruForward(
      a.inputGates.subarray(3 * at),
      a.recurrentGates,
      before,
      a.gates.subarray(4 * at),
      a.state.subarray(at),
      B,
      H,
    );
  }
  a.carried.set(a.state.subarray((S - 1) * B * H, S * B * H));
}

/** Cross-entropy of the next items, block by block; leaves its gradients in stateGradient and tableGradient. */
function predictNext(k: Kernels, a: Arrays, { width: H, lanes: B, steps: S }: Sizes): number {
  const C = a.facts[fact.candidates]!;
  const valid = compactTargets(a, B * S);
  a.stateGradient.fill(0);
  if (valid === 0) return 0;
  k.gatherRows(a.state, a.valid, a.output, valid, H);
  drop(k, a.output, valid * H, a.facts[fact.outputDropout]!, a.seed(1));
  let loss = 0;
  for (let from = 0; from < valid; from += blockRows) {
    const rows = Math.min(blockRows, valid - from);
    const output = a.output.subarray(from * H);
    k.multiplyPacked(rowMajor(output, H), a.packedCandidates, a.logits, C, rows, H, C, false, a.scratch);
    const target = a.validTarget.subarray(from);
    loss += k.softmaxCrossEntropy(a.logits, C, a.candidateOffset, target, a.validWeight.subarray(from), rows, C);
    const gradient = a.outputGradient.subarray(from * H);
    k.multiplyPacked(rowMajor(a.logits, C), a.packedCandidatesBack, gradient, H, rows, C, H, false, a.scratch);
    k.packRight(rowMajor(output, H), rows, H, a.packedBlock);
    k.multiplyPacked(transposed(a.logits, C), a.packedBlock, a.tableGradient, H, C, rows, H, true, a.scratch);
  }
  drop(k, a.outputGradient, valid * H, a.facts[fact.outputDropout]!, a.seed(1));
  k.scatterAddRows(a.stateGradient, a.valid, a.outputGradient, valid, H);
  return loss;
}

/** Lists the positions that have something to predict, so that the softmax skips the others. */
function compactTargets(a: Arrays, positions: number): number {
  let valid = 0;
  for (let n = 0; n < positions; n++) {
    if (a.weight[n] === 0) continue;
    a.valid[valid] = n;
    a.validTarget[valid] = a.target[n]!;
    a.validWeight[valid++] = a.weight[n]!;
  }
  return valid;
}

/** Back through time; the gradient stops where a history begins and at the window's start (truncated BPTT). */
function backward(k: Kernels, a: Arrays, sizes: Sizes): void {
  const { width: H, lanes: B, steps: S } = sizes;
  const arriving = a.lane.subarray(0, B * H);
  const leaving = a.lane.subarray(B * H);
  leaving.fill(0);
  for (let s = S - 1; s >= 0; s--) {
    const at = s * B * H;
    arriving.set(a.stateGradient.subarray(at, at + B * H));
    k.addInto(arriving, leaving, B * H);
    const recurrent = a.recurrentGatesGradient.subarray(3 * at);
    const input = a.inputGatesGradient.subarray(3 * at);
    k.gruBackward(arriving, a.before.subarray(at), a.gates.subarray(4 * at), input, recurrent, leaving, B, H);
    k.multiplyPacked(rowMajor(recurrent, 3 * H), a.packedRecurrentBack, leaving, H, B, 3 * H, H, true, a.scratch);
    for (let b = 0; b < B; b++) if (a.fresh[s * B + b]) leaving.fill(0, b * H, (b + 1) * H);
  }
  weightGradients(k, a, a.before, a.recurrentGatesGradient, a.gradients.recurrent, a.gradients.recurrentBias, sizes);
  weightGradients(k, a, a.input, a.inputGatesGradient, a.gradients.input, a.gradients.inputBias, sizes);
  embeddingGradients(k, a, sizes);
}

/** ∂L/∂weights += inputᵀ · ∂L/∂gates over all positions, ∂L/∂bias += its column sums. */
function weightGradients(
  k: Kernels,
  a: Arrays,
  input: Float32Array,
  gates: Float32Array,
  weights: Float32Array,
  bias: Float32Array,
  { width: H, lanes: B, steps: S }: Sizes,
): void {
  const packed = a.packedPositions;
  k.packRight(rowMajor(gates, 3 * H), B * S, 3 * H, packed);
  k.multiplyPacked(transposed(input, H), packed, weights, 3 * H, H, B * S, 3 * H, true, a.scratch);
  k.sumColumns(gates, bias, B * S, 3 * H);
}

/** ∂L/∂x = ∂L/∂gates · Wᵀ goes to each of the rows whose sum x is. */
function embeddingGradients(k: Kernels, a: Arrays, { width: H, lanes: B, steps: S, features }: Sizes): void {
  const positions = B * S;
  const gradient = a.feature;
  const gates = rowMajor(a.inputGatesGradient, 3 * H);
  k.multiplyPacked(gates, a.packedInputBack, gradient, H, positions, 3 * H, H, false, a.scratch);
  drop(k, gradient, positions * H, a.facts[fact.inputDropout]!, a.seed(0));
  for (let f = 0; f < features; f++) {
    k.scatterAddRows(a.tableGradient, a.inputTouched.subarray(f * positions), gradient, positions, H);
  }
}
